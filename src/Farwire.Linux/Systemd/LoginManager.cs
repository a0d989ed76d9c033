using Farwire.Linux.DBus;

namespace Farwire.Linux.Systemd;

/// <summary>The service that ends and restarts the system.</summary>
/// <remarks>org.freedesktop.login1(5), "The Manager Object". It asks polkit whether this process may.</remarks>
public sealed class LoginManager(SystemBus bus)
{
    private const string Service = "org.freedesktop.login1";

    /// <summary>Restarts the system.</summary>
    /// <exception cref="DBusException">logind refuses, or there is none.</exception>
    public Task RebootAsync(CancellationToken cancellationToken) => CallAsync("Reboot", cancellationToken);

    /// <summary>Ends the system and switches the machine off.</summary>
    /// <exception cref="DBusException">logind refuses, or there is none.</exception>
    public Task PowerOffAsync(CancellationToken cancellationToken) => CallAsync("PowerOff", cancellationToken);

    /// <summary>Ends or restarts the system at a time; whoever is logged in is told why.</summary>
    /// <exception cref="DBusException">logind refuses, or there is none.</exception>
    public async Task ScheduleAsync(bool reboot, DateTimeOffset at, string comment, CancellationToken cancellationToken)
    {
        await CallAsync("SetWallMessage", "sb", w => w.String(comment).Boolean(true), cancellationToken).ConfigureAwait(false);
        var microseconds = (ulong)((at - DateTimeOffset.UnixEpoch).Ticks / TimeSpan.TicksPerMicrosecond);
        await CallAsync("ScheduleShutdown", "st", w => w.String(reboot ? "reboot" : "poweroff").UInt64(microseconds), cancellationToken).ConfigureAwait(false);
    }

    private Task CallAsync(string member, CancellationToken cancellationToken) => CallAsync(member, "b", w => w.Boolean(false), cancellationToken);

    private async Task CallAsync(string member, string signature, Action<DBusWriter> arguments, CancellationToken cancellationToken)
    {
        var connection = await bus.ConnectAsync(cancellationToken).ConfigureAwait(false) ?? throw new DBusException(DBusException.Disconnected, "this system has no message bus");
        await connection.CallAsync(
            new DBusCall(Service, "/org/freedesktop/login1", Service + ".Manager", member) { Signature = signature, Arguments = arguments }, cancellationToken).ConfigureAwait(false);
    }
}
