using Farwire.Ipmi.Sensor;

namespace Farwire.Ipmi.Sdr;

/// <summary>A sensor without conversion of readings, or several of them in one record.</summary>
/// <remarks>IPMI 2.0, "SDR Type 02h, Compact Sensor Record".</remarks>
public sealed record CompactSensorRecord : SensorRecord
{
    internal const byte Type = 0x02;

    /// <summary>What hysteresis the sensor has.</summary>
    public SensorCapabilities Capabilities { get; init; }

    /// <summary>The unit, which a compact record may name although it has no conversion.</summary>
    public SensorUnit Unit { get; init; }

    // key (3) · entity (2) · initialization · capabilities · sensor type · event/reading type · three masks (6) · units (3) · sharing (2) ·
    // two hystereses · 3 reserved · OEM · name
    internal static CompactSensorRecord ReadBody(ref DataReader data, ushort id)
    {
        var (owner, channel, lun, number) = ReadKey(ref data);
        var entity = new EntityId(data.Byte(), data.Byte());
        data.Skip(1);
        var capabilities = SensorCapabilities.Read(data.Byte());
        var sensorType = (SensorType)data.Byte();
        var eventType = data.Byte();
        data.Skip(6);
        var unit = SensorUnit.Read(ref data, out _);
        var (count, sharing) = SensorSharing.Read(ref data);
        data.Skip(6);
        return new CompactSensorRecord
        {
            RecordId = id,
            Owner = owner,
            Channel = channel,
            Lun = lun,
            Number = number,
            Entity = entity,
            Capabilities = capabilities,
            SensorType = sensorType,
            EventReadingType = eventType,
            Unit = unit,
            ShareCount = count,
            Sharing = sharing,
            Name = TypeLengthText.ReadName(ref data),
        };
    }
}
