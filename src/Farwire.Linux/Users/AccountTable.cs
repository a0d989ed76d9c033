using System.Globalization;
using Farwire.Linux.Files;

namespace Farwire.Linux.Users;

/// <summary>A local account.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Id">Its user id.</param>
/// <param name="GroupId">Its first group.</param>
/// <param name="FullName">For people.</param>
/// <param name="Home">Its home.</param>
/// <param name="Shell">What runs when it logs in.</param>
/// <remarks>passwd(5), shadow(5).</remarks>
public sealed record Account(string Name, uint Id, uint GroupId, string FullName, string Home, string Shell)
{
    /// <summary>The first id of people; those below are the system's, except for nobody. login.defs(5), UID_MIN.</summary>
    public const uint FirstPerson = 1000;

    private const uint Nobody = 65534;

    /// <summary>It is the system's own.</summary>
    public bool IsSystem => Id is < FirstPerson or Nobody;

    /// <summary>What shadow says of its password; null when that is not for us.</summary>
    public ShadowEntry? Shadow { get; init; }
}

/// <summary>What is kept about a password; the password itself is not.</summary>
/// <param name="IsLocked">There is a password, but somebody locked it.</param>
/// <param name="IsRequired">Nobody gets in without one.</param>
/// <param name="Expires">It must be changed from time to time.</param>
/// <param name="IsExpired">The account has ended.</param>
public sealed record ShadowEntry(bool IsLocked, bool IsRequired, bool Expires, bool IsExpired);

/// <summary>A local group.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Id">Its id.</param>
/// <param name="Members">The accounts that are in it beside those whose first group it is.</param>
/// <remarks>group(5).</remarks>
public sealed record Group(string Name, uint Id, IReadOnlyList<string> Members);

/// <summary>The accounts and groups that this system keeps itself.</summary>
public sealed class AccountTable(LinuxPaths paths, TimeProvider time)
{
    private const int MaxBytes = 16 * 1024 * 1024;
    private const long Never = 99_999;

    /// <summary>The accounts now.</summary>
    public IReadOnlyList<Account> Accounts()
    {
        var today = (time.GetUtcNow() - DateTimeOffset.UnixEpoch).Days;
        var shadows = Lines("shadow", 8).ToLookup(f => f[0], f => new ShadowEntry(
            f[1].StartsWith("!$", StringComparison.Ordinal), f[1].Length > 0, long.TryParse(f[4], NumberStyles.None, CultureInfo.InvariantCulture, out var days) && days < Never,
            long.TryParse(f[7], NumberStyles.None, CultureInfo.InvariantCulture, out var end) && end <= today));
        return
        [
            .. Lines("passwd", 7).Where(f => Number(f[2]) is not null && Number(f[3]) is not null)
                .Select(f => new Account(f[0], Number(f[2])!.Value, Number(f[3])!.Value, f[4].Split(',')[0], f[5], f[6]) { Shadow = shadows[f[0]].FirstOrDefault() }),
        ];
    }

    /// <summary>The groups now.</summary>
    public IReadOnlyList<Group> Groups() =>
        [.. Lines("group", 4).Where(f => Number(f[2]) is not null).Select(f => new Group(f[0], Number(f[2])!.Value, f[3].Split(',', StringSplitOptions.RemoveEmptyEntries)))];

    private IEnumerable<string[]> Lines(string file, int fields) => (ProcFile.ReadText($"{paths.Etc}/{file}", MaxBytes) ?? "").Split('\n')
        .Select(l => l.Split(':')).Where(f => f.Length >= fields && f[0].Length > 0 && f[0][0] is not ('#' or '+' or '-'));

    private static uint? Number(string text) => uint.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : null;
}
