namespace Farwire.Ipmi.Sdr;

/// <summary>A sensor data record: what a controller says about a sensor, an inventory or another controller.</summary>
/// <remarks>IPMI 2.0, "Sensor Data Record Formats".</remarks>
public abstract record SdrRecord
{
    /// <summary>The record's number in the repository.</summary>
    public ushort RecordId { get; init; }

    /// <summary>Bytes before the body: number, version, type, length.</summary>
    internal const int HeaderBytes = 5;

    // record ID · version of the format · type · bytes that follow
    internal static SdrRecord Read(ReadOnlySpan<byte> bytes)
    {
        var data = new DataReader(bytes, "A sensor data record");
        var id = data.UInt16();
        data.Skip(1);
        var type = data.Byte();
        var length = data.Byte();
        var body = new DataReader(data.Bytes(Math.Min(length, data.Remaining)), $"Sensor data record {id:X4} of type {type:X2}");
        return type switch
        {
            FullSensorRecord.Type => FullSensorRecord.ReadBody(ref body, id),
            CompactSensorRecord.Type => CompactSensorRecord.ReadBody(ref body, id),
            EventOnlyRecord.Type => EventOnlyRecord.ReadBody(ref body, id),
            FruLocatorRecord.Type => FruLocatorRecord.ReadBody(ref body, id),
            ControllerLocatorRecord.Type => ControllerLocatorRecord.ReadBody(ref body, id),
            _ => new OtherRecord(type, body.Rest().ToArray()) { RecordId = id },
        };
    }
}

/// <summary>A record of a kind that is kept as it is: entity associations, manufacturers' own and others.</summary>
/// <param name="RecordType">The kind.</param>
/// <param name="Body">What follows the header.</param>
public sealed record OtherRecord(byte RecordType, ReadOnlyMemory<byte> Body) : SdrRecord;
