using System.Collections.Concurrent;
using System.Runtime.CompilerServices;
using System.Text;
using Farwire.Linux.DBus;

namespace Farwire.Linux.Systemd;

/// <summary>systemd as its own tools speak with it. Where no systemd runs every list is empty.</summary>
/// <remarks>org.freedesktop.systemd1(5). What is on disk is read once and again after systemd announces a change.</remarks>
public sealed class SystemdManager(SystemBus bus)
{
    private const string Service = "org.freedesktop.systemd1";
    private const string ManagerPath = "/org/freedesktop/systemd1";
    private const string ManagerInterface = Service + ".Manager";

    // Reading all unit files from a cold disk takes its time.
    private static readonly TimeSpan DiskPatience = TimeSpan.FromSeconds(20);

    private readonly ConditionalWeakTable<DBusConnection, Watch> _watches = [];

    /// <summary>The units in memory whose names match the shell pattern.</summary>
    public async Task<IReadOnlyList<UnitFacts>> ListUnitsAsync(string pattern, CancellationToken cancellationToken)
    {
        var message = await CallAsync("ListUnitsByPatterns", "asas", w => w.Strings().Strings(pattern), null, cancellationToken).ConfigureAwait(false);
        return message is null ? [] : ReadUnits(message);
    }

    /// <summary>The unit files whose names match the shell pattern.</summary>
    public async Task<IReadOnlyList<UnitFile>> ListUnitFilesAsync(string pattern, CancellationToken cancellationToken)
    {
        if (await WatchAsync(cancellationToken).ConfigureAwait(false) is not { } watch)
        {
            return [];
        }

        var memory = watch.Memory;
        if (memory.Files.TryGetValue(pattern, out var known))
        {
            return known;
        }

        var message = await CallAsync("ListUnitFilesByPatterns", "asas", w => w.Strings().Strings(pattern), DiskPatience, cancellationToken).ConfigureAwait(false);
        return memory.Files[pattern] = message is null ? [] : ReadUnitFiles(message);
    }

    /// <summary>A property that the unit's file alone decides: asked for once, and again after systemd announced that files changed.</summary>
    public async Task<object?> GetSettingAsync(string unitPath, string interfaceName, string property, CancellationToken cancellationToken)
    {
        if (await WatchAsync(cancellationToken).ConfigureAwait(false) is not { } watch)
        {
            return null;
        }

        var (memory, key) = (watch.Memory, (unitPath, property));
        if (memory.Settings.TryGetValue(key, out var known))
        {
            return known;
        }

        var value = await GetPropertyAsync(unitPath, interfaceName, property, cancellationToken).ConfigureAwait(false);
        if (memory.Settings.Count < Memory.MaxSettings)
        {
            memory.Settings[key] = value;
        }

        return value;
    }

    /// <summary>How the whole system is: <c>running</c>, <c>stopping</c> and so on; null without systemd.</summary>
    public async Task<string?> GetStateAsync(CancellationToken cancellationToken) =>
        await GetPropertyAsync(ManagerPath, "Manager", "SystemState", cancellationToken).ConfigureAwait(false) as string;

    /// <summary>A property of a unit; null when there is no such unit or property.</summary>
    /// <param name="unitPath">The unit's object.</param>
    /// <param name="interfaceName">Without the service's name, such as <c>Unit</c> or <c>Service</c>.</param>
    /// <param name="property">The property.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    public async Task<object?> GetPropertyAsync(string unitPath, string interfaceName, string property, CancellationToken cancellationToken)
    {
        if (await bus.ConnectAsync(cancellationToken).ConfigureAwait(false) is not { } connection)
        {
            return null;
        }

        try
        {
            var answer = await connection.CallAsync(DBusCall.Get(Service, unitPath, $"{Service}.{interfaceName}", property), cancellationToken).ConfigureAwait(false);
            return answer.Body().Variant();
        }
        catch (DBusException e) when (e.IsNobodyThere || e.Name is "org.freedesktop.DBus.Error.UnknownObject" or "org.freedesktop.DBus.Error.UnknownProperty"
            or "org.freedesktop.DBus.Error.UnknownInterface" or "org.freedesktop.DBus.Error.InvalidArgs" or Service + ".NoSuchUnit")
        {
            return null;
        }
    }

    /// <summary>Calls <paramref name="changed"/> whenever units may have come, gone or changed, until the answer is disposed; null where no systemd runs.</summary>
    /// <remarks>It is called where messages are received, so it must not wait; and with the connection it ends, so who must miss nothing looks from time to time.</remarks>
    public async Task<IDisposable?> ListenAsync(Action changed, CancellationToken cancellationToken)
    {
        if (await bus.ConnectAsync(cancellationToken).ConfigureAwait(false) is not { } connection || await WatchAsync(cancellationToken).ConfigureAwait(false) is not { } watch)
        {
            return null;
        }

        try
        {
            return await watch.ListenAsync(connection, changed).WaitAsync(cancellationToken).ConfigureAwait(false);
        }
        catch (DBusException)
        {
            return null; // a bus that lets nobody listen: who asked looks from time to time
        }
    }

    /// <summary>The object of the unit <paramref name="name"/>: all but letters and digits is escaped.</summary>
    public static string PathOf(string name)
    {
        var path = new StringBuilder(ManagerPath + "/unit/");
        for (var i = 0; i < name.Length; i++)
        {
            var c = name[i];
            if (char.IsAsciiLetter(c) || (char.IsAsciiDigit(c) && i > 0))
            {
                path.Append(c);
                continue;
            }

            foreach (var b in Encoding.UTF8.GetBytes([c]))
            {
                path.Append('_').Append(Convert.ToHexStringLower([b]));
            }
        }

        return path.ToString();
    }

