using Farwire.Ipmi;
using Farwire.Ipmi.Sel;
using Farwire.Ipmi.Sensor;

namespace Farwire.Providers.Hardware.Bmc;

/// <summary>What the operating system writes to a controller's log: that it started, that it goes down, and why.</summary>
/// <remarks>IPMI 2.0, "Sensor Type Codes and Data": Base OS Boot, OS Stop/Shutdown; "OEM SEL Record - Type C0h-DFh".</remarks>
public static class SystemRecords
{
    private const ushort SystemSoftware = 0x0041; // software ID 20h: system management software
    private const byte SensorSpecific = 0x6F;
    private const byte BootCompleted = 0x01;
    private const byte GracefulShutdown = 0x03;
    private const byte ReasonRecord = 0xDD;
    private const int ReasonManufacturer = 311;

    /// <summary>The operating system has started.</summary>
    public static ValueTask<ushort> WriteBootAsync(IpmiClient client, CancellationToken cancellationToken = default) =>
        client.Sel.AddAsync(Event(SensorType.OperatingSystemBoot, BootCompleted), cancellationToken);

    /// <summary>The operating system goes down; <paramref name="reason"/> follows in a record of its own.</summary>
    public static async ValueTask WriteShutdownAsync(IpmiClient client, uint reason, CancellationToken cancellationToken = default)
    {
        await client.Sel.AddAsync(Event(SensorType.OperatingSystemStop, GracefulShutdown), cancellationToken).ConfigureAwait(false);

        // record kind, sequence, then the reason's four bytes
        byte[] data = [0x01, 0x00, (byte)reason, (byte)(reason >> 8), (byte)(reason >> 16), (byte)(reason >> 24)];
        await client.Sel.AddAsync(
            new SelOemRecord { RecordType = ReasonRecord, Timestamp = 0, Manufacturer = ReasonManufacturer, Data = data }, cancellationToken).ConfigureAwait(false);
    }

    private static SelEvent Event(SensorType type, byte offset) =>
        new() { GeneratorId = SystemSoftware, SensorType = type, IsAssertion = true, EventType = SensorSpecific, Data1 = offset };
}
