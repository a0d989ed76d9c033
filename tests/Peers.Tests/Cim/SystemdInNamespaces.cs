namespace Farwire.Peers.Tests.Cim;

/// <summary>A real systemd, and a service that asks it.</summary>
public sealed class SystemdInNamespaces : IAsyncLifetime
{
    private readonly SystemdRoot _root = new();
    private string? _missing;
    private RunningService? _service;
    private RunningService? _inside;

    /// <summary>The service; skips the test where no systemd can be run.</summary>
    public RunningService Service
    {
        get
        {
            Assert.SkipWhen(_missing is not null, _missing ?? "");
            return _service!;
        }
    }

    /// <summary>What leads a service to this systemd.</summary>
    public IReadOnlyDictionary<string, string> Settings => new Dictionary<string, string> { ["DBUS_SYSTEM_BUS_ADDRESS"] = _root.BusAddress };

    public async ValueTask InitializeAsync()
    {
        _missing = await _root.StartAsync();
        if (_missing is null)
        {
            _service = new RunningService { Settings = Settings };
            await _service.InitializeAsync();
        }
    }

    /// <summary>A service that lives with this systemd: it sees its files, its journal and its processes. Listens outside.</summary>
    public async Task<RunningService> InsideAsync()
    {
        _ = Service;
        if (_inside is null)
        {
            _inside = new RunningService { Launcher = ["nsenter", "-t", _root.InitId, "-m", "-p"], ServiceRoot = $"/proc/{_root.InitId}/root" };
            await _inside.InitializeAsync();
        }

        return _inside;
    }

    /// <summary>Runs a program inside.</summary>
    public async Task<string> RunAsync(string program, params string[] arguments) => (await _root.RunAsync(program, arguments)).Output;

    public async ValueTask DisposeAsync()
    {
        if (_inside is not null)
        {
            await _inside.DisposeAsync();
        }

        if (_service is not null)
        {
            await _service.DisposeAsync();
        }

        await _root.DisposeAsync();
    }
}
