using Farwire.Ipmi.Sensor;

namespace Farwire.Ipmi.Sdr;

/// <summary>A sensor that cannot be read and only sends events.</summary>
/// <remarks>IPMI 2.0, "SDR Type 03h, Event-Only Record".</remarks>
public sealed record EventOnlyRecord : SensorRecord
{
    internal const byte Type = 0x03;

    // key (3) · entity (2) · sensor type · event/reading type · sharing (2) · reserved · OEM · name
    internal static EventOnlyRecord ReadBody(ref DataReader data, ushort id)
    {
        var (owner, channel, lun, number) = ReadKey(ref data);
        var entity = new EntityId(data.Byte(), data.Byte());
        var sensorType = (SensorType)data.Byte();
        var eventType = data.Byte();
        var (count, sharing) = SensorSharing.Read(ref data);
        data.Skip(2);
        return new EventOnlyRecord
        {
            RecordId = id,
            Owner = owner,
            Channel = channel,
            Lun = lun,
            Number = number,
            Entity = entity,
            SensorType = sensorType,
            EventReadingType = eventType,
            ShareCount = count,
            Sharing = sharing,
            Name = TypeLengthText.ReadName(ref data),
        };
    }
}
