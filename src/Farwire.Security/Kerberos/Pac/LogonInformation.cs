using System.Buffers.Binary;
using System.Globalization;
using System.Text;

namespace Farwire.Security.Kerberos.Pac;

/// <summary>Who a domain says the holder of a ticket is: the user's number and the groups, as security identifiers.</summary>
/// <param name="Domain">The domain's identifier, <c>S-1-5-21-…</c>.</param>
/// <param name="User">The user.</param>
/// <param name="Groups">The groups that count, each once.</param>
/// <remarks>MS-PAC, "KERB_VALIDATION_INFO". The order on the wire: the structure, then what its pointers point to, in the order of the pointers.</remarks>
internal sealed record LogonInformation(string Domain, string User, IReadOnlyList<string> Groups)
{
    /// <summary>Groups that a ticket may name; Windows' own limit is 1,015 in a token.</summary>
    public const int MaxGroups = 2000;

    private const int MaxBytes = 256 * 1024;
    private const int MaxSubAuthorities = 15;
    private const int MaxCharacters = 4096;
    private const uint ExtraSids = 0x20; // LOGON_EXTRA_SIDS
    private const uint ResourceGroups = 0x200; // LOGON_RESOURCE_GROUPS
    private const uint Enabled = 0x4; // SE_GROUP_ENABLED
    private const uint DenyOnly = 0x10; // SE_GROUP_USE_FOR_DENY_ONLY

    /// <summary>Reads the buffer.</summary>
    /// <exception cref="SecurityTokenException">It is not one.</exception>
    public static LogonInformation Read(ReadOnlySpan<byte> buffer)
    {
        if (buffer.Length > MaxBytes)
        {
            throw new SecurityTokenException($"The ticket's PAC has {buffer.Length} bytes; {MaxBytes} are taken.");
        }

        var ndr = new NdrReader(buffer);
        ndr.ReadHeaders();
        if (!ndr.ReadPointer())
        {
            throw new SecurityTokenException("The ticket's PAC is empty.");
        }

        // LogonTime LogoffTime KickOffTime PasswordLastSet PasswordCanChange PasswordMustChange
        ndr.Skip(6 * 8);

        // EffectiveName FullName LogonScript ProfilePath HomeDirectory HomeDirectoryDrive
        Span<bool> names = stackalloc bool[6];
        foreach (ref var name in names)
        {
            name = ReadString(ref ndr);
        }

        ndr.Skip(4); // LogonCount BadPasswordCount
        var userId = ndr.ReadUInt32();
        var primaryGroupId = ndr.ReadUInt32();
        var groupCount = ndr.ReadUInt32();
        var hasGroups = ndr.ReadPointer();
        var flags = ndr.ReadUInt32(); // UserFlags
        ndr.Skip(16); // UserSessionKey
        var hasServer = ReadString(ref ndr); // LogonServer
        var hasDomainName = ReadString(ref ndr); // LogonDomainName
        var hasDomain = ndr.ReadPointer(); // LogonDomainId
        ndr.Skip(8); // Reserved1
        ndr.Skip(32); // UserAccountControl SubAuthStatus LastSuccessfulILogon LastFailedILogon FailedILogonCount Reserved3
        var sidCount = ndr.ReadUInt32();
        var hasSids = ndr.ReadPointer(); // ExtraSids
        var hasResourceDomain = ndr.ReadPointer(); // ResourceGroupDomainSid
        var resourceCount = ndr.ReadUInt32();
        var hasResources = ndr.ReadPointer(); // ResourceGroupIds

        foreach (var name in names)
        {
            SkipString(ref ndr, name);
        }

        var memberships = ReadMemberships(ref ndr, hasGroups, groupCount);
        SkipString(ref ndr, hasServer);
        SkipString(ref ndr, hasDomainName);
        var domain = hasDomain ? ReadSid(ref ndr) : throw new SecurityTokenException("The ticket's PAC names no domain.");
        var extra = ReadSids(ref ndr, hasSids, sidCount);
        var resourceDomain = hasResourceDomain ? ReadSid(ref ndr) : null;
        var resources = ReadMemberships(ref ndr, hasResources, resourceCount);

        var groups = new HashSet<string>(StringComparer.Ordinal) { Relative(domain, primaryGroupId) };
        groups.UnionWith(memberships.Select(rid => Relative(domain, rid)));
        groups.UnionWith((flags & ExtraSids) != 0 ? extra : []);
        groups.UnionWith((flags & ResourceGroups) != 0 && resourceDomain is not null ? resources.Select(rid => Relative(resourceDomain, rid)) : []);

        // Groups of this machine (S-1-5-32-…) are this machine's to give: a domain that names them makes no administrators here.
        groups.RemoveWhere(sid => !IsOfDomain(sid));
        return IsOfDomain(domain) ? new LogonInformation(domain, Relative(domain, userId), [.. groups]) : throw new SecurityTokenException($"{domain} is no domain.");
    }

