using System.Globalization;
using System.Runtime.InteropServices;
using Farwire.Cim.Classes;
using Farwire.Cim.Instances;
using Farwire.Linux.Host;
using Farwire.Providers.Contract;

namespace Farwire.Providers.Host;

/// <summary>Win32_Processor: one instance for each socket.</summary>
internal static class Win32Processor
{
    private const uint Other = 1;
    private const uint CentralProcessor = 3;
    private const uint Running = 3;
    private const uint Enabled = 1;

    public static ICimProvider Over(CimSchema schema, LinuxSources linux)
    {
        var load = new ProcessorLoad(linux.Paths, linux.Time);
        return new CimTable<Row>(schema, "Win32_Processor", Rows)
        {
            ["AddressWidth"] = _ => Width,
            ["Architecture"] = _ => ProcessorPackage.Architecture switch
            {
                Architecture.X86 => 0u,
                Architecture.Arm => 5u,
                Architecture.X64 => 9u,
                Architecture.Arm64 => 12u,
                _ => default(CimValue),
            },
            ["Availability"] = _ => Running,
            ["Caption"] = r => Identification(r.Package),
            ["CpuStatus"] = _ => Enabled,
            ["CurrentClockSpeed"] = r => r.Package.Clock,
            ["DataWidth"] = _ => Width,
            ["Description"] = r => Identification(r.Package),
            ["DeviceID"] = r => $"CPU{r.Package.Socket}",
            ["Family"] = _ => Other,
            ["L2CacheSize"] = r => r.Package.Level2KiB,
            ["L3CacheSize"] = r => r.Package.Level3KiB,
            ["Level"] = r => Number(r.Package, "cpu family"),
            ["LoadPercentage"] = r => r.Load,
            ["Manufacturer"] = r => r.Package.Fields.GetValueOrDefault("vendor_id") ?? r.Package.Fields.GetValueOrDefault("CPU implementer"),
            ["MaxClockSpeed"] = r => r.Package.MaxClock,
            ["Name"] = r => r.Package.Fields.GetValueOrDefault("model name") ?? Identification(r.Package),
            ["NumberOfCores"] = r => (uint)r.Package.Cores,
            ["NumberOfEnabledCore"] = r => (uint)r.Package.Cores,
            ["NumberOfLogicalProcessors"] = r => (uint)r.Package.Logical.Count,
            ["OtherFamilyDescription"] = r => Identification(r.Package),
            ["ProcessorId"] = _ => ProcessorPackage.Signature(),
            ["ProcessorType"] = _ => CentralProcessor,
            ["Revision"] = r => (Number(r.Package, "model") << 8) | Number(r.Package, "stepping"),
            ["Role"] = _ => "CPU",
            ["SecondLevelAddressTranslationExtensions"] = r => r.Package.Has("ept") || r.Package.Has("npt"),
            ["SocketDesignation"] = r => $"Socket {r.Package.Socket}",
            ["Status"] = _ => "OK",
            ["StatusInfo"] = _ => Running,
            ["Stepping"] = r => r.Package.Fields.GetValueOrDefault("stepping") ?? r.Package.Fields.GetValueOrDefault("CPU revision"),
            ["ThreadCount"] = r => (uint)r.Package.Logical.Count,
            ["VirtualizationFirmwareEnabled"] = r => r.Package.Has("vmx") || r.Package.Has("svm"),
            ["VMMonitorModeExtensions"] = r => r.Package.Has("vmx") || r.Package.Has("svm"),
        };

        async IAsyncEnumerable<Row> Rows(CimNeed need, [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancellationToken)
        {
            var loads = need.Needs("LoadPercentage") ? await load.ReadAsync(cancellationToken).ConfigureAwait(false) : null;
            foreach (var package in linux.Processors.Read())
            {
                yield return new Row(package, loads?.Percentage(package.Logical));
            }
        }
    }

    private static uint Width => Environment.Is64BitOperatingSystem ? 64u : 32u;

    // As Windows writes it: AMD64 Family 6 Model 158 Stepping 10.
    private static string Identification(ProcessorPackage package) => ProcessorPackage.Architecture is Architecture.X64 or Architecture.X86
        ? $"{(package.Fields.GetValueOrDefault("vendor_id") == "GenuineIntel" ? "Intel64" : "AMD64")} Family {package.Fields.GetValueOrDefault("cpu family")} Model {package.Fields.GetValueOrDefault("model")} Stepping {package.Fields.GetValueOrDefault("stepping")}"
        : $"{ProcessorPackage.Architecture} Implementer {package.Fields.GetValueOrDefault("CPU implementer")} Part {package.Fields.GetValueOrDefault("CPU part")} Revision {package.Fields.GetValueOrDefault("CPU revision")}";

    private static uint? Number(ProcessorPackage package, string field) =>
        uint.TryParse(package.Fields.GetValueOrDefault(field), NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : null;

    private sealed record Row(ProcessorPackage Package, uint? Load);
}
