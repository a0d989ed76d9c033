using System.Globalization;

namespace Farwire.Service.Access;

/// <summary>A security identifier: the number of a user or a group, in its text form.</summary>
/// <remarks>MS-DTYP, "SID String Format Syntax". Compared without regard to case.</remarks>
public readonly record struct Sid
{
    /// <summary>Sub-authorities that an identifier may have.</summary>
    public const int MaxSubAuthorities = 15;

    private readonly string _text;

    private Sid(string text) => _text = text;

    /// <summary>Everyone, authenticated or not (WD).</summary>
    public static Sid Everyone { get; } = new("S-1-1-0");

    /// <summary>Whoever came over the network (NU).</summary>
    public static Sid Network { get; } = new("S-1-5-2");

    /// <summary>Whoever works at the machine itself (IU).</summary>
    public static Sid Interactive { get; } = new("S-1-5-4");

    /// <summary>Whoever came without a proof of identity (AN).</summary>
    public static Sid Anonymous { get; } = new("S-1-5-7");

    /// <summary>Whoever has proved an identity (AU).</summary>
    public static Sid Authenticated { get; } = new("S-1-5-11");

    /// <summary>The network service (NS).</summary>
    public static Sid NetworkService { get; } = new("S-1-5-20");

    /// <summary>The built-in administrators (BA).</summary>
    public static Sid Administrators { get; } = new("S-1-5-32-544");

    /// <summary>The remote management users (RM).</summary>
    public static Sid RemoteManagementUsers { get; } = new("S-1-5-32-580");

    /// <summary>The event log readers (ER).</summary>
    public static Sid EventLogReaders { get; } = new("S-1-5-32-573");

    /// <summary>The identifier that stands for a Unix user, as Samba numbers them.</summary>
    public static Sid OfUser(uint uid) => new(string.Create(CultureInfo.InvariantCulture, $"S-1-22-1-{uid}"));

    /// <summary>The identifier that stands for a Unix group, as Samba numbers them.</summary>
    public static Sid OfGroup(uint gid) => new(string.Create(CultureInfo.InvariantCulture, $"S-1-22-2-{gid}"));

    /// <summary>Reads <c>S-1-authority-subauthority…</c>; the authority may be hexadecimal.</summary>
    public static bool TryParse(ReadOnlySpan<char> text, out Sid sid)
    {
        sid = default;
        if (text.Length is < 5 or > 200 || text[0] is not ('S' or 's') || text[1] != '-' || text[2] != '1' || text[3] != '-')
        {
            return false;
        }

        var parts = 0;
        foreach (var range in text[4..].Split('-'))
        {
            if (!IsNumber(text[4..][range], isAuthority: parts == 0))
            {
                return false;
            }

            parts++;
        }

        if (parts is < 2 or > MaxSubAuthorities + 1)
        {
            return false;
        }

        sid = new Sid(text.ToString().ToUpperInvariant());
        return true;
    }

    /// <summary>The identifier of the group or user <paramref name="rid"/> of this domain.</summary>
    public Sid Relative(uint rid) => new(string.Create(CultureInfo.InvariantCulture, $"{_text}-{rid}"));

    /// <inheritdoc/>
    public override string ToString() => _text ?? "";

    // The authority has 48 bits, each sub-authority 32.
    private static bool IsNumber(ReadOnlySpan<char> text, bool isAuthority) => isAuthority
        ? text.StartsWith("0x", StringComparison.OrdinalIgnoreCase)
            ? text.Length is > 2 and <= 14 && ulong.TryParse(text[2..], NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out _)
            : ulong.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var authority) && authority < 1UL << 48
        : uint.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out _);
}