    private async Task<DBusMessage?> CallAsync(string member, string signature, Action<DBusWriter> arguments, TimeSpan? patience, CancellationToken cancellationToken)
    {
        if (await bus.ConnectAsync(cancellationToken).ConfigureAwait(false) is not { } connection)
        {
            return null;
        }

        try
        {
            return await connection.CallAsync(
                new DBusCall(Service, ManagerPath, ManagerInterface, member) { Signature = signature, Arguments = arguments }, cancellationToken, patience).ConfigureAwait(false);
        }
        catch (DBusException e) when (e.IsNobodyThere)
        {
            return null;
        }
    }

    private async ValueTask<Watch?> WatchAsync(CancellationToken cancellationToken)
    {
        if (await bus.ConnectAsync(cancellationToken).ConfigureAwait(false) is not { } connection)
        {
            return null;
        }

        var watch = _watches.GetValue(connection, static _ => new Watch());
        try
        {
            await watch.StartAsync(connection).WaitAsync(cancellationToken).ConfigureAwait(false);
            return watch;
        }
        catch (DBusException e) when (e.IsNobodyThere)
        {
            return null;
        }
    }

    // a(ssssssouso): name, description, load, active, sub, followed unit, object, job id, job type, job object
    private static List<UnitFacts> ReadUnits(DBusMessage message)
    {
        var units = new List<UnitFacts>();
        var body = message.Body();
        for (var end = body.ArrayEnd('('); body.Position < end;)
        {
            body.Structure();
            var (name, description, load, active, sub) = (body.String(), body.String(), body.String(), body.String(), body.String());
            body.Skip("s");
            units.Add(new UnitFacts(name, description, load, active, sub, body.String()));
            body.Skip("u");
            body.Skip("s");
            body.Skip("o");
        }

        return units;
    }

    // a(ss): path, state
    private static List<UnitFile> ReadUnitFiles(DBusMessage message)
    {
        var files = new List<UnitFile>();
        var body = message.Body();
        for (var end = body.ArrayEnd('('); body.Position < end;)
        {
            body.Structure();
            var path = body.String();
            files.Add(new UnitFile(path[(path.LastIndexOf('/') + 1)..], body.String()));
        }

        return files;
    }

    /// <summary>Forgets what files said when systemd announces on this connection that they changed.</summary>
    private sealed class Watch
    {
        private static readonly string[] Changes = ["UnitFilesChanged", "Reloading"];

        private readonly Lock _starting = new();
        private readonly List<Action> _listeners = [];
        private Task? _started;
        private Task? _hearing;
        private Memory _memory = new();

        public Memory Memory => Volatile.Read(ref _memory);

        // A start that failed is tried again by the next who asks.
        public Task StartAsync(DBusConnection connection)
        {
            lock (_starting)
            {
                return _started is { IsFaulted: false, IsCanceled: false } ? _started : _started = SubscribeAsync(connection);
            }
        }

        public async Task<IDisposable> ListenAsync(DBusConnection connection, Action changed)
        {
            Task hearing;
            lock (_starting)
            {
                _listeners.Add(changed);
                hearing = _hearing is { IsFaulted: false, IsCanceled: false } ? _hearing : _hearing = HearAsync(connection);
            }

            await hearing.ConfigureAwait(false);
            return new Listening(this, changed);
        }

        // UnitNew and UnitRemoved tell of units in memory, PropertiesChanged of their states, UnitFilesChanged of what is on disk.
        private async Task HearAsync(DBusConnection connection)
        {
            foreach (var change in new[] { "UnitNew", "UnitRemoved", "UnitFilesChanged" })
            {
                await connection.SubscribeAsync(ManagerPath, ManagerInterface, change, _ => Tell(), CancellationToken.None).ConfigureAwait(false);
            }

            await connection.SubscribeAsync(ManagerPath + "/unit/", "org.freedesktop.DBus.Properties", "PropertiesChanged", _ => Tell(), CancellationToken.None).ConfigureAwait(false);
        }

        private void Tell()
        {
            Action[] listeners;
            lock (_starting)
            {
                listeners = [.. _listeners];
            }

            foreach (var listener in listeners)
            {
                listener();
            }
        }

        private void Leave(Action listener)
        {
            lock (_starting)
            {
                _listeners.Remove(listener);
            }
        }

        private sealed class Listening(Watch watch, Action listener) : IDisposable
        {
            public void Dispose() => watch.Leave(listener);
        }

        private async Task SubscribeAsync(DBusConnection connection)
        {
            foreach (var change in Changes)
            {
                await connection.SubscribeAsync(
                    ManagerPath, ManagerInterface, change, _ => Volatile.Write(ref _memory, new Memory()), CancellationToken.None).ConfigureAwait(false);
            }

            await connection.CallAsync(new DBusCall(Service, ManagerPath, ManagerInterface, "Subscribe"), CancellationToken.None).ConfigureAwait(false);
        }
    }

    /// <summary>What files said; replaced as a whole, so that a late answer cannot bring back what was before a change.</summary>
    private sealed class Memory
    {
        public const int MaxSettings = 100_000;

        public ConcurrentDictionary<string, IReadOnlyList<UnitFile>> Files { get; } = [];

        public ConcurrentDictionary<(string Path, string Property), object?> Settings { get; } = [];
    }
}
