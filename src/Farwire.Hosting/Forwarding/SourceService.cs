using Farwire.AspNetCore;
using Farwire.Events;
using Farwire.Hosting.Accounts;
using Farwire.Hosting.Configuration;
using Farwire.Hosting.Delivery;
using Farwire.Linux.Journal;
using Farwire.Protocol.Names;
using Farwire.Service.Configuration;
using Farwire.Service.Access;
using Farwire.Service.Dispatch;
using Farwire.Service.Resources;
using Farwire.Service.Roles;
using Farwire.Source.Access;
using Farwire.Source.Forwarding;
using Farwire.Source.Journal;
using Farwire.Source.Mapping;
using Farwire.Source.Operational;
using Farwire.Source.Resources;
using Farwire.Source.Syslog;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace Farwire.Hosting.Forwarding;

/// <summary>The event source as a process of its own: it forwards to collectors, and answers those that subscribe or ask by themselves.</summary>
/// <remarks>Whoever subscribes reaches it through the edge of the management service, which authenticates, unseals and hands over.</remarks>
public sealed class SourceService : IAsyncDisposable
{
    private readonly ConfigurationFiles _files;
    private readonly ILogger _log;
    private readonly JournalWriter _journal;
    private readonly OperationalLog _operations;
    private readonly JournalChannels _channels;
    private readonly EventForwarder _forwarder;
    private readonly Dispatcher _dispatcher;
    private readonly SourceWatch _watch;
    private readonly List<SyslogListener> _syslog = [];
    private readonly SelFeed _hardware;
    private readonly CancellationTokenSource _stop = new();
    private readonly Task _forwarding;
    private volatile SourceFile _file;
    private RoleServer? _role;
    private WSManServer? _server;

    private SourceService(MachineServiceOptions options, ConfigurationFiles files)
    {
        _files = files;
        var logs = options.Logs ?? NullLoggerFactory.Instance;
        _log = logs.CreateLogger("Farwire.Source");
        _file = SourceFile.Read(files.SourceFile, files.SourceFolder);
        var (rules, access) = RulesOf(files.EventRulesFile);
        Directory.CreateDirectory(files.SourceFolder);
        _journal = new JournalWriter(_file.JournalSocket ?? JournalWriter.DefaultSocket);
        _operations = new OperationalLog(_journal, _log);
        _channels = JournalChannels.Open(Path.Combine(files.SourceFolder, "numbers.db"), rules, _file.Options.Identity.MachineId, _file.JournalDirectory, _log)
            ?? throw new IOException("There is no journal of systemd on this machine, or no library that reads it (libsystemd.so.0).");
        _forwarder = new EventForwarder(_file.Options, _channels, _operations, _log);
        var catalog = new ResourceCatalog()
            .AddEventLog(_channels, access)
            .AddForwarding(() => _forwarder.Standing, () => _file.Invalid);
        _dispatcher = new Dispatcher(
            catalog,
            new ServiceOptions { Access = options.Access },
            logger: logs.CreateLogger<Dispatcher>(),
            deliveries: new HttpDeliveries(() => options.Configuration.Current.IsTrue("Service/AllowUnencrypted")));
        _dispatcher.Options = _dispatcher.Options.With(options.Configuration.Current);
        TellInvalid(_file);
        _hardware = SelFeed.Start(options.Hardware, _journal, files.SourceFolder, TimeProvider.System, _log);
        _forwarding = _forwarder.RunAsync(_stop.Token);
        _watch = new SourceWatch(files.SourceFile, ReadAgainAsync);
    }

    /// <summary>What the management service needs to hand messages over to the source at <paramref name="socket"/>.</summary>
    public static RemoteRole RoleAt(string socket) => new("event source", socket, [SourceUris.Prefix, ResourceUris.EventLog], []);

