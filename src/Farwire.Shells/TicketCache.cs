using System.ComponentModel;
using System.Security.Cryptography;
using System.Text;
using Farwire.Processes;
using Farwire.Processes.Launch;
using Farwire.Protocol.Faults;
using Farwire.Service.Dispatch;

namespace Farwire.Shells;

/// <summary>The tickets that a caller left for one shell: a file of the caller's own account, which its programs find by <c>KRB5CCNAME</c>, until the shell ends.</summary>
/// <remarks>
/// MS-WSMV, "CredSSP", and delegation by Kerberos: programs go on with them to a third machine. The account itself makes the file and takes it away, so
/// that the service needs no rights for it; as with sshd, the file lies in /tmp and its owner alone can read it.
/// </remarks>
internal sealed class TicketCache
{
    // Not below /run/user or /dev/shm: both are emptied when the account's last login ends, and this is none.
    private const string Make = "umask 077; file=$(mktemp /tmp/krb5cc_farwire_XXXXXXXXXX 2>/dev/null || mktemp /var/tmp/krb5cc_farwire_XXXXXXXXXX) && cat >\"$file\" && printf %s \"$file\"";

    private readonly IProgramStarter _starter;
    private readonly string _account;
    private readonly string _file;
    private int _removed;

    private TicketCache(IProgramStarter starter, string account, string file) => (_starter, _account, _file) = (starter, account, file);

    /// <summary>The variable that names it.</summary>
    public KeyValuePair<string, string> Variable => new("KRB5CCNAME", "FILE:" + _file);

    /// <summary>Keeps what the caller left; null when that is nothing.</summary>
    /// <exception cref="WSManFaultException">The account can keep no file, or may run nothing.</exception>
    public static async Task<TicketCache?> KeepAsync(IProgramStarter starter, Caller caller, CancellationToken cancellationToken)
    {
        if (caller.Tickets is not { } make || caller.Account.Length == 0)
        {
            return null;
        }

        byte[] tickets = [];
        try
        {
            tickets = make();
            using var process = await starter.StartAsync(new ProgramStart("/bin/sh", ["-c", Make]) { WorkingDirectory = "/" }, caller.Account).ConfigureAwait(false);
            try
            {
                await WriteAsync(process.StandardInput, tickets, cancellationToken).ConfigureAwait(false);
                using var output = new StreamReader(process.StandardOutput, Encoding.ASCII);
                var file = await output.ReadToEndAsync(cancellationToken).ConfigureAwait(false);
                var exit = await process.Exit.WaitAsync(cancellationToken).ConfigureAwait(false);
                return exit.Code == 0 && file.Length > 0
                    ? new TicketCache(starter, caller.Account, file)
                    : throw FaultCatalog.OperationAborted.Fault($"the account '{caller.Account}' cannot keep the tickets that were delegated: neither /tmp nor /var/tmp takes a file of it.");
            }
            finally
            {
                await process.EndTreeAsync().ConfigureAwait(false);
            }
        }
        catch (UnauthorizedAccessException e)
        {
            throw FaultCatalog.AccessDenied.Fault(e.Message);
        }
        catch (Exception e) when (e is Win32Exception or IOException)
        {
            throw FaultCatalog.OperationAborted.Fault($"the tickets that were delegated cannot be kept: {e.Message.TrimEnd('.')}.");
        }
        finally
        {
            CryptographicOperations.ZeroMemory(tickets);
        }
    }

    private static async Task WriteAsync(Stream input, ReadOnlyMemory<byte> tickets, CancellationToken cancellationToken)
    {
        try
        {
            await using (input.ConfigureAwait(false))
            {
                await input.WriteAsync(tickets, cancellationToken).ConfigureAwait(false);
            }
        }
        catch (IOException)
        {
            // Nobody reads any more; how it ended says why.
        }
    }

    /// <summary>Takes the file away. Once is enough.</summary>
    public async Task RemoveAsync()
    {
        if (Interlocked.Exchange(ref _removed, 1) != 0)
        {
            return;
        }

        try
        {
            using var process = await _starter.StartAsync(new ProgramStart("/bin/rm", ["-f", "--", _file]) { WorkingDirectory = "/" }, _account).ConfigureAwait(false);
            await process.Exit.ConfigureAwait(false);
            await process.EndTreeAsync().ConfigureAwait(false);
        }
        catch (Exception e) when (e is UnauthorizedAccessException or Win32Exception or InvalidOperationException)
        {
            // The account may run nothing any more, or the broker is gone; the tickets end by themselves.
        }
    }
}
