using System.Net;
using System.Net.Sockets;

namespace Farwire.CommandLine.Doctor;

/// <summary>Name, route and port.</summary>
internal static class NetworkStages
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan ShortPatience = TimeSpan.FromSeconds(1);
    private static readonly int[] Usual = [5986, 5985, 443, 80];

    public static async Task<Finding> NameAsync(Patient patient, CancellationToken cancellationToken)
    {
        try
        {
            patient.Found = await Dns.GetHostAddressesAsync(patient.Host, cancellationToken).ConfigureAwait(false);
        }
        catch (SocketException e)
        {
            return Finding.Failed(Stage.Name, $"'{patient.Host}' is not known here: {e.Message}.", "The name is misspelt, or the name service does not know the machine.") with
            {
                Here = [$"getent hosts {patient.Host}", "cat /etc/resolv.conf"],
                There = ["ipconfig /registerdns"],
            };
        }

        var addresses = string.Join(", ", patient.Found.Take(4).Select(a => a.ToString()));
        return patient.Found.Length == 0
            ? Finding.Failed(Stage.Name, $"'{patient.Host}' has no address.", "The name service knows the name, but no address of it.")
            : Finding.Good(Stage.Name, patient.IsByAddress ? $"{addresses} is an address: Kerberos needs a name." : $"{patient.Host} is {addresses}.");
    }

    public static Finding Route(Patient patient)
    {
        foreach (var address in patient.Found)
        {
            try
            {
                // A datagram socket that connects sends nothing: the kernel only looks for the way.
                using var probe = new Socket(address.AddressFamily, SocketType.Dgram, ProtocolType.Udp);
                probe.Connect(address, patient.Address.Port);
                return Finding.Good(Stage.Route, $"The way to {address} leaves by {((IPEndPoint)probe.LocalEndPoint!).Address}.");
            }
            catch (SocketException)
            {
                // The next address may have a way.
            }
        }

        return Finding.Failed(Stage.Route, $"There is no way to {patient.Found[0]}.", "The network of the machine is not known to this one: a VPN that is down, or a missing route.") with
        {
            Here = [$"ip route get {patient.Found[0]}"],
        };
    }

    public static async Task<Finding> TcpAsync(Patient patient, CancellationToken cancellationToken)
    {
        var port = patient.Address.Port;
        try
        {
            using var socket = await patient.ConnectAsync(port, Patience, cancellationToken).ConfigureAwait(false);
            return Finding.Good(Stage.Tcp, $"{Capital(patient.At(port))} takes connections.");
        }
        catch (SocketException e)
        {
            return await RefusedAsync(patient, port, e.Message, cancellationToken).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return Finding.Failed(
                Stage.Tcp, $"{Capital(patient.At(port))} does not answer within {Patience.TotalSeconds} s.",
                "A firewall drops the packets, or the machine is off. Windows' rule for the public network profile lets in the local subnet alone.") with
            {
                Here = [$"ping {patient.Host}", $"traceroute -T -p {port} {patient.Host}"],
                There =
                [
                    "Get-NetConnectionProfile", "Set-NetConnectionProfile -NetworkCategory Private",
                    $"New-NetFirewallRule -DisplayName WinRM -Direction Inbound -Protocol TCP -LocalPort {port} -Action Allow",
                ],
            };
        }
    }

    // Somebody is at home: another door may be open.
    private static async Task<Finding> RefusedAsync(Patient patient, int port, string why, CancellationToken cancellationToken)
    {
        var open = new List<int>();
        foreach (var other in Usual.Where(other => other != port))
        {
            try
            {
                using var socket = await patient.ConnectAsync(other, ShortPatience, cancellationToken).ConfigureAwait(false);
                open.Add(other);
            }
            catch (Exception e) when (e is SocketException or OperationCanceledException && !cancellationToken.IsCancellationRequested)
            {
                // closed as well
            }
        }

        var winRm = open.FirstOrDefault(other => other is 5985 or 5986);
        return Finding.Failed(
            Stage.Tcp,
            $"{Capital(patient.At(port))} refuses connections ({why}).",
            winRm > 0 ? $"The port is wrong: {winRm} is open, which is WinRM over {(winRm == 5985 ? "HTTP" : "HTTPS")}." : "No listener is configured there, the service does not run, or a firewall refuses.") with
        {
            Here = winRm > 0 ? [$"farwire doctor {(winRm == 5985 ? "http" : "https")}://{patient.Address.Host}:{winRm}"] : [],
            There = ["winrm enumerate winrm/config/listener", patient.IsTls ? "winrm quickconfig -transport:https" : "winrm quickconfig"],
        };
    }

    private static string Capital(string text) => char.ToUpperInvariant(text[0]) + text[1..];
}