    /// <summary>What becomes of what this machine logs, and who may read it.</summary>
    /// <exception cref="ConfigurationFileException">The file cannot be read or is wrong, with the line.</exception>
    public static (EventRules Rules, ChannelAccess Access) RulesOf(string file)
    {
        try
        {
            var rules = !File.Exists(file) ? EventRules.Default
                : new FileInfo(file).Length <= EventRuleFile.MaxLength ? EventRuleFile.Read(File.ReadAllText(file))
                : throw new ConfigurationFileException(file, 0, $"the file has more than {EventRuleFile.MaxLength} bytes.");
            return (rules, new ChannelAccess(rules.Descriptors));
        }
        catch (EventRuleException e)
        {
            throw new ConfigurationFileException(file, e.Line, e.Reason);
        }
        catch (SddlException e)
        {
            throw new ConfigurationFileException(file, 0, $"security: {e.Message}");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new ConfigurationFileException(file, 0, e.Message);
        }
    }

    /// <summary>Starts it; when the task ends, it forwards and answers.</summary>
    /// <param name="options">Users, access and configuration: those of the management service. Its local socket is that of commands.</param>
    /// <param name="files">Where the source's own files are.</param>
    /// <param name="socket">Where the management service hands messages over.</param>
    /// <param name="cancellationToken">Gives up starting.</param>
    /// <exception cref="ConfigurationFileException">A file is wrong.</exception>
    /// <exception cref="IOException">There is no journal, or the folder cannot be used.</exception>
    public static async Task<SourceService> StartAsync(MachineServiceOptions options, ConfigurationFiles files, string socket, CancellationToken cancellationToken = default)
    {
        var service = new SourceService(options, files);
        try
        {
            service._role = RoleServer.Start(socket, service._dispatcher);
            foreach (var place in service._file.Syslog)
            {
                service._syslog.Add(SyslogListener.Start(place, service._journal, service._log));
            }

            var edge = new WSManEdge(service._dispatcher, [], new WSManEdgeOptions { Accounts = new LinuxAccounts(TimeProvider.System) }, options.Logs);
            var local = options.LocalSocket is { } path ? new LocalListener(path, LinuxAccounts.PrincipalOf) : null;
            service._server = await WSManServer.StartAsync(edge, [], edge.Options.UrlPrefix, local, [], cancellationToken).ConfigureAwait(false);
            return service;
        }
        catch
        {
            await service.DisposeAsync().ConfigureAwait(false);
            throw;
        }
    }

    /// <summary>Reads the policy again, with certificates and passwords. A broken file changes nothing.</summary>
    public async Task ReadAgainAsync()
    {
        try
        {
            var file = SourceFile.Read(_files.SourceFile, _files.SourceFolder);
            _file = file;
            TellInvalid(file);
            await _forwarder.ChangeAsync(file.Options, _stop.Token).ConfigureAwait(false);
        }
        catch (ConfigurationFileException e)
        {
            _operations.Write(OperationalEvent.PolicyInvalid(_files.SourceFile, e.Message));
        }
        catch (OperationCanceledException)
        {
            // It stops; the next start reads what stands there then.
        }
    }

    /// <summary>Tells the collectors that it stops, and ends.</summary>
    public async ValueTask DisposeAsync()
    {
        _watch.Dispose();
        await _hardware.DisposeAsync().ConfigureAwait(false);
        foreach (var listener in _syslog)
        {
            await listener.DisposeAsync().ConfigureAwait(false);
        }

        await _stop.CancelAsync().ConfigureAwait(false);
        await _forwarding.ConfigureAwait(false);
        if (_server is not null)
        {
            await _server.DisposeAsync().ConfigureAwait(false);
        }

        if (_role is not null)
        {
            await _role.DisposeAsync().ConfigureAwait(false);
        }

        await _dispatcher.DisposeAsync().ConfigureAwait(false);
        _forwarder.Dispose();
        _channels.Dispose();
        _stop.Dispose();
    }

    private void TellInvalid(SourceFile file)
    {
        foreach (var (line, reason) in file.Invalid)
        {
            _operations.Write(OperationalEvent.PolicyInvalid(line, reason));
        }
    }
}
