using Farwire.Cim.Classes;
using Farwire.Cim.Instances;
using Farwire.Linux.Software;
using Farwire.Providers.Contract;

namespace Farwire.Providers.Linux;

/// <summary>Linux_Package: the packages that dpkg installed.</summary>
internal static class LinuxPackage
{
    public static ICimProvider Over(CimSchema schema, LinuxSources linux) => new CimTable<Package>(schema, "Linux_Package", _ => linux.Packages.Read())
    {
        ["Architecture"] = p => p.Architecture,
        ["Caption"] = p => p.Summary,
        ["Homepage"] = p => p.Homepage,
        ["InstallDate"] = p => p.Installed is { } installed ? new CimDateTime(installed) : default(CimValue),
        ["InstalledSize"] = p => p.InstalledKiB,
        ["Maintainer"] = p => p.Maintainer,
        ["Name"] = p => p.Name,
        ["Section"] = p => p.Section,
        ["Version"] = p => p.Version,
    };
}
