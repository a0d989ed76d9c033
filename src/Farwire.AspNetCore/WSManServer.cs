using System.Net;
using System.Security.Cryptography.X509Certificates;
using Farwire.Security;
using Farwire.Security.ChannelBinding;
using Farwire.Security.Sealing;
using Farwire.Service.Dispatch;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.AspNetCore.Server.Kestrel.Https;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace Farwire.AspNetCore;

/// <summary>An address that the service listens on.</summary>
/// <param name="EndPoint">The address; port 0 takes a free one.</param>
/// <param name="Certificate">The certificate of HTTPS; null is HTTP.</param>
/// <remarks>MS-WSMV, "Listener".</remarks>
public sealed record Listener(IPEndPoint EndPoint, X509Certificate2? Certificate = null);

/// <summary>A WS-Management service on Kestrel, with nothing else in the way.</summary>
public sealed class WSManServer : IAsyncDisposable
{
    private readonly ServiceProvider _services;
    private readonly IServer _server;

    private WSManServer(ServiceProvider services, IServer server) => (_services, _server) = (services, server);

    /// <summary>Where the service listens, with the ports it got: <c>http://…</c> and <c>https://…</c>, in the order of the listeners.</summary>
    public IReadOnlyList<Uri> Addresses { get; private set; } = [];

    /// <summary>Starts listening.</summary>
    /// <param name="listeners">The addresses; without any the service is deaf.</param>
    /// <param name="dispatcher">The engine.</param>
    /// <param name="schemes">The schemes on offer.</param>
    /// <param name="options">Paths and limits.</param>
    /// <param name="loggerFactory">Where logs go; nowhere when null.</param>
    /// <param name="cancellationToken">Gives up starting.</param>
    /// <exception cref="IOException">An address cannot be had.</exception>
    public static async Task<WSManServer> StartAsync(
        IReadOnlyList<Listener> listeners,
        Dispatcher dispatcher,
        IReadOnlyList<IAuthenticationScheme> schemes,
        WSManEdgeOptions options,
        ILoggerFactory? loggerFactory = null,
        CancellationToken cancellationToken = default)
    {
        var logs = loggerFactory ?? NullLoggerFactory.Instance;
        var services = KestrelServices.Build(kestrel => Configure(kestrel, listeners, dispatcher, schemes, options), logs);
        var server = services.GetRequiredService<IServer>();
        try
        {
            var authentication = new AuthenticationStage(schemes, options, TimeProvider.System, logs.CreateLogger("Farwire.Edge"));
            var endpoint = new WSManEndpoint(dispatcher, authentication, options);
            await server.StartAsync(new WSManApplication(endpoint), cancellationToken).ConfigureAwait(false);
            var addresses = server.Features.Get<IServerAddressesFeature>()!.Addresses;
            return new WSManServer(services, server) { Addresses = [.. addresses.Select(address => new Uri(new Uri(address), options.UrlPrefix))] };
        }
        catch
        {
            await services.DisposeAsync().ConfigureAwait(false);
            throw;
        }
    }

    /// <summary>Stops listening and lets requests under way end, for a few seconds.</summary>
    public async ValueTask DisposeAsync()
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(5));
        await _server.StopAsync(patience.Token).ConfigureAwait(false);
        await _services.DisposeAsync().ConfigureAwait(false);
    }

    private static void Configure(
        KestrelServerOptions kestrel, IReadOnlyList<Listener> listeners, Dispatcher dispatcher, IReadOnlyList<IAuthenticationScheme> schemes, WSManEdgeOptions options)
    {
        kestrel.AddServerHeader = false;
        kestrel.AllowSynchronousIO = false;
        kestrel.Limits.MaxConcurrentConnections = options.MaxConnections;
        var largest = options.DeliveryPaths.Count == 0 ? dispatcher.Options.MaxEnvelopeBytes : Math.Max(dispatcher.Options.MaxEnvelopeBytes, dispatcher.Options.MaxDeliveryBytes);
        kestrel.Limits.MaxRequestBodySize = SealedBody.MaxBytes(largest) + 1L;
        kestrel.Limits.MaxRequestHeadersTotalSize = 128 * 1024; // Kerberos tokens of users in many groups
        kestrel.Limits.MaxRequestLineSize = 4 * 1024;
        foreach (var listener in listeners)
        {
            kestrel.Listen(listener.EndPoint, listen =>
            {
                listen.Protocols = HttpProtocols.Http1; // authentication belongs to the connection; HTTP/2 would mix callers
                var binding = listener.Certificate is null ? null : TlsBinding.Of(listener.Certificate);
                if (listener.Certificate is not null)
                {
                    var https = new HttpsConnectionAdapterOptions { ServerCertificate = listener.Certificate };
                    if (schemes.Any(s => s.NeedsClientCertificate))
                    {
                        // Asked for at once: several clients cannot do it later. Whom it proves is the scheme's matter, not the handshake's.
                        https.ClientCertificateMode = ClientCertificateMode.AllowCertificate;
                        https.AllowAnyClientCertificate();
                    }

                    listen.UseHttps(https);
                }

                listen.Use(next => async connection =>
                {
                    using var security = new ConnectionSecurity(binding, connection.Features.Get<ITlsConnectionFeature>()?.ClientCertificate);
                    connection.Features.Set(security);
                    await next(connection).ConfigureAwait(false);
                });
            });
        }
    }
}
