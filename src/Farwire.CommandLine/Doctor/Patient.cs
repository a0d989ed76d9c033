using System.Globalization;
using System.Net;
using System.Net.Sockets;
using Farwire.Client.Connection;
using Farwire.CommandLine.Connection;
using Farwire.CommandLine.Grammar;

namespace Farwire.CommandLine.Doctor;

/// <summary>The service that is looked at: where it is, and with what one would connect to it.</summary>
internal sealed class Patient(Switches switches, Terminal terminal, Uri address)
{
    private static readonly string[] AboutUsers = ["username", "password", "--password-file", "authentication", "certificate", "defaultcreds", "spnport", "allowdelegate", "--delegate-to", "--delegate-to-ntlm"];

    private WSManConnectionOptions? _options;

    public Uri Address { get; } = address;

    /// <summary>The name without the brackets of IPv6.</summary>
    public string Host => Address.IdnHost.Trim('[', ']');

    public bool IsTls => Address.Scheme == Uri.UriSchemeHttps;

    /// <summary>It is named by its address, which Kerberos does not know.</summary>
    public bool IsByAddress => IPAddress.TryParse(Host, out _);

    /// <summary>Where the name led.</summary>
    public IPAddress[] Found { get; set; } = [];

    /// <summary>The schemes that the service offers.</summary>
    public IReadOnlyList<string> Schemes { get; set; } = [];

    /// <summary>How far the clock over there is ahead.</summary>
    public TimeSpan? Skew { get; set; }

    public string? User => switches["username"];

    /// <summary>There is something to prove oneself with.</summary>
    public bool HasCredentials => (string[])["username", "certificate", "defaultcreds"] is var names && names.Any(switches.Has) || "kerberos".Equals(switches["authentication"], StringComparison.OrdinalIgnoreCase) || switches.Has("--connect");

    /// <summary>How to trust the service, without a user.</summary>
    public WSManConnectionOptions Trust => ConnectionSwitches.Read(switches.Without(AboutUsers), terminal, anonymous: true) with
    {
        Authentication = AuthenticationMethod.None, User = null, Password = null, AllowUnencrypted = true,
    };

    /// <summary>How to connect with the user; a password is asked for once.</summary>
    public WSManConnectionOptions Options => _options ??= ConnectionSwitches.Read(switches, terminal, anonymous: false);

    /// <summary>Opens a connection to the port.</summary>
    /// <exception cref="SocketException">Nobody is there.</exception>
    /// <exception cref="OperationCanceledException">Nobody answers.</exception>
    public async Task<Socket> ConnectAsync(int port, TimeSpan patience, CancellationToken cancellationToken)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(patience);
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp);
        try
        {
            await socket.ConnectAsync(Found, port, limit.Token).ConfigureAwait(false);
            return socket;
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    public string At(int port) => $"port {port.ToString(CultureInfo.InvariantCulture)} of {Address.Host}";
}
