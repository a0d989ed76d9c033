using System.Globalization;
using Farwire.Ipmi.Sensor;

namespace Farwire.Ipmi.Sel;

/// <summary>An entry of the system event log: sixteen bytes.</summary>
/// <remarks>IPMI 2.0, "SEL Record Formats".</remarks>
public abstract record SelRecord
{
    internal const int Bytes = 16;
    internal const byte SystemEvent = 0x02;

    /// <summary>The record's number.</summary>
    public ushort RecordId { get; init; }

    /// <summary>02h a system event, C0h–DFh a manufacturer's with time, E0h–FFh one without.</summary>
    public byte RecordType { get; init; }

    /// <summary>The sixteen bytes as they came.</summary>
    public ReadOnlyMemory<byte> Raw { get; init; }

    /// <summary>When it was logged, by the controller's clock; null for records without a time.</summary>
    public virtual DateTimeOffset? Time => null;

    /// <summary>What happened, in words.</summary>
    public abstract string Text { get; }

    internal static SelRecord Read(ReadOnlySpan<byte> bytes)
    {
        var data = new DataReader(bytes, "A record of the event log");
        var raw = bytes[..Math.Min(bytes.Length, Bytes)].ToArray();
        var id = data.UInt16();
        var type = data.Byte();
        return type switch
        {
            SystemEvent => SelEvent.ReadBody(ref data) with { RecordId = id, RecordType = type, Raw = raw },
            >= 0xC0 and <= 0xDF => SelOemRecord.ReadTimed(ref data) with { RecordId = id, RecordType = type, Raw = raw },
            _ => SelOemRecord.ReadUntimed(ref data) with { RecordId = id, RecordType = type, Raw = raw },
        };
    }
}

/// <summary>Something happened to a sensor.</summary>
/// <remarks>IPMI 2.0, "SEL Event Records".</remarks>
public sealed record SelEvent : SelRecord
{
    /// <summary>The time in the controller's count of seconds.</summary>
    public uint Timestamp { get; init; }

    /// <inheritdoc/>
    public override DateTimeOffset? Time => IpmiTime.ToTime(Timestamp);

    /// <summary>Who sent it: low byte the address or software ID, high byte channel and LUN.</summary>
    public ushort GeneratorId { get; init; }

    /// <summary>The version of the event's format; 4 is that of IPMI 1.5 and 2.0.</summary>
    public byte FormatVersion { get; init; } = 4;

    /// <summary>What the sensor measures.</summary>
    public SensorType SensorType { get; init; }

    /// <summary>The sensor's number.</summary>
    public byte SensorNumber { get; init; }

    /// <summary>True when the state began, false when it ended.</summary>
    public bool IsAssertion { get; init; }

    /// <summary>How the state is to be read, as in the sensor's record.</summary>
    public byte EventType { get; init; }

    /// <summary>The state, and what the other two bytes are.</summary>
    public byte Data1 { get; init; }

    /// <summary>Often the reading that triggered it.</summary>
    public byte Data2 { get; init; } = 0xFF;

    /// <summary>Often the threshold that was crossed.</summary>
    public byte Data3 { get; init; } = 0xFF;

    /// <summary>The state's number.</summary>
    public byte Offset => (byte)(Data1 & 0x0F);

    /// <summary>The byte of the reading that triggered the event, when it says so.</summary>
    public byte? TriggerReading => EventType == 0x01 && (Data1 & 0xC0) == 0x40 ? Data2 : null;

    /// <summary>The byte of the threshold that was crossed, when it says so.</summary>
    public byte? TriggerThreshold => EventType == 0x01 && (Data1 & 0x30) == 0x10 ? Data3 : null;

    /// <summary>How bad the state is that began; what ended is no harm.</summary>
    public SensorHealth Health => IsAssertion ? SensorStates.Health(EventType, SensorType, Offset) : SensorHealth.Ok;

    /// <inheritdoc/>
    public override string Text => SensorStates.Text(EventType, SensorType, Offset);

    // time · generator (2) · format · sensor type · sensor · bit 7: ended, type · data (3)
    internal static SelEvent ReadBody(ref DataReader data)
    {
        var time = data.UInt32();
        var generator = data.UInt16();
        var version = data.Byte();
        var sensorType = (SensorType)data.Byte();
        var sensor = data.Byte();
        var direction = data.Byte();
        return new SelEvent
        {
            Timestamp = time,
            GeneratorId = generator,
            FormatVersion = version,
            SensorType = sensorType,
            SensorNumber = sensor,
            IsAssertion = (direction & 0x80) == 0,
            EventType = (byte)(direction & 0x7F),
            Data1 = data.Byte(),
            Data2 = data.Byte(),
            Data3 = data.Byte(),
        };
    }

    internal void Write(ref DataWriter data)
    {
        data.UInt16(RecordId);
        data.Byte(SystemEvent);
        data.UInt32(Timestamp);
        data.UInt16(GeneratorId);
        data.Byte(FormatVersion);
        data.Byte((byte)SensorType);
        data.Byte(SensorNumber);
        data.Byte((byte)(EventType | (IsAssertion ? 0 : 0x80)));
        data.Byte(Data1);
        data.Byte(Data2);
        data.Byte(Data3);
    }
}

/// <summary>A manufacturer's record.</summary>
/// <remarks>IPMI 2.0, "OEM SEL Record - Type C0h-DFh" and "Type E0h-FFh".</remarks>
public sealed record SelOemRecord : SelRecord
{
    /// <summary>The time in the controller's count of seconds, for records that have one.</summary>
    public uint? Timestamp { get; init; }

    /// <summary>The manufacturer's number with IANA, for records with a time.</summary>
    public int? Manufacturer { get; init; }

    /// <summary>Six bytes, or thirteen in records without a time.</summary>
    public ReadOnlyMemory<byte> Data { get; init; }

    /// <inheritdoc/>
    public override DateTimeOffset? Time => Timestamp is { } seconds ? IpmiTime.ToTime(seconds) : null;

    /// <inheritdoc/>
    public override string Text => Manufacturer is { } manufacturer
        ? string.Create(CultureInfo.InvariantCulture, $"OEM record {RecordType:x2} of {manufacturer}: {Convert.ToHexStringLower(Data.Span)}")
        : string.Create(CultureInfo.InvariantCulture, $"OEM record {RecordType:x2}: {Convert.ToHexStringLower(Data.Span)}");

    // time · manufacturer (3) · data (6)
    internal static SelOemRecord ReadTimed(ref DataReader data) =>
        new() { Timestamp = data.UInt32(), Manufacturer = data.UInt24(), Data = data.Bytes(6).ToArray() };

    // data (13)
    internal static SelOemRecord ReadUntimed(ref DataReader data) => new() { Data = data.Bytes(13).ToArray() };

    internal void Write(ref DataWriter data)
    {
        data.UInt16(RecordId);
        data.Byte(RecordType);
        if (Timestamp is { } time && Manufacturer is { } manufacturer)
        {
            data.UInt32(time);
            data.UInt16((ushort)manufacturer);
            data.Byte((byte)(manufacturer >> 16));
        }

        data.Bytes(Data.Span);
    }
}
