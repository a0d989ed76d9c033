using System.Globalization;
using Farwire.Cim.Classes;
using Farwire.Cim.Instances;
using Farwire.Linux.Software;
using Farwire.Providers.Contract;

namespace Farwire.Providers.Software;

/// <summary>Win32_Product: the packages that dpkg installed.</summary>
internal static class Win32Product
{
    private const int Installed = 5;

    public static ICimProvider Over(CimSchema schema, LinuxSources linux) => new CimTable<Package>(schema, "Win32_Product", _ => linux.Packages.Read())
    {
        ["AssignmentType"] = _ => 1u, // for all users
        ["Caption"] = p => p.Name,
        ["Description"] = p => p.Summary,
        ["HelpLink"] = p => p.Homepage,
        ["IdentifyingNumber"] = p => "{" + StableId.Of("package", p.Name, p.Architecture).ToString().ToUpperInvariant() + "}",
        ["InstallDate"] = p => p.Installed?.ToLocalTime().ToString("yyyyMMdd", CultureInfo.InvariantCulture),
        ["InstallDate2"] = p => p.Installed is { } installed ? new CimDateTime(installed) : default(CimValue),
        ["InstallState"] = _ => Installed,
        ["Name"] = p => p.Name,
        ["PackageName"] = p => $"{p.Name}_{p.Version}_{p.Architecture}.deb",
        ["URLInfoAbout"] = p => p.Homepage,
        ["Vendor"] = p => p.Maintainer,
        ["Version"] = p => p.Version,
    };
}
