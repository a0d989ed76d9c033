using System.Globalization;
using Farwire.Cim.Classes;
using Farwire.Cim.Instances;
using Farwire.Linux.Files;
using Farwire.Providers.Contract;

namespace Farwire.Providers.Devices;

/// <summary>Win32_Battery: the batteries that feed this computer.</summary>
/// <remarks>The kernel's "/sys/class/power_supply".</remarks>
internal static class Win32Battery
{
    public static ICimProvider Over(CimSchema schema, LinuxSources linux) => new CimTable<Supply>(schema, "Win32_Battery", _ => Read(linux.Paths.Sys + "/class/power_supply"))
    {
        ["BatteryStatus"] = b => b.Text("status") switch { "Discharging" => 1u, "Full" => 3u, "Charging" => 6u, "Not charging" => 2u, _ => default(CimValue) },
        ["Caption"] = b => b.Name,
        ["Description"] = b => b.Text("model_name") ?? b.Name,
        ["DesignVoltage"] = b => b.Number("voltage_min_design") is { } microvolts ? (ulong)(microvolts / 1000) : default(CimValue),
        ["DeviceID"] = b => b.Name,
        ["EstimatedChargeRemaining"] = b => b.Number("capacity") is >= 0 and <= 100 and var percent ? (uint)percent : default(CimValue),
        ["EstimatedRunTime"] = b => b.Number("time_to_empty_now") is > 0 and var seconds ? (uint)(seconds / 60) : default(CimValue),
        ["Name"] = b => b.Text("model_name") ?? b.Name,
        ["Status"] = b => b.Text("health") is null or "Good" ? "OK" : "Degraded",
    };

    private static IEnumerable<Supply> Read(string folder) => !Directory.Exists(folder) ? []
        : Directory.EnumerateFileSystemEntries(folder).Order(StringComparer.Ordinal).Select(f => new Supply(f)).Where(s => s.Text("type") == "Battery" && s.Text("scope") != "Device");

    private sealed record Supply(string Folder)
    {
        public string Name => Path.GetFileName(Folder);

        public string? Text(string file) => KernelText.Read($"{Folder}/{file}");

        public long? Number(string file) => long.TryParse(Text(file), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number) ? number : null;
    }
}
