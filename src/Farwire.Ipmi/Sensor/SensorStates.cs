using Farwire.Ipmi.Sdr;

namespace Farwire.Ipmi.Sensor;

/// <summary>States in words, and how bad they are.</summary>
internal static class SensorStates
{
    private const byte Threshold = 0x01;
    private const byte SensorSpecific = 0x6F;

    public static IEnumerable<string> Texts(SensorRecord sensor, ushort states)
    {
        if (sensor.HasThresholds)
        {
            foreach (var (mask, text) in ThresholdTexts)
            {
                if ((states & (byte)mask) != 0)
                {
                    yield return text;
                }
            }

            yield break;
        }

        for (byte offset = 0; offset < 15; offset++)
        {
            if ((states & (1 << offset)) != 0)
            {
                yield return Text(sensor.EventReadingType, sensor.SensorType, offset);
            }
        }
    }

    /// <summary>All states that a sensor of this kind can have.</summary>
    public static IEnumerable<string> Possible(SensorRecord sensor) => sensor.HasThresholds
        ? ThresholdTexts.Select(t => t.Text)
        : (TableOf(sensor.EventReadingType, sensor.SensorType) ?? []).Where(t => t.Length > 0).Select(Plain);

    public static string Text(byte eventReadingType, SensorType sensorType, byte offset) =>
        TableOf(eventReadingType, sensorType) is { } table && offset < table.Length && table[offset].Length > 0
            ? Plain(table[offset])
            : $"State {offset}";

    public static SensorHealth Health(SensorRecord sensor, ushort states)
    {
        if (sensor.HasThresholds)
        {
            return states switch
            {
                _ when (states & 0x24) != 0 => SensorHealth.NonRecoverable,
                _ when (states & 0x12) != 0 => SensorHealth.Critical,
                _ when (states & 0x09) != 0 => SensorHealth.NonCritical,
                _ => SensorHealth.Ok,
            };
        }

        var worst = SensorHealth.Ok;
        for (byte offset = 0; offset < 15; offset++)
        {
            if ((states & (1 << offset)) != 0 && Health(sensor.EventReadingType, sensor.SensorType, offset) is var health && health > worst)
            {
                worst = health;
            }
        }

        return worst;
    }

    public static SensorHealth Health(byte eventReadingType, SensorType sensorType, byte offset)
    {
        if (eventReadingType == Threshold)
        {
            return (offset / 2 % 3) switch { 0 => SensorHealth.NonCritical, 1 => SensorHealth.Critical, _ => SensorHealth.NonRecoverable };
        }

        return TableOf(eventReadingType, sensorType) is { } table && offset < table.Length && table[offset].Length > 0
            ? table[offset][0] switch
            {
                StateTables.Warning => SensorHealth.NonCritical,
                StateTables.Critical => SensorHealth.Critical,
                StateTables.Fatal => SensorHealth.NonRecoverable,
                _ => SensorHealth.Ok,
            }
            : SensorHealth.Ok;
    }

    private static readonly (ThresholdMask Mask, string Text)[] ThresholdTexts =
    [
        (ThresholdMask.LowerNonCritical, "Lower Non-critical"),
        (ThresholdMask.LowerCritical, "Lower Critical"),
        (ThresholdMask.LowerNonRecoverable, "Lower Non-recoverable"),
        (ThresholdMask.UpperNonCritical, "Upper Non-critical"),
        (ThresholdMask.UpperCritical, "Upper Critical"),
        (ThresholdMask.UpperNonRecoverable, "Upper Non-recoverable"),
    ];

    private static string[]? TableOf(byte eventReadingType, SensorType sensorType) => eventReadingType == SensorSpecific
        ? StateTables.SensorSpecific.GetValueOrDefault(sensorType)
        : eventReadingType < StateTables.Generic.Length ? StateTables.Generic[eventReadingType] : null;

    private static string Plain(string text) => text[0] is StateTables.Warning or StateTables.Critical or StateTables.Fatal ? text[1..] : text;
}