    /// <inheritdoc/>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{User}, in {Groups.Count} groups");

    private static bool IsOfDomain(string sid) => sid.StartsWith("S-1-5-21-", StringComparison.Ordinal) || sid.StartsWith("S-1-18-", StringComparison.Ordinal);

    private static string Relative(string domain, uint rid) => string.Create(CultureInfo.InvariantCulture, $"{domain}-{rid}");

    // RPC_UNICODE_STRING: Length, MaximumLength, and a pointer
    private static bool ReadString(ref NdrReader ndr)
    {
        ndr.Skip(4);
        return ndr.ReadPointer();
    }

    // the most, the first, the count, and so many characters of two bytes
    private static void SkipString(ref NdrReader ndr, bool isThere)
    {
        if (isThere)
        {
            _ = ndr.ReadUInt32();
            _ = ndr.ReadUInt32();
            ndr.Skip(2 * ndr.ReadCount(2, MaxCharacters));
        }
    }

    // GROUP_MEMBERSHIP: RelativeId, Attributes
    private static List<uint> ReadMemberships(ref NdrReader ndr, bool isThere, uint expected)
    {
        var rids = new List<uint>();
        for (var left = isThere ? Counted(ref ndr, 8, expected) : 0; left > 0; left--)
        {
            var rid = ndr.ReadUInt32();
            if (Counts(ndr.ReadUInt32()))
            {
                rids.Add(rid);
            }
        }

        return rids;
    }

    // KERB_SID_AND_ATTRIBUTES: a pointer and Attributes each, then the identifiers behind the pointers
    private static List<string> ReadSids(ref NdrReader ndr, bool isThere, uint expected)
    {
        var count = isThere ? Counted(ref ndr, 8, expected) : 0;
        var entries = new (bool IsThere, bool Counts)[count];
        foreach (ref var entry in entries.AsSpan())
        {
            entry.IsThere = ndr.ReadPointer();
            entry.Counts = Counts(ndr.ReadUInt32());
        }

        var sids = new List<string>();
        foreach (var entry in entries)
        {
            if (entry.IsThere)
            {
                var sid = ReadSid(ref ndr);
                if (entry.Counts)
                {
                    sids.Add(sid);
                }
            }
        }

        return sids;
    }

    private static int Counted(ref NdrReader ndr, int elementBytes, uint expected)
    {
        var count = ndr.ReadCount(elementBytes, MaxGroups);
        return count == expected ? count : throw new SecurityTokenException("The ticket's PAC counts its groups in two ways.");
    }

    private static bool Counts(uint attributes) => (attributes & (Enabled | DenyOnly)) == Enabled;

    // RPC_SID: the count once more, Revision, SubAuthorityCount, IdentifierAuthority (big-endian), SubAuthority
    private static string ReadSid(ref NdrReader ndr)
    {
        var count = ndr.ReadCount(4, MaxSubAuthorities);
        if (ndr.ReadByte() != 1 || ndr.ReadByte() != count || count == 0)
        {
            throw new SecurityTokenException("The ticket's PAC holds an identifier of another kind.");
        }

        var authority = ndr.ReadBytes(6);
        var text = new StringBuilder("S-1-").Append(CultureInfo.InvariantCulture, $"{((ulong)BinaryPrimitives.ReadUInt16BigEndian(authority) << 32) | BinaryPrimitives.ReadUInt32BigEndian(authority[2..])}");
        for (var i = 0; i < count; i++)
        {
            text.Append(CultureInfo.InvariantCulture, $"-{ndr.ReadUInt32()}");
        }

        return text.ToString();
    }
}
