using Farwire.Cim.Classes;
using Farwire.Cim.Instances;
using Farwire.Linux.Storage;
using Farwire.Providers.Contract;

namespace Farwire.Providers.Storage;

/// <summary>Win32_PageFileSetting: the swap areas that are switched on at boot. A size is there while the area is in use.</summary>
internal static class Win32PageFileSetting
{
    public static ICimProvider Over(CimSchema schema, LinuxSources linux) => new CimTable<string>(schema, "Win32_PageFileSetting", _ => SwapArea.Configured(linux.Paths))
    {
        ["Caption"] = name => name,
        ["Description"] = name => $"Swap area {name}",
        ["InitialSize"] = name => Size(linux, name),
        ["MaximumSize"] = name => Size(linux, name),
        ["Name"] = name => name,
        ["SettingID"] = name => name,
    };

    private static CimValue Size(LinuxSources linux, string name) =>
        SwapArea.Read(linux.Paths).FirstOrDefault(s => s.Name == name) is { } area ? (uint)(area.Size / 1024) : default(CimValue);
}
