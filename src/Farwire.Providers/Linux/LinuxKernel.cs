using Farwire.Cim.Classes;
using Farwire.Cim.Instances;
using Farwire.Linux.Devices;
using Farwire.Linux.Host;
using Farwire.Linux.Performance;
using Farwire.Providers.Contract;

namespace Farwire.Providers.Linux;

/// <summary>Linux_SysctlSetting, Linux_KernelModule, Linux_HwmonSensor and Linux_CGroup: what the kernel is set to, has loaded, measures and accounts for.</summary>
internal static class LinuxKernel
{
    public static ICimProvider Settings(CimSchema schema, LinuxSources linux) => new CimTable<KernelSetting>(schema, "Linux_SysctlSetting", need =>
        need.Fixed("Name") is { } name ? KernelSetting.Find(linux.Paths, name) is { } one ? [one] : [] : KernelSetting.Read(linux.Paths))
    {
        ["Caption"] = s => s.Name,
        ["Name"] = s => s.Name,
        ["Value"] = s => s.Value,
    };

    public static ICimProvider Modules(CimSchema schema, LinuxSources linux) => new CimTable<KernelModule>(schema, "Linux_KernelModule", _ => KernelModule.Read(linux.Paths))
    {
        ["Caption"] = m => m.Name,
        ["Name"] = m => m.Name,
        ["Size"] = m => m.Size,
        ["State"] = m => m.State,
        ["UseCount"] = m => (uint)m.Uses,
        ["UsedBy"] = m => m.UsedBy.Count > 0 ? m.UsedBy.ToArray() : default(CimValue),
    };

    public static ICimProvider HardwareSensors(CimSchema schema, LinuxSources linux) =>
        new CimTable<Sensor>(schema, "Linux_HwmonSensor", _ => Enum.GetValues<SensorKind>().SelectMany(kind => Sensor.Read(linux.Paths, kind)))
        {
            ["Caption"] = s => s.Name,
            ["Critical"] = s => s.Critical,
            ["High"] = s => s.High,
            ["Kind"] = s => s.Kind switch { SensorKind.Temperature => "temperature", SensorKind.Voltage => "voltage", _ => "fan" },
            ["Low"] = s => s.Low,
            ["Name"] = s => s.Name,
            ["Reading"] = s => s.Reading,
            ["SensorId"] = s => s.Id,
        };

    public static ICimProvider ControlGroups(CimSchema schema, LinuxSources linux) => new CimTable<ControlGroup>(schema, "Linux_CGroup", _ => ControlGroup.Read(linux.Paths))
    {
        ["Caption"] = g => g.Path,
        ["CpuUsage"] = g => g.CpuUsage,
        ["MemoryCurrent"] = g => g.MemoryCurrent,
        ["MemoryMax"] = g => g.MemoryMax,
        ["Path"] = g => g.Path,
        ["Processes"] = g => g.Processes,
        ["ProcessesMax"] = g => g.ProcessesMax,
    };
}
