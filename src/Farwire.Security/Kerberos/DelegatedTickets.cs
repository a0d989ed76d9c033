using System.Security.Cryptography;

namespace Farwire.Security.Kerberos;

/// <summary>Tickets that a client left with a service, to be used in the client's name elsewhere.</summary>
/// <remarks>RFC 4120, "Forwarded tickets"; RFC 5588, "gss_store_cred", in MIT krb5 with a place of its own. Whoever has them is the client until they end.</remarks>
public sealed class DelegatedTickets : IDisposable
{
    private const string Memory = "/dev/shm";

    private readonly Lock _lock = new();
    private readonly GssCredential _credential;

    internal DelegatedTickets(GssCredential credential) => _credential = credential;

    /// <summary>The tickets as a file that <c>KRB5CCNAME</c> may name (<c>FILE:</c>).</summary>
    /// <exception cref="IOException">The library cannot write them.</exception>
    /// <exception cref="ObjectDisposedException">The connection that they came by is over.</exception>
    public byte[] ToCache()
    {
        // The library writes caches to files alone. Nobody else can look into this folder, nor guess its name; where there is such, it lies in memory.
        var folder = Path.Combine(Directory.Exists(Memory) ? Memory : Path.GetTempPath(), "farwire-tickets-" + Guid.NewGuid().ToString("N"));
        var file = Path.Combine(folder, "cache");
        try
        {
            MakePrivate(folder);
            lock (_lock)
            {
                ObjectDisposedException.ThrowIf(_credential.IsClosed, this);
                _credential.StoreInto("FILE:" + file);
            }

            return File.ReadAllBytes(file);
        }
        catch (Exception e) when (e is SecurityTokenException or UnauthorizedAccessException)
        {
            throw new IOException(e.Message, e);
        }
        finally
        {
            if (Directory.Exists(folder))
            {
                Directory.Delete(folder, recursive: true);
            }
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        lock (_lock)
        {
            _credential.Dispose();
        }
    }

    /// <summary>Gets tickets of a user by the password; null when no realm knows the user by it. Asks over the network.</summary>
    internal static DelegatedTickets? Get(string principal, string password)
    {
        if (!Gss.IsAvailable)
        {
            return null;
        }

        DelegatedTickets? tickets = null;
        try
        {
            // The library asks only when the tickets are wanted.
            tickets = new DelegatedTickets(GssCredential.OfPassword(principal, password));
            CryptographicOperations.ZeroMemory(tickets.ToCache());
            return tickets;
        }
        catch (Exception e) when (e is SecurityTokenException or IOException)
        {
            tickets?.Dispose();
            return null;
        }
    }

    private static void MakePrivate(string folder)
    {
        if (OperatingSystem.IsWindows())
        {
            Directory.CreateDirectory(folder); // below the account's own temporary folder
        }
        else
        {
            Directory.CreateDirectory(folder, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        }
    }
}
