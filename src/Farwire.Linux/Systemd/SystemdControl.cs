using System.Collections.Concurrent;
using System.Runtime.CompilerServices;
using Farwire.Linux.DBus;

namespace Farwire.Linux.Systemd;

/// <summary>Starts, stops and sets up units; a job is waited for to its end.</summary>
/// <remarks>org.freedesktop.systemd1(5), "Methods" and "JobRemoved". systemd itself decides whether this process may.</remarks>
public sealed class SystemdControl(SystemBus bus)
{
    private const string Service = "org.freedesktop.systemd1";
    private const string ManagerPath = "/org/freedesktop/systemd1";
    private const string ManagerInterface = Service + ".Manager";

    private static readonly TimeSpan DiskPatience = TimeSpan.FromSeconds(20);

    private readonly ConditionalWeakTable<DBusConnection, Jobs> _jobs = [];

    /// <summary>Starts a unit; the answer is the job's result: done, failed, timeout, dependency, canceled, skipped …</summary>
    /// <exception cref="DBusException">systemd refuses, or there is none.</exception>
    public Task<string> StartAsync(string unit, CancellationToken cancellationToken) => RunAsync("StartUnit", unit, cancellationToken);

    /// <summary>Stops a unit.</summary>
    /// <exception cref="DBusException">systemd refuses, or there is none.</exception>
    public Task<string> StopAsync(string unit, CancellationToken cancellationToken) => RunAsync("StopUnit", unit, cancellationToken);

    /// <summary>Stops a unit when it runs, and starts it.</summary>
    /// <exception cref="DBusException">systemd refuses, or there is none.</exception>
    public Task<string> RestartAsync(string unit, CancellationToken cancellationToken) => RunAsync("RestartUnit", unit, cancellationToken);

    /// <summary>Lets a unit read its configuration again.</summary>
    /// <exception cref="DBusException">systemd refuses, or there is none.</exception>
    public Task<string> ReloadAsync(string unit, CancellationToken cancellationToken) => RunAsync("ReloadUnit", unit, cancellationToken);

    /// <summary>The unit starts with the system from now on.</summary>
    /// <exception cref="DBusException">systemd refuses, or there is none.</exception>
    public Task EnableAsync(string unit, CancellationToken cancellationToken) =>
        ChangeFilesAsync([("UnmaskUnitFiles", "asb", w => w.Strings(unit).Boolean(false)), ("EnableUnitFiles", "asbb", w => w.Strings(unit).Boolean(false).Boolean(true))], cancellationToken);

    /// <summary>The unit starts when somebody asks for it.</summary>
    /// <exception cref="DBusException">systemd refuses, or there is none.</exception>
    public Task DisableAsync(string unit, CancellationToken cancellationToken) =>
        ChangeFilesAsync([("UnmaskUnitFiles", "asb", w => w.Strings(unit).Boolean(false)), ("DisableUnitFiles", "asb", w => w.Strings(unit).Boolean(false))], cancellationToken);

    /// <summary>The unit does not start at all.</summary>
    /// <exception cref="DBusException">systemd refuses, or there is none.</exception>
    public Task MaskAsync(string unit, CancellationToken cancellationToken) =>
        ChangeFilesAsync([("MaskUnitFiles", "asbb", w => w.Strings(unit).Boolean(false).Boolean(false))], cancellationToken);

    /// <summary>systemd reads its unit files anew.</summary>
    /// <exception cref="DBusException">systemd refuses, or there is none.</exception>
    public Task ReadFilesAsync(CancellationToken cancellationToken) => ChangeFilesAsync([], cancellationToken);

    private async Task ChangeFilesAsync(IReadOnlyList<(string Member, string Signature, Action<DBusWriter> Arguments)> calls, CancellationToken cancellationToken)
    {
        var connection = await ConnectAsync(cancellationToken).ConfigureAwait(false);
        foreach (var (member, signature, arguments) in calls)
        {
            await connection.CallAsync(Call(member, signature, arguments), cancellationToken, DiskPatience).ConfigureAwait(false);
        }

        await connection.CallAsync(Call("Reload", "", null), cancellationToken, DiskPatience).ConfigureAwait(false);
    }

    private async Task<string> RunAsync(string member, string unit, CancellationToken cancellationToken)
    {
        var connection = await ConnectAsync(cancellationToken).ConfigureAwait(false);
        var jobs = _jobs.GetValue(connection, static c => new Jobs(c));
        await jobs.Started.WaitAsync(cancellationToken).ConfigureAwait(false);
        using var waiting = jobs.Wait();
        var answer = await connection.CallAsync(Call(member, "ss", w => w.String(unit).String("replace")), cancellationToken, DiskPatience).ConfigureAwait(false);
        return await jobs.ResultOf(answer.Body().String()).WaitAsync(cancellationToken).ConfigureAwait(false);
    }

    private async ValueTask<DBusConnection> ConnectAsync(CancellationToken cancellationToken) =>
        await bus.ConnectAsync(cancellationToken).ConfigureAwait(false) ?? throw new DBusException(DBusException.Disconnected, "this system has no message bus");

    private static DBusCall Call(string member, string signature, Action<DBusWriter>? arguments) =>
        new(Service, ManagerPath, ManagerInterface, member) { Signature = signature, Arguments = arguments };

    /// <summary>The results of jobs on one connection. A result may come before the answer that says which job it is.</summary>
    private sealed class Jobs(DBusConnection connection)
    {
        private readonly ConcurrentDictionary<string, TaskCompletionSource<string>> _results = new(StringComparer.Ordinal);
        private readonly Lock _counting = new();
        private Task? _started;
        private int _waiting;

        public Task Started
        {
            get
            {
                lock (_counting)
                {
                    return _started ??= connection.SubscribeAsync(ManagerPath, ManagerInterface, "JobRemoved", OnRemoved, CancellationToken.None);
                }
            }
        }

        public IDisposable Wait()
        {
            lock (_counting)
            {
                _waiting++;
                return new Waiting(this);
            }
        }

        public Task<string> ResultOf(string job) => Of(job).Task;

        // u id, o job, s unit, s result
        private void OnRemoved(DBusMessage message)
        {
            var body = message.Body();
            body.Skip("u");
            var job = body.String();
            body.Skip("s");
            var result = body.String();
            lock (_counting)
            {
                if (_waiting > 0)
                {
                    Of(job).TrySetResult(result);
                }
            }
        }

        private TaskCompletionSource<string> Of(string job) => _results.GetOrAdd(job, static _ => new TaskCompletionSource<string>(TaskCreationOptions.RunContinuationsAsynchronously));

        private void Leave()
        {
            lock (_counting)
            {
                if (--_waiting == 0)
                {
                    _results.Clear();
                }
            }
        }

        private sealed class Waiting(Jobs jobs) : IDisposable
        {
            public void Dispose() => jobs.Leave();
        }
    }
}
