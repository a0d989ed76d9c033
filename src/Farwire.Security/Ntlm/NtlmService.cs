using Farwire.Security.Accounts;
using Farwire.Security.ChannelBinding;

namespace Farwire.Security.Ntlm;

/// <summary>NTLM as a service offers it: against Farwire's own users, those that have an NT hash.</summary>
/// <remarks>MS-NLMP. Users of a domain use Kerberos: nobody is asked over the network here.</remarks>
public sealed class NtlmService(UserStore users, SecretKey key, GuessLimit guesses, TimeProvider time, string? computerName = null)
{
    private readonly string _decoy = key.Seal("", NtHashPurpose, NtHash.Of("nobody"));

    /// <summary>What the sealed hashes are sealed for.</summary>
    public const string NtHashPurpose = "nt";

    /// <summary>False where the machine's policy forbids MD5.</summary>
    public static bool IsAvailable => Legacy.IsAllowed;

    /// <summary>How much bindings to TLS count.</summary>
    public BindingLevel BindingLevel { get; set; } = BindingLevel.Relaxed;

    internal string ComputerName { get; } = (computerName ?? Environment.MachineName).Split('.')[0].ToUpperInvariant() is { Length: > 15 } name
        ? name[..15]
        : (computerName ?? Environment.MachineName).Split('.')[0].ToUpperInvariant();

    internal string DnsName { get; } = (computerName ?? Environment.MachineName).ToLowerInvariant();

    internal TimeProvider Time => time;

    /// <summary>Begins a context.</summary>
    public ISecurityContext Accept(ConnectionFacts connection) => new NtlmAcceptor(this, connection);

    /// <summary>The user that a client means, and the hash: for one unknown a hash that no password fits, at the same cost.</summary>
    internal StoredUser? Find(string name, out byte[] hash)
    {
        var user = users.Find(name);
        if (user is null && name.IndexOf('@', StringComparison.Ordinal) is > 0 and var at)
        {
            user = users.Find(name[..at]);
        }

        var known = user?.NtHash is not null;
        if (!key.TryOpen(known ? user!.Name : "", NtHashPurpose, known ? user!.NtHash! : _decoy, out hash) || hash.Length != NtHash.Bytes)
        {
            hash = new byte[NtHash.Bytes];
            return null;
        }

        return known ? user : null;
    }

    internal bool MayTry(string name, string address) => guesses.IsOpen(name, address);

    internal void Tried(string name, string address, bool right)
    {
        if (right)
        {
            guesses.Right(name, address);
        }
        else
        {
            guesses.Wrong(name, address);
        }
    }

    /// <summary>What the service states of itself in its challenge.</summary>
    internal byte[] TargetInfo()
    {
        var pairs = new AvPairs();
        pairs.SetText(AvId.NbDomainName, ComputerName);
        pairs.SetText(AvId.NbComputerName, ComputerName);
        pairs.SetText(AvId.DnsDomainName, DnsName);
        pairs.SetText(AvId.DnsComputerName, DnsName);
        pairs[AvId.Timestamp] = BitConverter.GetBytes(time.GetUtcNow().ToFileTime());
        return pairs.ToBytes();
    }
}
