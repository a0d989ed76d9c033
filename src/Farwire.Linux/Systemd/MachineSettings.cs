using Farwire.Linux.DBus;

namespace Farwire.Linux.Systemd;

/// <summary>The services that change the machine's name and its clock.</summary>
/// <remarks>org.freedesktop.hostname1(5), org.freedesktop.timedate1(5). They ask polkit whether this process may.</remarks>
public sealed class MachineSettings(SystemBus bus)
{
    private const string HostnameService = "org.freedesktop.hostname1";
    private const string ClockService = "org.freedesktop.timedate1";

    /// <summary>Names the machine, now and after the next start.</summary>
    /// <exception cref="DBusException">The service refuses, or there is none.</exception>
    public async Task RenameAsync(string name, CancellationToken cancellationToken)
    {
        await CallAsync(HostnameService, "/org/freedesktop/hostname1", "SetStaticHostname", "sb", w => w.String(name).Boolean(false), cancellationToken).ConfigureAwait(false);
        await CallAsync(HostnameService, "/org/freedesktop/hostname1", "SetHostname", "sb", w => w.String(name).Boolean(false), cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Sets the clock.</summary>
    /// <exception cref="DBusException">The service refuses, as it does while the clock is kept by the network, or there is none.</exception>
    public Task SetClockAsync(DateTimeOffset time, CancellationToken cancellationToken) => CallAsync(
        ClockService, "/org/freedesktop/timedate1", "SetTime", "xbb",
        w => w.UInt64((ulong)((time - DateTimeOffset.UnixEpoch).Ticks / TimeSpan.TicksPerMicrosecond)).Boolean(false).Boolean(false), cancellationToken);

    private async Task CallAsync(string service, string path, string member, string signature, Action<DBusWriter> arguments, CancellationToken cancellationToken)
    {
        var connection = await bus.ConnectAsync(cancellationToken).ConfigureAwait(false) ?? throw new DBusException(DBusException.Disconnected, "this system has no message bus");
        await connection.CallAsync(new DBusCall(service, path, service, member) { Signature = signature, Arguments = arguments }, cancellationToken).ConfigureAwait(false);
    }
}
