using System.Globalization;
using Farwire.Ipmi.Sdr;
using Farwire.Ipmi.Sensor;

namespace Farwire.Providers.Hardware.Bmc;

/// <summary>How sensors and logs are called, as the classes' documentation shows it.</summary>
internal static class HardwareNames
{
    public const string ComputerSystem = "ComputerSystem";
    public const string RecordLog = "RecordLog";

    /// <summary><c>52.0.32</c>: number, LUN, owner.</summary>
    public static string DeviceId(byte number, byte lun, byte owner) => string.Create(CultureInfo.InvariantCulture, $"{number}.{lun}.{owner}");

    public static string DeviceId(SensorRecord sensor) => DeviceId(sensor.Number, sensor.Lun, sensor.Owner);

    /// <summary><c>Power Supply(52.0.32)</c>.</summary>
    public static string Caption(SensorRecord sensor) => $"{sensor.SensorType.Name()}({DeviceId(sensor)})";

    /// <summary><c>PwrSupply1Pres 0(52.0.32):Power Supply for Power supply 1</c>.</summary>
    public static string Description(SensorRecord sensor)
    {
        var entity = sensor.Entity.ToString();
        return $"{sensor.Name}({DeviceId(sensor)}):{sensor.SensorType.Name()} for {char.ToUpperInvariant(entity[0])}{entity[1..]}";
    }

    public static string LogId(Controller controller) => $"IPMI:{controller.Name} SEL";

    /// <summary>The controller whose log this is.</summary>
    public static Controller? OfLog(Controllers controllers, string logId) => controllers.All.FirstOrDefault(c => LogId(c).Equals(logId, StringComparison.OrdinalIgnoreCase));
}
