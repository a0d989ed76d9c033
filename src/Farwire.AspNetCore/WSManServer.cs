using System.Net.Sockets;
using Farwire.Security;
using Farwire.Security.ChannelBinding;
using Farwire.Service.Dispatch;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Connections.Features;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.AspNetCore.Server.Kestrel.Https;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Farwire.AspNetCore;

/// <summary>A WS-Management service on Kestrel, with nothing else in the way.</summary>
public sealed class WSManServer : IAsyncDisposable
{
    internal const int MaxHeaderBytes = 128 * 1024; // Kerberos tokens of users in many groups

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
        var edge = new WSManEdge(dispatcher, schemes, options, loggerFactory);
        return await StartAsync(edge, listeners, options.UrlPrefix, cancellationToken: cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Starts listening on addresses of their own under a path of their own.</summary>
    /// <param name="edge">What they share with others.</param>
    /// <param name="listeners">The addresses.</param>
    /// <param name="urlPrefix">The path, without slashes (URLPrefix).</param>
    /// <param name="local">A Unix socket to listen on as well.</param>
    /// <param name="pages">What can be read at the local endpoint beside the service.</param>
    /// <param name="cancellationToken">Gives up starting.</param>
    /// <exception cref="IOException">An address cannot be had.</exception>
    public static async Task<WSManServer> StartAsync(
        WSManEdge edge, IReadOnlyList<Listener> listeners, string urlPrefix, LocalListener? local = null, IReadOnlyList<LocalPage>? pages = null, CancellationToken cancellationToken = default)
    {
        var services = KestrelServices.Build(kestrel => Configure(kestrel, listeners, local, edge), edge.Logs);
        var server = services.GetRequiredService<IServer>();
        try
        {
            var authentication = new AuthenticationStage(edge, edge.Options.Time, edge.Logs.CreateLogger("Farwire.Edge"));
            var endpoint = new WSManEndpoint(edge, authentication, urlPrefix);
            await server.StartAsync(new WSManApplication(endpoint, pages is null ? null : new LocalPages(pages, edge)), cancellationToken).ConfigureAwait(false);
            var addresses = server.Features.Get<IServerAddressesFeature>()!.Addresses.Where(address => !address.Contains("unix:", StringComparison.Ordinal));
            return new WSManServer(services, server) { Addresses = [.. addresses.Select(address => new Uri(new Uri(address), urlPrefix))] };
        }
        catch
        {
            await services.DisposeAsync().ConfigureAwait(false);
            throw;
        }
    }

    /// <summary>Stops listening and lets requests under way end, for as long as <paramref name="patience"/> lasts.</summary>
    public async Task StopAsync(CancellationToken patience)
    {
        await _server.StopAsync(patience).ConfigureAwait(false);
        await _services.DisposeAsync().ConfigureAwait(false);
    }

    /// <summary>Stops listening and lets requests under way end, for a few seconds.</summary>
    public async ValueTask DisposeAsync()
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(5));
        await StopAsync(patience.Token).ConfigureAwait(false);
    }

    private static void Configure(KestrelServerOptions kestrel, IReadOnlyList<Listener> listeners, LocalListener? local, WSManEdge edge)
    {
        kestrel.AddServerHeader = false;
        kestrel.AllowSynchronousIO = false;
        kestrel.Limits.MaxConcurrentConnections = edge.Options.MaxConnections;

        // The endpoint holds the limits in force; what may become larger is not cut off here.
        kestrel.Limits.MaxRequestBodySize = null;
        kestrel.Limits.MaxRequestHeadersTotalSize = MaxHeaderBytes;
        kestrel.Limits.MaxRequestLineSize = 4 * 1024;
        foreach (var listener in listeners)
        {
            kestrel.Listen(listener.EndPoint, listen => Configure(listen, listener, edge));
        }

        if (local is not null)
        {
            kestrel.ListenUnixSocket(local.Path, listen =>
            {
                listen.Protocols = HttpProtocols.Http1;
                listen.Use(next => async connection =>
                {
                    using var security = new ConnectionSecurity { IsLocal = true, IsLocalEndpoint = true };
                    if (connection.Features.Get<IConnectionSocketFeature>()?.Socket is { } socket && local.PrincipalOf(PeerOf(socket)) is { } principal)
                    {
                        security.Bind(security.CallerOf(edge.Options.Accounts?.Complete(principal) ?? principal, address: ""), seal: null);
                    }

                    connection.Features.Set(security);
                    await next(connection).ConfigureAwait(false);
                });
            });
        }
    }

    internal static void Configure(ListenOptions listen, Listener listener, WSManEdge edge, bool isLocal = false)
    {
        listen.Protocols = HttpProtocols.Http1; // authentication belongs to the connection; HTTP/2 would mix callers
        if (listener.Balancers.Count > 0)
        {
            var proxies = new ProxyProtocol(listener.Balancers, edge.Options.Time);
            listen.Use(next => async connection =>
            {
                if (await proxies.AcceptAsync(connection).ConfigureAwait(false))
                {
                    await next(connection).ConfigureAwait(false);
                }
            });
        }

        var isTls = listener.Certificate is not null || listener.CertificateSource is not null;
        var binding = listener.Certificate is null ? null : TlsBinding.Of(listener.Certificate);
        if (isTls)
        {
            var https = new HttpsConnectionAdapterOptions { ServerCertificate = listener.Certificate };
            if (listener.CertificateSource is { } any)
            {
                https.ServerCertificateSelector = (_, _) => any().TargetCertificate; // Kestrel wants one; the context below takes its place
            }

            // Asked for at once: several clients cannot do it later. Whom it proves is the scheme's matter, not the handshake's; whether there is such a
            // scheme may change while the listener stands.
            https.ClientCertificateMode = ClientCertificateMode.AllowCertificate;
            https.ClientCertificateValidation = ShownChain.Keep;
            https.OnAuthenticate = (connection, tls) =>
            {
                if (listener.CertificateSource is { } source)
                {
                    var context = source();
                    (tls.ServerCertificateSelectionCallback, tls.ServerCertificateContext) = (null, context);
                    connection.Items[typeof(TlsBinding)] = TlsBinding.Of(context.TargetCertificate);
                }

                tls.ClientCertificateRequired = (listener.Schemes?.Invoke() ?? edge.Schemes).Any(scheme => scheme.NeedsClientCertificate);
                tls.CertificateChainPolicy = ShownChain.Policy();

                // A session that is resumed remembers the client's certificate alone, and not the authorities that were shown with it.
                tls.AllowTlsResume = !tls.ClientCertificateRequired;
            };

            listen.UseHttps(https);
        }

        listen.Use(next => async connection =>
        {
            var bound = binding ?? (connection.Items.TryGetValue(typeof(TlsBinding), out var shown) ? (TlsBinding?)shown : null);
            var shownCertificate = connection.Features.Get<ITlsConnectionFeature>()?.ClientCertificate;
            using var security = new ConnectionSecurity(bound, shownCertificate, shownCertificate is null ? null : ShownChain.Of(shownCertificate))
            {
                IsLocal = isLocal,
                IsLocalEndpoint = listener.IsLocalEndpoint,
                Schemes = listener.Schemes,
            };
            connection.Features.Set(security);
            await next(connection).ConfigureAwait(false);
        });
    }

    // unix(7), "SO_PEERCRED": struct ucred { pid_t pid; uid_t uid; gid_t gid; }
    private static uint PeerOf(Socket socket)
    {
        const int level = 1, peerCredentials = 17;
        Span<byte> credentials = stackalloc byte[12];
        return socket.GetRawSocketOption(level, peerCredentials, credentials) == credentials.Length
            ? BitConverter.ToUInt32(credentials[4..])
            : throw new IOException("The kernel does not say who is at the other end of the socket.");
    }
}
