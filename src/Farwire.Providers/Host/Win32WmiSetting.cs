using Farwire.Cim.Classes;
using Farwire.Providers.Contract;

namespace Farwire.Providers.Host;

/// <summary>Win32_WMISetting: the CIM service itself. What concerns only Windows' repository is NULL.</summary>
internal static class Win32WmiSetting
{
    public static ICimProvider Over(CimSchema schema) => new CimTable<Version>(schema, "Win32_WMISetting", _ => [typeof(Win32WmiSetting).Assembly.GetName().Version!])
    {
        ["BuildVersion"] = v => v.ToString(3),
        ["Caption"] = _ => "Farwire",
        ["Description"] = _ => "The settings of the CIM service",
        ["InstallationDirectory"] = _ => AppContext.BaseDirectory,
        ["SettingID"] = _ => "@",
    };
}
