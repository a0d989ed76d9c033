using Farwire.Ipmi.Sdr;

namespace Farwire.Ipmi.Sensor;

/// <summary>What a controller says about a sensor at a moment, before conversion.</summary>
internal readonly record struct RawReading(byte Reading, bool IsScanned, bool IsUnavailable, ushort States);

/// <remarks>IPMI 2.0, "Get Sensor Reading Command".</remarks>
internal sealed record GetSensorReading(SensorRecord Sensor) : ICommand<RawReading>
{
    public CommandCode Code { get; } = new(NetworkFunction.SensorEvent, 0x2D, "Get Sensor Reading");

    public byte Lun => Sensor.Lun;

    public void Write(ref DataWriter data) => data.Byte(Sensor.Number);

    // reading · bit 7 events, bit 6 scanned, bit 5 unavailable · states 0–7 · states 8–14, the last two where the sensor has them
    public RawReading Read(ref DataReader data)
    {
        var reading = data.Byte();
        var flags = data.Byte();
        var low = data.HasMore ? data.Byte() : 0;
        var high = data.HasMore ? data.Byte() & 0x7F : 0;
        var states = Sensor.HasThresholds ? low & 0x3F : low | (high << 8);
        return new RawReading(reading, (flags & 0x40) != 0, (flags & 0x20) != 0, (ushort)states);
    }
}

/// <remarks>IPMI 2.0, "Get Sensor Reading Factors Command".</remarks>
internal sealed record GetReadingFactors(FullSensorRecord Sensor, byte Reading) : ICommand<ReadingFactors>
{
    public CommandCode Code { get; } = new(NetworkFunction.SensorEvent, 0x23, "Get Sensor Reading Factors");

    public byte Lun => Sensor.Lun;

    public void Write(ref DataWriter data)
    {
        data.Byte(Sensor.Number);
        data.Byte(Reading);
    }

    // next reading with other factors · the six bytes as in the record
    public ReadingFactors Read(ref DataReader data)
    {
        data.Skip(1);
        return ReadingFactors.ReadFactors(ref data, Sensor.Factors.Format, 0);
    }
}

/// <remarks>IPMI 2.0, "Get Sensor Thresholds Command".</remarks>
internal sealed record GetThresholds(SensorRecord Sensor) : ICommand<RawThresholds>
{
    public CommandCode Code { get; } = new(NetworkFunction.SensorEvent, 0x27, "Get Sensor Thresholds");

    public byte Lun => Sensor.Lun;

    public void Write(ref DataWriter data) => data.Byte(Sensor.Number);

    public RawThresholds Read(ref DataReader data) =>
        new((ThresholdMask)(data.Byte() & 0x3F), data.Bytes(RawThresholds.Count).ToArray());
}

/// <remarks>IPMI 2.0, "Set Sensor Thresholds Command". Only what the mask names is set.</remarks>
internal sealed record SetThresholds(SensorRecord Sensor, RawThresholds Thresholds) : ICommand<Done>
{
    public CommandCode Code { get; } = new(NetworkFunction.SensorEvent, 0x26, "Set Sensor Thresholds");

    public byte Lun => Sensor.Lun;

    public bool Changes => true;

    public void Write(ref DataWriter data)
    {
        data.Byte(Sensor.Number);
        data.Byte((byte)Thresholds.Mask);
        data.Bytes(Thresholds.Values.Span);
    }

    public Done Read(ref DataReader data) => default;
}

/// <remarks>IPMI 2.0, "Get Sensor Hysteresis Command".</remarks>
internal sealed record GetHysteresis(SensorRecord Sensor) : ICommand<(byte Positive, byte Negative)>
{
    public CommandCode Code { get; } = new(NetworkFunction.SensorEvent, 0x25, "Get Sensor Hysteresis");

    public byte Lun => Sensor.Lun;

    public void Write(ref DataWriter data)
    {
        data.Byte(Sensor.Number);
        data.Byte(0xFF); // reserved for a mask
    }

    public (byte Positive, byte Negative) Read(ref DataReader data) => (data.Byte(), data.Byte());
}

/// <remarks>IPMI 2.0, "Set Sensor Hysteresis Command".</remarks>
internal sealed record SetHysteresis(SensorRecord Sensor, byte Positive, byte Negative) : ICommand<Done>
{
    public CommandCode Code { get; } = new(NetworkFunction.SensorEvent, 0x24, "Set Sensor Hysteresis");

    public byte Lun => Sensor.Lun;

    public bool Changes => true;

    public void Write(ref DataWriter data)
    {
        data.Byte(Sensor.Number);
        data.Byte(0xFF); // reserved for a mask
        data.Byte(Positive);
        data.Byte(Negative);
    }

    public Done Read(ref DataReader data) => default;
}
