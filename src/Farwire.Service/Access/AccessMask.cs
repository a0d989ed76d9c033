namespace Farwire.Service.Access;

/// <summary>The bits of an access mask that have a name here.</summary>
/// <remarks>MS-DTYP, "ACCESS_MASK".</remarks>
public static class AccessMask
{
    /// <summary>GA.</summary>
    public const uint GenericAll = 0x1000_0000;

    /// <summary>GX: run methods and shells.</summary>
    public const uint GenericExecute = 0x2000_0000;

    /// <summary>GW: put, create, delete.</summary>
    public const uint GenericWrite = 0x4000_0000;

    /// <summary>GR: get, enumerate, subscribe.</summary>
    public const uint GenericRead = 0x8000_0000;

    /// <summary>Reads the descriptor itself (RC).</summary>
    public const uint ReadControl = 0x0002_0000;

    /// <summary>Changes the descriptor (WD).</summary>
    public const uint WriteDacl = 0x0004_0000;

    internal const uint Delete = 0x0001_0000;
    internal const uint WriteOwner = 0x0008_0000;
}

/// <summary>What the four generic rights mean for one kind of object.</summary>
/// <param name="Read">The bits behind GR.</param>
/// <param name="Write">The bits behind GW.</param>
/// <param name="Execute">The bits behind GX.</param>
/// <param name="All">The bits behind GA.</param>
/// <remarks>MS-DTYP, "ACCESS_MASK": generic bits are replaced before rights are compared.</remarks>
public sealed record GenericMapping(uint Read, uint Write, uint Execute, uint All)
{
    /// <summary>For resources of this protocol, whose rights are the generic ones themselves.</summary>
    public static GenericMapping Resources { get; } = new(
        AccessMask.GenericRead,
        AccessMask.GenericWrite,
        AccessMask.GenericExecute,
        AccessMask.GenericRead | AccessMask.GenericWrite | AccessMask.GenericExecute);

    /// <summary><paramref name="mask"/> with every generic bit replaced by what it stands for.</summary>
    public uint Expand(uint mask)
    {
        const uint generic = AccessMask.GenericAll | AccessMask.GenericExecute | AccessMask.GenericWrite | AccessMask.GenericRead;
        var expanded = mask & ~generic;
        expanded |= (mask & AccessMask.GenericRead) != 0 ? Read : 0;
        expanded |= (mask & AccessMask.GenericWrite) != 0 ? Write : 0;
        expanded |= (mask & AccessMask.GenericExecute) != 0 ? Execute : 0;
        expanded |= (mask & AccessMask.GenericAll) != 0 ? All : 0;
        return expanded;
    }
}
