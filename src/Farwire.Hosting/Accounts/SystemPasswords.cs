using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;
using System.Text;
using Farwire.Linux.Accounts;
using Farwire.Linux.Pam;
using Farwire.Processes.Broker;
using Farwire.Security.Accounts;

namespace Farwire.Hosting.Accounts;

/// <summary>The passwords of the system's accounts: PAM, asked by the broker or, where there is none, by this process for what it may ask.</summary>
/// <param name="broker">The broker, or null.</param>
[SuppressMessage("Design", "CA1001", Justification = "A semaphore without a wait handle holds memory alone.")]
public sealed class SystemPasswords(BrokerClient? broker = null) : IPasswordAuthority
{
    // As many as the broker does at once; whoever comes later waits.
    private const int MaxChecks = 8;

    private readonly SemaphoreSlim _checks = new(MaxChecks);

    /// <inheritdoc/>
    public async Task<string?> FindAccountAsync(string name, string password, string peer, CancellationToken cancellationToken)
    {
        var bytes = Encoding.UTF8.GetBytes(password);
        await _checks.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            var accepted = broker is not null
                ? await broker.AuthenticateAsync(name, bytes, peer).ConfigureAwait(false) == BrokerOutcome.Done
                : await Task.Factory.StartNew(
                    () => new PamAuthenticator().Check(name, bytes, peer) == PamVerdict.Accepted,
                    cancellationToken, TaskCreationOptions.LongRunning, TaskScheduler.Default).ConfigureAwait(false);

            // A directory may know the account by other spellings; it is one account.
            return accepted ? AccountDirectory.Find(name)?.Name : null;
        }
        finally
        {
            CryptographicOperations.ZeroMemory(bytes);
            _checks.Release();
        }
    }
}
