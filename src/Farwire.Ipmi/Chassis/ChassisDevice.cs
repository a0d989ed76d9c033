namespace Farwire.Ipmi.Chassis;

/// <summary>Power and boot of the machine.</summary>
/// <remarks>IPMI 2.0, "Chassis Commands".</remarks>
public sealed class ChassisDevice
{
    private readonly IpmiClient _client;

    internal ChassisDevice(IpmiClient client) => _client = client;

    /// <summary>Power and what guards it.</summary>
    public ValueTask<ChassisStatus> GetStatusAsync(CancellationToken cancellationToken = default) => _client.SendAsync(new GetChassisStatus(), cancellationToken);

    /// <summary>Switches the power. The controller answers before it is done.</summary>
    public async ValueTask ControlAsync(ChassisControl control, CancellationToken cancellationToken = default) =>
        await _client.SendAsync(new ControlChassis(control), cancellationToken).ConfigureAwait(false);

    /// <summary>Lets the machine show itself, by light or sound; null for as long as nobody ends it, zero to end it.</summary>
    public async ValueTask IdentifyAsync(TimeSpan? duration, CancellationToken cancellationToken = default)
    {
        var seconds = duration is { } d ? (byte)Math.Clamp(Math.Ceiling(d.TotalSeconds), 0, byte.MaxValue) : (byte)0;
        await _client.SendAsync(new IdentifyChassis(seconds, duration is null), cancellationToken).ConfigureAwait(false);
    }

    /// <summary>From where the machine starts next.</summary>
    public ValueTask<BootFlags> GetBootAsync(CancellationToken cancellationToken = default) => _client.SendAsync(new GetBootFlags(), cancellationToken);

    /// <summary>Sets from where the machine starts: the next time, or always.</summary>
    public async ValueTask SetBootAsync(BootDevice device, bool persistent = false, bool uefi = false, CancellationToken cancellationToken = default)
    {
        // The lock and the acknowledge are optional: a controller without them answers an error, which does not matter.
        await _client.TryAsync(new SetBootOption(BootOptions.SetInProgress, new byte[] { 0x01 }), cancellationToken).ConfigureAwait(false);
        await _client.TryAsync(new SetBootOption(BootOptions.Acknowledge, new byte[] { 0x01, 0x01 }), cancellationToken).ConfigureAwait(false);
        await _client.SendAsync(SetBootOption.Of(new BootFlags(device, true, persistent, uefi)), cancellationToken).ConfigureAwait(false);
        await _client.TryAsync(new SetBootOption(BootOptions.SetInProgress, new byte[] { 0x00 }), cancellationToken).ConfigureAwait(false);
    }
}
