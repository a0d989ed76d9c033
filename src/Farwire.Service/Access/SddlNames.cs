using System.Collections.Frozen;

namespace Farwire.Service.Access;

/// <summary>The two-letter words of descriptors.</summary>
/// <remarks>MS-DTYP, "Security Descriptor Description Language", "sid-token" and "ace-right"; the last group as Windows' own tools write them.</remarks>
internal static class SddlNames
{
    public static FrozenDictionary<string, string> WellKnown { get; } = new Dictionary<string, string>
    {
        ["AC"] = "S-1-15-2-1",
        ["AN"] = "S-1-5-7",
        ["AO"] = "S-1-5-32-548",
        ["AU"] = "S-1-5-11",
        ["BA"] = "S-1-5-32-544",
        ["BG"] = "S-1-5-32-546",
        ["BO"] = "S-1-5-32-551",
        ["BU"] = "S-1-5-32-545",
        ["CD"] = "S-1-5-32-574",
        ["CG"] = "S-1-3-1",
        ["CO"] = "S-1-3-0",
        ["CY"] = "S-1-5-32-569",
        ["ED"] = "S-1-5-9",
        ["ER"] = "S-1-5-32-573",
        ["HI"] = "S-1-16-12288",
        ["IS"] = "S-1-5-32-568",
        ["IU"] = "S-1-5-4",
        ["LS"] = "S-1-5-19",
        ["LU"] = "S-1-5-32-559",
        ["LW"] = "S-1-16-4096",
        ["ME"] = "S-1-16-8192",
        ["MU"] = "S-1-5-32-558",
        ["NO"] = "S-1-5-32-556",
        ["NS"] = "S-1-5-20",
        ["NU"] = "S-1-5-2",
        ["OW"] = "S-1-3-4",
        ["PO"] = "S-1-5-32-550",
        ["PS"] = "S-1-5-10",
        ["PU"] = "S-1-5-32-547",
        ["RC"] = "S-1-5-12",
        ["RD"] = "S-1-5-32-555",
        ["RE"] = "S-1-5-32-552",
        ["RM"] = "S-1-5-32-580",
        ["RU"] = "S-1-5-32-554",
        ["SI"] = "S-1-16-16384",
        ["SO"] = "S-1-5-32-549",
        ["SU"] = "S-1-5-6",
        ["SY"] = "S-1-5-18",
        ["WD"] = "S-1-1-0",
        ["WR"] = "S-1-5-33",
    }.ToFrozenDictionary();

    /// <summary>Those that need a domain's identifier before their number.</summary>
    public static FrozenDictionary<string, uint> DomainRelative { get; } = new Dictionary<string, uint>
    {
        ["CA"] = 517,
        ["CN"] = 522,
        ["DA"] = 512,
        ["DC"] = 515,
        ["DD"] = 516,
        ["DG"] = 514,
        ["DU"] = 513,
        ["EA"] = 519,
        ["LA"] = 500,
        ["LG"] = 501,
        ["PA"] = 520,
        ["RO"] = 498,
        ["RS"] = 553,
        ["SA"] = 518,
    }.ToFrozenDictionary();

    public static FrozenDictionary<string, uint> Rights { get; } = new Dictionary<string, uint>
    {
        ["GA"] = AccessMask.GenericAll,
        ["GX"] = AccessMask.GenericExecute,
        ["GW"] = AccessMask.GenericWrite,
        ["GR"] = AccessMask.GenericRead,
        ["SD"] = AccessMask.Delete,
        ["RC"] = AccessMask.ReadControl,
        ["WD"] = AccessMask.WriteDacl,
        ["WO"] = AccessMask.WriteOwner,
        ["CC"] = 0x0001,
        ["DC"] = 0x0002,
        ["LC"] = 0x0004,
        ["SW"] = 0x0008,
        ["RP"] = 0x0010,
        ["WP"] = 0x0020,
        ["DT"] = 0x0040,
        ["LO"] = 0x0080,
        ["CR"] = 0x0100,
        ["FA"] = 0x001F_01FF,
        ["FX"] = 0x0012_00A0,
        ["FW"] = 0x0012_0116,
        ["FR"] = 0x0012_0089,
        ["KA"] = 0x000F_003F,
        ["KX"] = 0x0002_0019,
        ["KW"] = 0x0002_0006,
        ["KR"] = 0x0002_0019,
    }.ToFrozenDictionary();

    public static FrozenDictionary<string, AccessControlEntryFlags> Flags { get; } = new Dictionary<string, AccessControlEntryFlags>
    {
        ["OI"] = AccessControlEntryFlags.ObjectInherit,
        ["CI"] = AccessControlEntryFlags.ContainerInherit,
        ["NP"] = AccessControlEntryFlags.NoPropagate,
        ["IO"] = AccessControlEntryFlags.InheritOnly,
        ["ID"] = AccessControlEntryFlags.Inherited,
        ["SA"] = AccessControlEntryFlags.AuditSuccess,
        ["FA"] = AccessControlEntryFlags.AuditFailure,
    }.ToFrozenDictionary();
}
