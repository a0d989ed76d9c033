using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Text;
using Farwire.Client.Connection;

namespace Farwire.CommandLine.Doctor;

/// <summary>What the port says in HTTP, its clock, and the schemes of authentication that it offers.</summary>
internal static class HttpStages
{
    private const int MaxBodyBytes = 64 * 1024;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(15);
    private static readonly TimeSpan MaxSkew = TimeSpan.FromMinutes(5);

    /// <summary>One POST without a user, as a client's first message: the answer tells most of what there is to know.</summary>
    public static async Task<IReadOnlyList<Finding>> RunAsync(Patient patient, TimeProvider time, CancellationToken cancellationToken)
    {
        using var handler = new SocketsHttpHandler
        {
            AllowAutoRedirect = false,
            UseCookies = false,
            UseProxy = false,
            ConnectTimeout = Patience,
            MaxResponseHeadersLength = 128,
        };

        // Whether the certificate is believed was settled at the stage before; nothing of the user's is sent here.
        handler.SslOptions.RemoteCertificateValidationCallback = (_, certificate, _, _) => certificate is not null;
        using var http = new HttpClient(handler) { Timeout = Patience, MaxResponseContentBufferSize = MaxBodyBytes };
        try
        {
            using var request = new HttpRequestMessage(HttpMethod.Post, patient.Address) { Content = new ByteArrayContent([]) };
            request.Content.Headers.ContentType = MediaTypeHeaderValue.Parse("application/soap+xml;charset=UTF-8");
            request.Headers.UserAgent.ParseAdd("farwire-doctor");
            using var response = await http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancellationToken).ConfigureAwait(false);
            var findings = new List<Finding> { await AnswerAsync(patient, response, cancellationToken).ConfigureAwait(false) };
            if (findings[0].Health == Health.Good)
            {
                findings.Add(Clock(patient, response, time));
                findings.Add(Schemes(patient, response));
            }

            return findings;
        }
        catch (HttpRequestException e)
        {
            return [Broken(patient, e.InnerException?.Message ?? e.Message)];
        }
        catch (IOException e)
        {
            return [Broken(patient, e.Message)];
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return [Finding.Failed(Stage.Http, $"{patient.Address} takes the connection, and does not answer within {Patience.TotalSeconds} s.", "The service hangs, or something on the way holds the request back.") with
            {
                There = ["systemctl status farwired", "Restart-Service WinRM"],
            }];
        }
    }

    private static Finding Broken(Patient patient, string why) => patient.IsTls
        ? Finding.Failed(Stage.Http, $"{patient.Address} broke off the answer: {why}", "The answer is cut off: the service crashed, or something on the way cuts connections.") with { There = ["journalctl -u farwired", "Get-WinEvent Microsoft-Windows-WinRM/Operational -MaxEvents 20"] }
        : Finding.Failed(Stage.Http, $"{patient.Address} does not answer in HTTP: {why}", "The port speaks TLS (5986 does), the answer is cut off, or another service lives there.") with
        {
            Here = [$"farwire doctor https://{patient.Address.Authority}"],
            There = ["winrm enumerate winrm/config/listener"],
        };

    private static async Task<Finding> AnswerAsync(Patient patient, HttpResponseMessage response, CancellationToken cancellationToken)
    {
        var status = (int)response.StatusCode;
        var server = response.Headers.TryGetValues("Server", out var names) ? $", {string.Join(' ', names)}" : "";
        var type = response.Content.Headers.ContentType?.MediaType ?? "";
        var seen = string.Create(CultureInfo.InvariantCulture, $"HTTP {status} {response.ReasonPhrase}{server}");
        if (response.StatusCode is HttpStatusCode.Unauthorized)
        {
            return Finding.Good(Stage.Http, seen + ", as a service that wants to know who comes.");
        }

        if (type is "application/soap+xml" or "text/xml")
        {
            // A body that is cut off shows only when it is read.
            var body = await response.Content.ReadAsByteArrayAsync(cancellationToken).ConfigureAwait(false);
            return Encoding.UTF8.GetString(body).Contains("Envelope", StringComparison.Ordinal)
                ? Finding.Good(Stage.Http, seen + ", with a SOAP message.")
                : Finding.Failed(Stage.Http, seen + ", with something that is not a SOAP envelope.", "Another service lives there.");
        }

        if (status is >= 300 and < 400)
        {
            return Finding.Failed(Stage.Http, $"{seen}: it leads to {response.Headers.Location}.", "A web server or a balancer answers, and sends clients elsewhere.") with { Here = [$"farwire doctor {response.Headers.Location}"] };
        }

        return response.StatusCode switch
        {
            HttpStatusCode.NotFound => Finding.Failed(Stage.Http, $"{seen} at {patient.Address.AbsolutePath}.", "The path is not the listener's URLPrefix (wsman is usual), or another web server lives there.") with { There = ["winrm enumerate winrm/config/listener"] },
            HttpStatusCode.ServiceUnavailable => Finding.Failed(Stage.Http, seen + ".", "The service is not running, or takes no more connections.") with { There = ["systemctl start farwired", "Start-Service WinRM"] },
            HttpStatusCode.Forbidden or HttpStatusCode.MethodNotAllowed => Finding.Failed(Stage.Http, seen + ".", "A web server that is not WinRM, or AllowRemoteAccess is off.") with { There = ["winrm quickconfig"] },
            _ => Finding.Failed(Stage.Http, $"{seen}, of the type '{type}'.", type.Contains("html", StringComparison.OrdinalIgnoreCase) ? "A web server answers, not WinRM: the port is wrong, or a proxy shows a page." : "Another service lives there.") with { There = ["winrm enumerate winrm/config/listener"] },
        };
    }

    private static Finding Clock(Patient patient, HttpResponseMessage response, TimeProvider time)
    {
        if (response.Headers.Date is not { } there)
        {
            return Finding.Skipped(Stage.Clock, "The service does not say what time it is.");
        }

        var skew = there - time.GetUtcNow();
        patient.Skew = skew;
        var apart = skew.Duration();
        var text = string.Create(CultureInfo.InvariantCulture, $"The clock there is {apart.TotalSeconds:0} s {(skew < TimeSpan.Zero ? "behind" : "ahead")}.");
        return apart <= MaxSkew ? Finding.Good(Stage.Clock, apart < TimeSpan.FromSeconds(5) ? "The clocks agree." : text)
            : Finding.Warning(Stage.Clock, text, "Kerberos refuses more than five minutes, and certificates look expired or not good yet.") with
            {
                Here = ["timedatectl", "chronyc makestep"],
                There = ["w32tm /resync", "chronyc makestep"],
            };
    }

    private static Finding Schemes(Patient patient, HttpResponseMessage response)
    {
        patient.Schemes = [.. response.Headers.WwwAuthenticate.Select(challenge => challenge.Scheme).Distinct(StringComparer.OrdinalIgnoreCase)];
        if (response.StatusCode != HttpStatusCode.Unauthorized)
        {
            return Finding.Skipped(Stage.Schemes, "The service asks for no proof.");
        }

        var offered = string.Join(", ", patient.Schemes);
        if (patient.Schemes.Count == 0)
        {
            return Finding.Failed(Stage.Schemes, "The service refuses and offers no scheme at all.", "Every method is switched off on the service, or a proxy took the header away.") with
            {
                There = ["winrm get winrm/config/service/auth", "winrm set winrm/config/service/auth '@{Negotiate=\"true\";Kerberos=\"true\"}'"],
            };
        }

        return patient.Schemes is ["Basic"] && !patient.IsTls
            ? Finding.Warning(Stage.Schemes, "Offered: Basic alone, over plain HTTP.", "Everyone on the way can read the password: AllowUnencrypted is on, and no method that seals messages.") with
            {
                There = ["winrm set winrm/config/service '@{AllowUnencrypted=\"false\"}'", "winrm quickconfig -transport:https"],
            }
            : Finding.Good(Stage.Schemes, $"Offered: {offered}.");
    }
}
