using System.Globalization;
using Farwire.Cim.Classes;
using Farwire.Cim.Instances;
using Farwire.Linux.Host;
using Farwire.Providers.Contract;

namespace Farwire.Providers.Hardware;

/// <summary>Win32_BIOS: the firmware. Without its tables, as in some virtual machines, the texts are empty.</summary>
internal static class Win32Bios
{
    private const uint Running = 3;

    public static ICimProvider Over(CimSchema schema, LinuxSources linux) => new CimTable<HostFacts>(schema, "Win32_BIOS", _ => [linux.Host])
    {
        ["BIOSVersion"] = h => Texts(h.Dmi("bios_vendor"), h.Dmi("bios_version"), h.Dmi("bios_release")),
        ["Caption"] = h => Version(h),
        ["Description"] = h => Version(h),
        ["Manufacturer"] = h => h.Dmi("bios_vendor") ?? "",
        ["Name"] = h => Version(h),
        ["PrimaryBIOS"] = _ => true,
        ["ReleaseDate"] = h => DateTimeOffset.TryParseExact(
            h.Dmi("bios_date"), "MM/dd/yyyy", CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var date) ? new CimDateTime(date) : default(CimValue),
        ["SerialNumber"] = h => h.Dmi("product_serial") ?? "",
        ["SMBIOSBIOSVersion"] = h => Version(h),
        ["SMBIOSPresent"] = h => h.Dmi("bios_version") is not null,
        ["SoftwareElementID"] = h => Version(h),
        ["SoftwareElementState"] = _ => Running,
        ["Status"] = _ => "OK",
        ["SystemBiosMajorVersion"] = h => Part(h, 0),
        ["SystemBiosMinorVersion"] = h => Part(h, 1),
        ["TargetOperatingSystem"] = _ => 0u,
        ["Version"] = h => string.Join(" - ", Parts(h.Dmi("bios_vendor"), h.Dmi("bios_release"))),
    };

    private static string Version(HostFacts host) => host.Dmi("bios_version") ?? "";

    private static IEnumerable<string> Parts(params string?[] parts) => parts.OfType<string>();

    private static CimValue Texts(params string?[] parts) => Parts(parts).ToArray() is { Length: > 0 } texts ? texts : default(CimValue);

    private static CimValue Part(HostFacts host, int at) =>
        host.Dmi("bios_release")?.Split('.') is { Length: 2 } parts && byte.TryParse(parts[at], NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? (uint)number : default(CimValue);
}
