using Farwire.Linux.Accounts;
using Farwire.Linux.Pam;
using Farwire.Processes.Broker;
using Farwire.Service.Access;

namespace Farwire.Hosting.Broker;

/// <summary>What the broker of this machine does: PAM, accounts, a closed list of files, and a line for each.</summary>
/// <param name="policy">As whom programs may be started.</param>
/// <param name="audit">Takes each line.</param>
public sealed class BrokerDuties(BrokerPolicy policy, Action<string> audit) : IBrokerDuties
{
    // Facts that inventory asks for and only root may read. The names are words, not paths: nothing that is asked ends up in a path.
    private static readonly Dictionary<string, string> Facts = new(StringComparer.Ordinal)
    {
        ["board-serial"] = "/sys/class/dmi/id/board_serial",
        ["chassis-serial"] = "/sys/class/dmi/id/chassis_serial",
        ["product-serial"] = "/sys/class/dmi/id/product_serial",
        ["product-uuid"] = "/sys/class/dmi/id/product_uuid",
        ["smbios"] = "/sys/firmware/dmi/tables/DMI",
    };

    private const int MaxFactBytes = 64 * 1024;

    private readonly PamAuthenticator _pam = new();

    /// <inheritdoc/>
    public BrokerOutcome Authenticate(string account, ReadOnlySpan<byte> password, string peer) => _pam.Check(account, password, peer) switch
    {
        PamVerdict.Accepted => BrokerOutcome.Done,
        PamVerdict.Refused => BrokerOutcome.WrongPassword,
        PamVerdict.AccountUnusable => BrokerOutcome.AccountRefused,
        _ => BrokerOutcome.Failed,
    };

    /// <inheritdoc/>
    public BrokeredAccount? Permit(string account)
    {
        if (AccountDirectory.Find(account) is not { } found || found.Name != account)
        {
            return null;
        }

        return policy.Permits(found, () => AccountDirectory.GroupsOf(found).Select(g => g.Name))
            ? new BrokeredAccount(found.Name, found.Uid, found.Gid, found.Home, found.Shell)
            : null;
    }

    /// <inheritdoc/>
    public byte[]? Read(string fact)
    {
        if (!Facts.TryGetValue(fact, out var path))
        {
            return null;
        }

        try
        {
            using var file = File.OpenRead(path);
            var buffer = new byte[MaxFactBytes];
            return buffer[..file.ReadAtLeast(buffer, buffer.Length, throwOnEndOfStream: false)];
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    /// <inheritdoc/>
    public void Audit(BrokerVerb verb, string subject, BrokerOutcome outcome)
    {
        // Programs come and go by the thousand; what was refused, and who was let in, is worth a line.
        if (verb is BrokerVerb.Authenticate or BrokerVerb.Start or BrokerVerb.Read || outcome != BrokerOutcome.Done)
        {
            audit($"broker: {(verb == 0 ? "message" : verb)} {OneLine(subject)}: {outcome}");
        }
    }

    private static string OneLine(string text) =>
        string.Concat((text.Length > 200 ? text[..200] : text).Select(c => char.IsControl(c) ? '?' : c));
}
