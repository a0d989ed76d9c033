namespace Farwire.Ipmi.Sdr;

/// <summary>All sensor data records of a controller, as they were at one moment.</summary>
public sealed class SdrRepository
{
    internal SdrRepository(SdrRepositoryInfo info, IReadOnlyList<ReadOnlyMemory<byte>> raw)
    {
        Info = info;
        Raw = raw;
        Records = [.. raw.Select(bytes => SdrRecord.Read(bytes.Span))];
        Sensors = [.. Records.OfType<SensorRecord>().SelectMany(record => record.Single())];
    }

    /// <summary>The records, in the controller's order.</summary>
    public IReadOnlyList<SdrRecord> Records { get; }

    /// <summary>The sensors; a record that describes several has become several.</summary>
    public IReadOnlyList<SensorRecord> Sensors { get; }

    internal SdrRepositoryInfo Info { get; }

    internal IReadOnlyList<ReadOnlyMemory<byte>> Raw { get; }

    /// <summary>The sensor with this number at this owner, or null.</summary>
    public SensorRecord? FindSensor(byte number, byte owner = 0x20, byte lun = 0) =>
        Sensors.FirstOrDefault(s => s.Number == number && s.Owner == owner && s.Lun == lun);
}
