using System.Globalization;
using Farwire.Cim.Classes;
using Farwire.Cim.Instances;
using Farwire.Ipmi.Sdr;
using Farwire.Ipmi.Sel;
using Farwire.Ipmi.Sensor;
using Farwire.Providers.Contract;

namespace Farwire.Providers.Hardware.Bmc;

/// <summary>A record of a controller's log, and the sensor that it is about.</summary>
internal sealed record LogRecordRow(Controller Controller, SelRecord Record, SensorRecord? Sensor);

/// <summary>LogRecord: the records of the logs. Names and values stand in parallel, each after an asterisk.</summary>
internal static class LogRecordClass
{
    private const string EventFormat =
        "*string CIM_Sensor.DeviceID*uint8[2] IPMI_RecordID*uint8 IPMI_RecordType*uint8[4] IPMI_Timestamp*uint8[2] IPMI_GeneratorID*uint8 IPMI_EvMRev"
        + "*uint8 IPMI_SensorType*uint8 IPMI_SensorNumber*boolean IPMI_AssertionEvent*uint8 IPMI_EventType*uint8 IPMI_EventData1*uint8 IPMI_EventData2*uint8 IPMI_EventData3*";

    private const string TimedOemFormat =
        "*uint8[2] IPMI_RecordID*uint8 IPMI_RecordType*uint8[4] IPMI_Timestamp*uint8[3] IPMI_ManufacturerID*uint8[6] IPMI_OEMDefinedData*";

    private const string OemFormat = "*uint8[2] IPMI_RecordID*uint8 IPMI_RecordType*uint8[13] IPMI_OEMDefinedData*";

    public static ICimProvider Over(CimSchema schema, Controllers controllers) => new CimTable<LogRecordRow>(schema, "LogRecord", (need, token) => RowsAsync(controllers, need, token))
    {
        ["LogCreationClassName"] = _ => HardwareNames.RecordLog,
        ["LogName"] = r => HardwareNames.LogId(r.Controller),
        ["RecordID"] = r => r.Record.RecordId.ToString(CultureInfo.InvariantCulture),
        ["MessageTimestamp"] = r => new CimDateTime(r.Record.Time ?? DateTimeOffset.UnixEpoch), // a key cannot be NULL
        ["Caption"] = r => Caption(r.Record),
        ["ElementName"] = r => Caption(r.Record),
        ["Description"] = r => r.Sensor is { } sensor ? $"{Caption(r.Record)}, {HardwareNames.Description(sensor)}" : $"{Caption(r.Record)}, {r.Record.Text}",
        ["RecordFormat"] = r => Format(r.Record),
        ["RecordData"] = r => Data(r.Record, r.Sensor),
    };

    public static string Format(SelRecord record) => record switch { SelEvent => EventFormat, SelOemRecord { Timestamp: not null } => TimedOemFormat, _ => OemFormat };

    private static IAsyncEnumerable<LogRecordRow> RowsAsync(Controllers controllers, CimNeed need, CancellationToken cancellationToken)
    {
        // The log's name leads to its controller.
        var one = need.Fixed("LogName") is { } log ? HardwareNames.OfLog(controllers, log) : null;
        return controllers.AskAllAsync<LogRecordRow>(
            CimNeed.All, "Name", async (controller, client, token) =>
            {
                if (need.Fixed("LogName") is not null && controller != one)
                {
                    return [];
                }

                var repository = await client.Sdr.ReadAsync(token).ConfigureAwait(false);
                var rows = new List<LogRecordRow>();
                await foreach (var record in client.Sel.ReadAsync(cancellationToken: token).ConfigureAwait(false))
                {
                    rows.Add(new LogRecordRow(controller, record, SensorOf(record, repository)));
                }

                return rows;
            }, cancellationToken);
    }

    public static SensorRecord? SensorOf(SelRecord record, SdrRepository repository) => record is SelEvent e
        ? repository.FindSensor(e.SensorNumber, (byte)e.GeneratorId, (byte)((e.GeneratorId >> 8) & 0x03))
        : null;

    // "Temperature Assert: Upper Non-critical - going high"
    public static string Caption(SelRecord record) => record switch
    {
        SelEvent e => $"{e.SensorType.Name()} {(e.IsAssertion ? "Assert" : "Deassert")}: {e.Text}",
        SelOemRecord { RecordType: >= 0xC0 } => "OEM SEL",
        _ => "Invalid SEL",
    };

    // *SEL(114.0.32)*01 00*02*0F AC C1 49*20 00*04*10*72*true*6F*02*FF*FF*
    public static string Data(SelRecord record, SensorRecord? sensor)
    {
        var raw = record.Raw.Span;
        switch (record)
        {
            case SelEvent e:
                var name = sensor?.Name ?? e.SensorType.Name();
                var id = HardwareNames.DeviceId(e.SensorNumber, (byte)((e.GeneratorId >> 8) & 0x03), (byte)e.GeneratorId);
                return $"*{name}({id})*{Hex(raw[..2])}*{Hex(raw[2..3])}*{Hex(raw[3..7])}*{Hex(raw[7..9])}*{Hex(raw[9..10])}*{Hex(raw[10..11])}*{Hex(raw[11..12])}"
                    + $"*{(e.IsAssertion ? "true" : "false")}*{e.EventType:X2}*{Hex(raw[13..14])}*{Hex(raw[14..15])}*{Hex(raw[15..16])}*";
            case SelOemRecord { Timestamp: not null }:
                return $"*{Hex(raw[..2])}*{Hex(raw[2..3])}*{Hex(raw[3..7])}*{Hex(raw[7..10])}*{Hex(raw[10..16])}*";
            default:
                return $"*{Hex(raw[..2])}*{Hex(raw[2..3])}*{Hex(raw[3..16])}*";
        }
    }

    private static string Hex(ReadOnlySpan<byte> bytes) => string.Join(' ', Convert.ToHexString(bytes).Chunk(2).Select(pair => new string(pair)));
}
