using System.Runtime.InteropServices;
using Farwire.Cim.Classes;
using Farwire.Cim.Instances;
using Farwire.Linux.Host;
using Farwire.Linux.Network;
using Farwire.Providers.Contract;

namespace Farwire.Providers.Host;

/// <summary>Win32_ComputerSystem: this machine.</summary>
internal static class Win32ComputerSystem
{
    private const uint Standalone = 2;
    private const uint Member = 3;

    public static ICimProvider Over(CimSchema schema, LinuxSources linux)
    {
        var (paths, host, time) = (linux.Paths, linux.Host, linux.Time);
        return new CimTable<Membership>(schema, "Win32_ComputerSystem", _ => [new Membership(DomainJoin.Find(paths), NameServers.Read(paths).Domain)])
        {
            ["BootupState"] = _ => "Normal boot",
            ["Caption"] = _ => Environment.MachineName,
            ["ChassisSKUNumber"] = _ => host.Dmi("chassis_sku"),
            ["CurrentTimeZone"] = _ => (int)TimeZoneInfo.Local.GetUtcOffset(time.GetUtcNow()).TotalMinutes,
            ["DaylightInEffect"] = _ => TimeZoneInfo.Local.IsDaylightSavingTime(time.GetUtcNow()),
            ["Description"] = _ => "Linux computer",
            ["DNSHostName"] = _ => Environment.MachineName,
            ["Domain"] = m => m.Joined ?? m.Dns ?? "WORKGROUP",
            ["DomainRole"] = m => m.Joined is null ? Standalone : Member,
            ["HypervisorPresent"] = _ => host.HypervisorPresent,
            ["Manufacturer"] = _ => host.Vendor,
            ["Model"] = _ => host.Product,
            ["Name"] = _ => Environment.MachineName,
            ["NumberOfLogicalProcessors"] = _ => (uint)host.LogicalProcessors,
            ["NumberOfProcessors"] = _ => (uint)host.Sockets,
            ["PartOfDomain"] = m => m.Joined is not null,
            ["PCSystemType"] = _ => PcSystemType(host.Dmi("chassis_type")),
            ["PCSystemTypeEx"] = _ => PcSystemType(host.Dmi("chassis_type")),
            ["PrimaryOwnerName"] = _ => "root",
            ["Status"] = _ => "OK",
            ["SystemFamily"] = _ => host.Dmi("product_family"),
            ["SystemSKUNumber"] = _ => host.Dmi("product_sku"),
            ["SystemType"] = _ => RuntimeInformation.OSArchitecture switch
            {
                Architecture.X64 => "x64-based PC",
                Architecture.Arm64 => "ARM64-based PC",
                var other => $"{other}-based PC",
            },
            ["TotalPhysicalMemory"] = _ => MemoryFacts.Read(paths).Total * 1024,

            // As on Windows, who sits before the screen; not who came over the network.
            ["UserName"] = _ => linux.Sessions.Read().FirstOrDefault(s => s is { Seat: not null, IsRemote: false })?.User,
            ["Workgroup"] = m => m.Joined is null && m.Dns is null ? "WORKGROUP" : null,
        };
    }

    // The chassis codes of SMBIOS: desktops 3–7 and 13, portables 8–14 and 30–32, servers 17, 23, 25, 28, 29.
    private static uint PcSystemType(string? chassis) => chassis switch
    {
        "3" or "4" or "5" or "6" or "7" or "13" or "15" or "16" or "24" or "34" or "35" or "36" => 1,
        "8" or "9" or "10" or "11" or "14" or "30" or "31" or "32" => 2,
        "17" or "23" or "25" or "28" or "29" => 4,
        _ => 0,
    };

    private sealed record Membership(string? Joined, string? Dns);
}
