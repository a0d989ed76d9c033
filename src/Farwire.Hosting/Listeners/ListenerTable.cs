using System.Globalization;
using System.Net;
using System.Net.Security;
using System.Security.Cryptography.X509Certificates;
using Farwire.AspNetCore;
using Farwire.Security;
using Farwire.Service.Configuration;
using Microsoft.Extensions.Logging;

namespace Farwire.Hosting.Listeners;

/// <summary>The listeners that run, brought in line with those that are configured: each stands and falls alone.</summary>
/// <remarks>
/// A listener that is changed stops taking connections before the new one starts; requests under way on it end in peace. One whose port is taken is
/// written down and left closed: ListeningOn is empty then. An address that cannot be had yet keeps no other waiting: the listener opens there later.
/// </remarks>
/// <param name="edge">What all of them share.</param>
/// <param name="schemesOf">From a keytab to the schemes on offer where a listener has it.</param>
/// <param name="certificates">Where their certificates lie.</param>
/// <param name="log">The log.</param>
/// <param name="time">The clock.</param>
internal sealed class ListenerTable(
    WSManEdge edge, Func<string, IReadOnlyList<IAuthenticationScheme>> schemesOf, CertificateStore certificates, ILogger log, TimeProvider time) : IListenerHost, IAsyncDisposable
{
    // Time enough for whoever renews by hand.
    private static readonly TimeSpan ExpiryWarning = TimeSpan.FromDays(30);

    // A listener that goes lets the longest poll end; a service that goes has less time.
    private static readonly TimeSpan Drain = TimeSpan.FromSeconds(65);
    private static readonly TimeSpan LastDrain = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan PortPatience = TimeSpan.FromSeconds(3);
    private static readonly TimeSpan AddressPeriod = TimeSpan.FromSeconds(1);

    private readonly Dictionary<string, Running> _running = [];
    private readonly Dictionary<string, (WantedListener Wanted, string Why)> _closed = [];
    private readonly List<Task> _stopping = [];
    private readonly CancellationTokenSource _end = new();
    private readonly Lock _lock = new();
    private readonly SemaphoreSlim _turn = new(1);
    private readonly Dictionary<string, LateAddresses> _late = [];
    private ITimer? _retry;
    private bool _isOver;
    private ServiceConfiguration _configuration = ServiceConfiguration.Default;

    /// <summary>The listeners that should run, with what keeps some of them from it.</summary>
    public IReadOnlyList<ListenerState> States
    {
        get
        {
            lock (_lock)
            {
                return
                [
                    .. _running.Values.Select(one => new ListenerState(one.Wanted.Id, one.Wanted.Port, null, one.Certificate?.Current.NotAfter)),
                    .. _closed.Values.Select(one => new ListenerState(one.Wanted.Id, one.Wanted.Port, one.Why, null)),
                ];
            }
        }
    }

    /// <summary>Shows renewed certificates to new connections, and writes down which will end soon.</summary>
    public void LookAfterCertificates()
    {
        Renew();
        foreach (var state in States)
        {
            WarnOfExpiry(state.Id, state.CertificateExpires);
        }
    }

    /// <inheritdoc/>
    public IReadOnlyList<string> AddressesOf(ConfigurationEntry listener)
    {
        lock (_lock)
        {
            return !_running.ContainsKey(listener.Id) ? []
                : [.. LocalAddresses.Named(listener, _configuration).Where(address => !_late.TryGetValue(listener.Id, out var late) || !late.Addresses.Contains(address)).Select(address => address.ToString())];
        }
    }

    /// <inheritdoc/>
    public string? MissingCertificate(ConfigurationEntry listener) =>
        certificates.Find(listener["CertificateThumbprint"], listener["Hostname"], out var missing) is null ? missing : null;

    /// <summary>
    /// Opens, changes and closes listeners until they are those of <paramref name="configuration"/>, and shows renewed certificates to new
    /// connections. Calls come in turn.
    /// </summary>
    public async Task ApplyAsync(ServiceConfiguration configuration)
    {
        await _turn.WaitAsync().ConfigureAwait(false);
        try
        {
            await ApplyInTurnAsync(configuration).ConfigureAwait(false);
            WaitForAddresses();
        }
        finally
        {
            _turn.Release();
        }
    }

    private async Task ApplyInTurnAsync(ServiceConfiguration configuration)
    {
        _configuration = configuration;
        Renew();
        var wanted = Wanted(configuration).ToDictionary(one => one.Id);
        foreach (var id in _running.Keys.Where(id => !wanted.TryGetValue(id, out var one) || !one.Sameness.Equals(_running[id].Wanted.Sameness)).ToList())
        {
            Stop(id);
        }

        lock (_lock)
        {
            _closed.Clear();
            foreach (var id in _late.Keys.Where(id => !_running.ContainsKey(id)).ToList())
            {
                _late.Remove(id);
            }
        }

        foreach (var one in wanted.Values.Where(one => !_running.ContainsKey(one.Id)))
        {
            await StartAsync(one).ConfigureAwait(false);
        }
    }

    /// <summary>Stops listening, and waits until what is under way has ended.</summary>
    public async ValueTask DisposeAsync()
    {
        await _turn.WaitAsync().ConfigureAwait(false);
        _isOver = true; // and whoever has the turn after this opens nothing
        _turn.Release();
        if (_retry is not null)
        {
            await _retry.DisposeAsync().ConfigureAwait(false);
        }

        _end.CancelAfter(LastDrain);
        foreach (var id in _running.Keys.ToList())
        {
            Stop(id);
        }

        await Task.WhenAll(_stopping).ConfigureAwait(false);
        _end.Dispose();
    }

    private static IEnumerable<WantedListener> Wanted(ServiceConfiguration configuration)
    {
        if (!configuration.IsTrue("Service/AllowRemoteAccess"))
        {
            yield break;
        }

        foreach (var entry in configuration.EntriesOf(ConfigurationTable.Listeners).Where(entry => entry.IsTrue("Enabled")))
        {
            var isTls = entry["Transport"] == "HTTPS";
            var addresses = LocalAddresses.ToBind(entry, configuration);
            var port = int.Parse(configuration.PortOf(entry), CultureInfo.InvariantCulture);
            yield return new WantedListener(entry.Id, addresses, port, isTls, entry["URLPrefix"], entry["CertificateThumbprint"], entry["Hostname"], entry["Keytab"]);
            if (configuration[isTls ? ConfigurationTable.CompatibilityHttps : ConfigurationTable.CompatibilityHttp] == "true")
            {
                yield return new WantedListener(entry.Id + " (compatibility)", addresses, isTls ? 443 : 80, isTls, entry["URLPrefix"], entry["CertificateThumbprint"], entry["Hostname"], entry["Keytab"]);
            }
        }
    }

    private void Renew()
    {
        List<KeyValuePair<string, Running>> all;
        lock (_lock)
        {
            all = [.. _running];
        }

        foreach (var (id, running) in all)
        {
            if (running.Certificate is { } held && certificates.Find(running.Wanted.Thumbprint, running.Wanted.HostName, out _) is { } found && !found.Equals(held.Current))
            {
                held.Context = certificates.ContextOf(found);
                Log.CertificateRenewed(log, id, found.Thumbprint, found.NotAfter);
                WarnOfExpiry(id, found.NotAfter);
            }
        }
    }

    private async Task StartAsync(WantedListener wanted)
    {
        HeldCertificate? held = null;
        if (wanted.IsTls)
        {
            if (certificates.Find(wanted.Thumbprint, wanted.HostName, out var missing) is not { } certificate)
            {
                Close(wanted, missing);
                return;
            }

            held = new HeldCertificate(certificates.ContextOf(certificate));
        }

        if (wanted.Addresses.Count == 0)
        {
            Close(wanted, "no address of this machine is meant by it; it is looked at again every second");
            Expect(wanted, []);
            return;
        }

        var ready = wanted.Addresses.Where(LocalAddresses.CanBeBound).ToList();
        List<IPAddress> late = [.. wanted.Addresses.Except(ready)];
        if (ready.Count == 0)
        {
            Close(wanted, $"{string.Join(", ", late)} cannot be had: no card has it, or it is being looked for duplicates; it is tried again every second");
            Expect(wanted, late);
            return;
        }

        // The one that had the port before may need a moment to let go of it.
        using var patience = new CancellationTokenSource(PortPatience);
        for (var wait = TimeSpan.FromMilliseconds(10); ; wait *= 2)
        {
            try
            {
                var server = await OpenAsync(wanted, ready, held).ConfigureAwait(false);
                lock (_lock)
                {
                    _running.Add(wanted.Id, new Running(wanted, [server], held));
                }

                Log.ListenerStarted(log, wanted.Id, wanted.Port);
                WarnOfExpiry(wanted.Id, held?.Current.NotAfter);
                if (late.Count > 0)
                {
                    Log.ListenerWaits(log, wanted.Id, string.Join(", ", late));
                    Expect(wanted, late);
                }

                return;
            }
            catch (Exception e) when (e is IOException or System.Net.Sockets.SocketException)
            {
                if (_stopping.All(task => task.IsCompleted) || patience.IsCancellationRequested)
                {
                    Close(wanted, e.Message);
                    return;
                }

                await Task.Delay(wait).ConfigureAwait(false);
            }
        }
    }

    private Task<WSManServer> OpenAsync(WantedListener wanted, IEnumerable<IPAddress> addresses, HeldCertificate? held) => WSManServer.StartAsync(
        edge,
        [
            .. addresses.Select(address => new Listener(new IPEndPoint(address, wanted.Port))
            {
                CertificateSource = held is null ? null : () => held.Context,
                Schemes = wanted.Keytab.Length == 0 ? null : () => schemesOf(wanted.Keytab),
            }),
        ],
        wanted.UrlPrefix);

    private void Expect(WantedListener wanted, List<IPAddress> addresses)
    {
        lock (_lock)
        {
            _late[wanted.Id] = new LateAddresses(wanted, addresses);
        }
    }

    // In turn.
    private void WaitForAddresses()
    {
        if (_late.Count > 0 && !_isOver)
        {
            _retry ??= time.CreateTimer(_ => _ = RetryAsync(), null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
            _retry.Change(AddressPeriod, Timeout.InfiniteTimeSpan);
        }
    }

    private async Task RetryAsync()
    {
        await _turn.WaitAsync().ConfigureAwait(false);
        try
        {
            var without = _late.Values.Where(late => late.Addresses.Count == 0).Select(late => late.Wanted.Id).ToHashSet();
            if (without.Count > 0 && !_isOver && Wanted(_configuration).Any(one => one.Addresses.Count > 0 && without.Contains(one.Id)))
            {
                await ApplyInTurnAsync(_configuration).ConfigureAwait(false); // a card has got its first address
            }

            foreach (var (id, late) in _late.ToList())
            {
                var ready = late.Addresses.Where(LocalAddresses.CanBeBound).ToList();
                if (ready.Count > 0 && !_isOver)
                {
                    await OpenLateAsync(id, late, ready).ConfigureAwait(false);
                }
            }

            WaitForAddresses();
        }
        finally
        {
            _turn.Release();
        }
    }

    private async Task OpenLateAsync(string id, LateAddresses late, List<IPAddress> ready)
    {
        lock (_lock)
        {
            _late.Remove(id);
        }

        if (!_running.TryGetValue(id, out var running))
        {
            lock (_lock)
            {
                _closed.Remove(id);
            }

            await StartAsync(late.Wanted).ConfigureAwait(false);
            return;
        }

        List<IPAddress> rest = [.. late.Addresses.Except(ready)];
        try
        {
            running.Servers.Add(await OpenAsync(running.Wanted, ready, running.Certificate).ConfigureAwait(false));
            Log.ListenerGrew(log, id, string.Join(", ", ready));
        }
        catch (Exception e) when (e is IOException or System.Net.Sockets.SocketException)
        {
            // Another program has the port there: what is open stays open.
            Log.ListenerNotStarted(log, $"{id} at {string.Join(", ", ready)}", e.Message);
        }

        if (rest.Count > 0)
        {
            Expect(late.Wanted, rest);
        }
    }

    private void WarnOfExpiry(string id, DateTime? expires)
    {
        if (expires is { } end && end.ToUniversalTime() - time.GetUtcNow() < ExpiryWarning)
        {
            Log.CertificateExpires(log, id, end);
        }
    }

    private void Close(WantedListener wanted, string why)
    {
        lock (_lock)
        {
            _closed[wanted.Id] = (wanted, why);
        }

        Log.ListenerNotStarted(log, wanted.Id, why);
    }

    private void Stop(string id)
    {
        Running running;
        lock (_lock)
        {
            _running.Remove(id, out running!);
        }

        Log.ListenerStopped(log, id);
        _stopping.RemoveAll(task => task.IsCompleted);
        _stopping.Add(EndAsync(running));

        // The request that ends a listener may have come by it: nobody waits for its end here.
        async Task EndAsync(Running ending)
        {
            using var patience = CancellationTokenSource.CreateLinkedTokenSource(_end.Token);
            patience.CancelAfter(Drain);
            await Task.WhenAll(ending.Servers.Select(server => server.StopAsync(patience.Token))).ConfigureAwait(false);
        }
    }

    /// <summary>What a configured listener comes to.</summary>
    private sealed record WantedListener(string Id, IReadOnlyList<IPAddress> Addresses, int Port, bool IsTls, string UrlPrefix, string Thumbprint, string HostName, string Keytab)
    {
        public string Sameness => $"{string.Join(',', Addresses)} {Port} {IsTls} {UrlPrefix} {Thumbprint} {HostName} {Keytab}";
    }

    /// <summary>One that runs: the server it began with, and those of addresses that came later.</summary>
    private sealed record Running(WantedListener Wanted, List<WSManServer> Servers, HeldCertificate? Certificate);

    /// <summary>Where one is to listen as well, once these can be had.</summary>
    private sealed record LateAddresses(WantedListener Wanted, IReadOnlyList<IPAddress> Addresses);

    /// <summary>The certificate that new connections get.</summary>
    private sealed class HeldCertificate(SslStreamCertificateContext first)
    {
        private volatile SslStreamCertificateContext _context = first;

        public SslStreamCertificateContext Context
        {
            get => _context;
            set => _context = value;
        }

        public X509Certificate2 Current => _context.TargetCertificate;
    }
}
