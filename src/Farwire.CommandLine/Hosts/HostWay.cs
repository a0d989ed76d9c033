using System.Globalization;
using System.Net.Sockets;
using Farwire.CommandLine.Connection;
using Farwire.CommandLine.Grammar;

namespace Farwire.CommandLine.Hosts;

/// <summary>The way to a host that is named without a scheme: HTTPS on WinRM's port, else HTTP with sealed messages, and never clear text.</summary>
internal sealed class HostWay(ClientSettings settings, Func<string, int, CancellationToken, Task<bool>>? answers = null)
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(3);

    private readonly Func<string, int, CancellationToken, Task<bool>> _answers = answers ?? AnswersAsync;

    /// <summary>The address with its scheme, as <c>-remote</c> takes it.</summary>
    public async Task<string> FindAsync(string host, Switches switches, CancellationToken cancellationToken)
    {
        if (host.Contains("://", StringComparison.Ordinal))
        {
            return host;
        }

        var slash = host.IndexOf('/', StringComparison.Ordinal);
        var (authority, path) = slash < 0 ? (host, "") : (host[..slash], host[slash..]);
        if (switches.Has("unencrypted"))
        {
            return "http://" + authority + (HasPort(authority) ? "" : Port(settings.HttpPort)) + path;
        }

        if (HasPort(authority))
        {
            return "https://" + host;
        }

        // What seals no messages needs TLS, and through a proxy nobody can knock.
        var seals = !switches.Has("certificate") && switches["authentication"]?.ToUpperInvariant() is null or "NEGOTIATE" or "KERBEROS" or "CREDSSP";
        var isSealedHttp = seals && !ProxySwitches.Finds(switches, authority)
            && !await _answers(authority, settings.HttpsPort, cancellationToken).ConfigureAwait(false)
            && await _answers(authority, settings.HttpPort, cancellationToken).ConfigureAwait(false);
        return (isSealedHttp ? "http://" + authority + Port(settings.HttpPort) : "https://" + authority + Port(settings.HttpsPort)) + path;
    }

    private static string Port(int port) => ":" + port.ToString(CultureInfo.InvariantCulture);

    private static bool HasPort(string host) => host.LastIndexOf(':') > host.LastIndexOf(']');

    private static async Task<bool> AnswersAsync(string host, int port, CancellationToken cancellationToken)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        patience.CancelAfter(Patience);
        using var socket = new Socket(SocketType.Stream, ProtocolType.Tcp);
        try
        {
            await socket.ConnectAsync(host.Trim('[', ']'), port, patience.Token).ConfigureAwait(false);
            return true;
        }
        catch (Exception e) when (e is SocketException or OperationCanceledException && !cancellationToken.IsCancellationRequested)
        {
            return false; // what is wrong there is told by the connection itself
        }
    }
}
