using Farwire.Ipmi.Sensor;

namespace Farwire.Ipmi.Sdr;

/// <summary>A sensor with all about it: what its readings mean and where its thresholds are.</summary>
/// <remarks>IPMI 2.0, "SDR Type 01h, Full Sensor Record".</remarks>
public sealed record FullSensorRecord : SensorRecord
{
    internal const byte Type = 0x01;

    /// <summary>What thresholds and hysteresis the sensor has.</summary>
    public SensorCapabilities Capabilities { get; init; }

    /// <summary>The thresholds that can be read.</summary>
    public ThresholdMask ReadableThresholds { get; init; }

    /// <summary>The thresholds that can be set.</summary>
    public ThresholdMask SettableThresholds { get; init; }

    /// <summary>The unit of the readings.</summary>
    public SensorUnit Unit { get; init; }

    /// <summary>From a reading's byte to its value.</summary>
    public required ReadingFactors Factors { get; init; }

    /// <summary>The usual reading, when the maker tells it.</summary>
    public byte? NominalReading { get; init; }

    /// <summary>The highest usual reading.</summary>
    public byte? NormalMaximum { get; init; }

    /// <summary>The lowest usual reading.</summary>
    public byte? NormalMinimum { get; init; }

    /// <summary>The highest reading that can be.</summary>
    public byte SensorMaximum { get; init; }

    /// <summary>The lowest reading that can be.</summary>
    public byte SensorMinimum { get; init; }

    /// <summary>The thresholds that the sensor begins with, as far as they can be set.</summary>
    public SensorThresholds InitialThresholds { get; init; } = new();

    /// <summary>The hysteresis above, as the record says it.</summary>
    public byte PositiveHysteresis { get; init; }

    /// <summary>The hysteresis below, as the record says it.</summary>
    public byte NegativeHysteresis { get; init; }

    // key (3) · entity (2) · initialization · capabilities · sensor type · event/reading type · three masks (6) · units (3) · linearization ·
    // M, tolerance (2) · B, accuracy (2) · accuracy, direction · exponents · analog flags · nominal · normal max · normal min · max · min ·
    // six thresholds · two hystereses · 2 reserved · OEM · name
    internal static FullSensorRecord ReadBody(ref DataReader data, ushort id)
    {
        var (owner, channel, lun, number) = ReadKey(ref data);
        var entity = new EntityId(data.Byte(), data.Byte());
        data.Skip(1);
        var capabilities = SensorCapabilities.Read(data.Byte());
        var sensorType = (SensorType)data.Byte();
        var eventType = data.Byte();
        data.Skip(4);
        var readable = (ThresholdMask)(data.Byte() & 0x3F);
        var settable = (ThresholdMask)(data.Byte() & 0x3F);
        var unit = SensorUnit.Read(ref data, out var format);
        var factors = ReadingFactors.ReadRecord(ref data, format);
        var analog = data.Byte();
        var nominal = data.Byte();
        var normalMaximum = data.Byte();
        var normalMinimum = data.Byte();
        var maximum = data.Byte();
        var minimum = data.Byte();
        var initial = ReadInitialThresholds(ref data, factors, settable);
        var positive = data.Byte();
        var negative = data.Byte();
        data.Skip(3);
        return new FullSensorRecord
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
            ReadableThresholds = readable,
            SettableThresholds = settable,
            Unit = unit,
            Factors = factors,
            NominalReading = (analog & 0x01) != 0 ? nominal : null,
            NormalMaximum = (analog & 0x02) != 0 ? normalMaximum : null,
            NormalMinimum = (analog & 0x04) != 0 ? normalMinimum : null,
            SensorMaximum = maximum,
            SensorMinimum = minimum,
            InitialThresholds = initial,
            PositiveHysteresis = positive,
            NegativeHysteresis = negative,
            Name = TypeLengthText.ReadName(ref data),
        };
    }

    // upper non-recoverable · critical · non-critical · lower non-recoverable · critical · non-critical
    private static SensorThresholds ReadInitialThresholds(ref DataReader data, ReadingFactors factors, ThresholdMask settable)
    {
        var (unr, ucr, unc, lnr, lcr, lnc) = (data.Byte(), data.Byte(), data.Byte(), data.Byte(), data.Byte(), data.Byte());
        return new RawThresholds(settable, new[] { lnc, lcr, lnr, unc, ucr, unr }).Convert(factors);
    }
}
