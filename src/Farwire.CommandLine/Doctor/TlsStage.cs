using System.Globalization;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using Farwire.Client;
using Farwire.Client.Connection;
using Farwire.Protocol.Faults;

namespace Farwire.CommandLine.Doctor;

/// <summary>The handshake of TLS, and whether the certificate is believed: chain, name, dates, pin.</summary>
internal static class TlsStage
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan Soon = TimeSpan.FromDays(30);

    public static async Task<Finding> RunAsync(Patient patient, TimeProvider time, CancellationToken cancellationToken)
    {
        var (certificate, protocol, failure) = await HandshakeAsync(patient, cancellationToken).ConfigureAwait(false);
        if (certificate is null)
        {
            return await SpeaksHttpAsync(patient, cancellationToken).ConfigureAwait(false)
                ? Finding.Failed(Stage.Tls, $"{Port(patient)} speaks plain HTTP, not TLS.", "The port is that of an HTTP listener (5985), or a proxy ends TLS before it.") with
                {
                    Here = [$"farwire doctor http://{patient.Address.Authority}"],
                    There = ["winrm enumerate winrm/config/listener", "winrm quickconfig -transport:https"],
                }
                : Finding.Failed(Stage.Tls, $"{Port(patient)} did not agree on TLS: {failure}", "The listener has no certificate it can use, speaks only old versions of TLS, or the port is not HTTPS.") with
                {
                    Here = [$"openssl s_client -connect {patient.Address.Authority}"],
                    There = ["winrm enumerate winrm/config/listener", "Get-ChildItem Cert:\\LocalMachine\\My"],
                };
        }

        using (certificate)
        {
            if (await JudgeAsync(patient, cancellationToken).ConfigureAwait(false) is { } refusal)
            {
                return Refused(certificate, refusal, time);
            }

            var names = certificate.GetNameInfo(X509NameType.DnsName, forIssuer: false);
            var left = certificate.NotAfter.ToUniversalTime() - time.GetUtcNow().UtcDateTime;
            var text = string.Create(CultureInfo.InvariantCulture, $"{protocol}, certificate for '{names}' by '{certificate.Issuer}', good until {certificate.NotAfter.ToUniversalTime():yyyy-MM-dd}.");
            return left < Soon
                ? Finding.Warning(Stage.Tls, text, $"The certificate is good for {Math.Max(0, (int)left.TotalDays)} more days.") with { There = ["winrm quickconfig -transport:https, after a new certificate is there"] }
                : Finding.Good(Stage.Tls, text);
        }
    }

    /// <summary>The certificate that the port shows; whether it is to be believed is another question.</summary>
    public static async Task<(X509Certificate2? Certificate, string Protocol, string? Failure)> HandshakeAsync(Patient patient, CancellationToken cancellationToken)
    {
        X509Certificate2? shown = null;
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(Patience);
        try
        {
            using var socket = await patient.ConnectAsync(patient.Address.Port, Patience, limit.Token).ConfigureAwait(false);
            await using var stream = new NetworkStream(socket);

            // Nothing is sent over this connection: it only looks, so that the certificate can be told of.
            await using var tls = new SslStream(stream, leaveInnerStreamOpen: true, (_, certificate, _, _) =>
            {
                shown = certificate is null ? null : X509CertificateLoader.LoadCertificate(certificate.GetRawCertData());
                return shown is not null;
            });
            await tls.AuthenticateAsClientAsync(new SslClientAuthenticationOptions { TargetHost = patient.Address.IdnHost }, limit.Token).ConfigureAwait(false);
            return (shown, tls.SslProtocol switch { SslProtocols.Tls13 => "TLS 1.3", SslProtocols.Tls12 => "TLS 1.2", var old => $"{old}" }, null);
        }
        catch (Exception e) when (e is AuthenticationException or IOException or SocketException)
        {
            return (shown, "", e.InnerException?.Message ?? e.Message);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return (shown, "", $"no answer within {Patience.TotalSeconds} s.");
        }
    }

    // The client itself judges; what it says of anything but the certificate is for later stages.
    private static async Task<WSManTransportException?> JudgeAsync(Patient patient, CancellationToken cancellationToken)
    {
        try
        {
            await using var client = new WSManClient(patient.Trust);
            await client.IdentifyAsync(cancellationToken).ConfigureAwait(false);
            return null;
        }
        catch (WSManFaultException)
        {
            return null;
        }
        catch (WSManTransportException e)
        {
            return e.Failure is TransportFailure.Tls or TransportFailure.Certificate or TransportFailure.CertificatePin ? e : null;
        }
    }

    private static Finding Refused(X509Certificate2 certificate, WSManTransportException refusal, TimeProvider time)
    {
        var now = time.GetUtcNow().UtcDateTime;
        var sha256 = Convert.ToHexStringLower(certificate.GetCertHash(HashAlgorithmName.SHA256));
        var isExpired = certificate.NotAfter.ToUniversalTime() < now;
        var cause = refusal.Failure == TransportFailure.CertificatePin ? "The service has a new certificate, or somebody is in between."
            : isExpired ? "The certificate has expired."
            : certificate.NotBefore.ToUniversalTime() > now ? "The certificate is not good yet, or the clock of this machine is wrong."
            : certificate.Subject == certificate.Issuer ? "The certificate is signed by itself: nobody vouches for it."
            : refusal.Message.Contains("made for", StringComparison.Ordinal) ? "The certificate is made for another name."
            : "Its authority is not trusted here.";
        return Finding.Failed(Stage.Tls, refusal.Message, cause) with
        {
            Here = [refusal.Fix, $"--pin {sha256}   (compare it with the service's own first)"],
            There = isExpired || cause.Contains("another name", StringComparison.Ordinal) ? ["winrm quickconfig -transport:https, after a certificate for the right name is there"] : [],
        };
    }

    private static async Task<bool> SpeaksHttpAsync(Patient patient, CancellationToken cancellationToken)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(TimeSpan.FromSeconds(3));
        try
        {
            using var socket = await patient.ConnectAsync(patient.Address.Port, Patience, limit.Token).ConfigureAwait(false);
            await socket.SendAsync(Encoding.ASCII.GetBytes($"OPTIONS / HTTP/1.1\r\nHost: {patient.Address.Authority}\r\nConnection: close\r\n\r\n"), limit.Token).ConfigureAwait(false);
            var start = new byte[5];
            var read = await socket.ReceiveAsync(start, limit.Token).ConfigureAwait(false);
            return Encoding.ASCII.GetString(start, 0, read) == "HTTP/";
        }
        catch (Exception e) when (e is SocketException or OperationCanceledException && !cancellationToken.IsCancellationRequested)
        {
            return false;
        }
    }

    private static string Port(Patient patient) => $"Port {patient.Address.Port.ToString(CultureInfo.InvariantCulture)} of {patient.Address.Host}";
}
