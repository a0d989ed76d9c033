using System.Collections.Concurrent;
using Farwire.Linux.DBus;
using Farwire.TestKit;

namespace Farwire.Linux.Tests.DBus;

/// <summary>Our client at a real bus.</summary>
[Trait("Peer", "dbus-daemon")]
public sealed class ConnectionTests
{
    private const string Bus = "org.freedesktop.DBus";

    [Fact]
    public async Task Many_calls_at_once_get_their_own_answers()
    {
        await using var daemon = await DBusDaemon.StartAsync();
        await using var connection = await DBusConnection.OpenAsync(daemon.EndPoint, TimeProvider.System, default);

        var answers = await Task.WhenAll(Enumerable.Range(0, 500).Select(async i => i % 2 == 0
            ? (await connection.CallAsync(ToBus("GetNameOwner", Bus), default)).Body().String()
            : (await Assert.ThrowsAsync<DBusException>(() => connection.CallAsync(ToBus("GetNameOwner", "no.such.Name" + i), default))).Message));

        for (var i = 0; i < answers.Length; i++)
        {
            Assert.Contains(i % 2 == 0 ? Bus : "no.such.Name" + i, answers[i], StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task A_service_that_is_not_there_is_told_from_a_bus_that_is_not_there()
    {
        await using var daemon = await DBusDaemon.StartAsync();
        await using var bus = new SystemBus(daemon.Address);
        await using var nobody = new SystemBus("unix:path=/nowhere/bus");
        var connection = await bus.ConnectAsync(default);

        var error = await Assert.ThrowsAsync<DBusException>(() => connection!.CallAsync(new DBusCall("no.such.Service", "/", "a.b", "C"), default));

        Assert.True(error.IsNobodyThere, error.Message);
        Assert.Null(await nobody.ConnectAsync(default));
    }

    [Fact]
    public async Task Signals_reach_those_who_asked_for_them()
    {
        await using var daemon = await DBusDaemon.StartAsync();
        await using var connection = await DBusConnection.OpenAsync(daemon.EndPoint, TimeProvider.System, default);
        var names = new BlockingCollection<string>();
        await connection.SubscribeAsync("/org/freedesktop/DBus", Bus, "NameOwnerChanged", m => names.Add(m.Body().String()), default);

        await using (await DBusConnection.OpenAsync(daemon.EndPoint, TimeProvider.System, default))
        {
            Assert.True(names.TryTake(out var name, TimeSpan.FromSeconds(20)));
            Assert.StartsWith(":1.", name, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task Who_does_not_answer_is_not_waited_for_forever()
    {
        await using var daemon = await DBusDaemon.StartAsync();
        var time = new ManualTime();
        await using var connection = await DBusConnection.OpenAsync(daemon.EndPoint, time, default);
        await using var silent = await DBusConnection.OpenAsync(daemon.EndPoint, TimeProvider.System, default); // answers no calls

        var call = connection.CallAsync(new DBusCall(silent.UniqueName, "/", "a.b", "C"), default, TimeSpan.FromSeconds(3));
        while (time.WaitingTimers == 0)
        {
            await Task.Yield();
        }

        time.Advance(TimeSpan.FromSeconds(3));

        Assert.Equal(DBusException.NoReply, (await Assert.ThrowsAsync<DBusException>(() => call)).Name);
        Assert.True(connection.IsOpen);
    }

    [Fact]
    public async Task A_bus_that_was_gone_is_connected_again()
    {
        await using var daemon = await DBusDaemon.StartAsync();
        await using var bus = new SystemBus(daemon.Address);
        var before = (await bus.ConnectAsync(default))!;

        await daemon.StopAsync();
        while (before.IsOpen)
        {
            await Task.Yield();
        }

        Assert.Null(await bus.ConnectAsync(default));
        await Assert.ThrowsAsync<DBusException>(() => before.CallAsync(ToBus("GetNameOwner", Bus), default));
        await daemon.RunAsync();
        var after = (await bus.ConnectAsync(default))!;
        Assert.Equal(Bus, (await after.CallAsync(ToBus("GetNameOwner", Bus), default)).Body().String());
    }

    private static DBusCall ToBus(string member, string argument) =>
        new(Bus, "/org/freedesktop/DBus", Bus, member) { Signature = "s", Arguments = w => w.String(argument) };
}
