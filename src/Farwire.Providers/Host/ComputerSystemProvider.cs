using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Farwire.Cim.Classes;
using Farwire.Cim.Instances;
using Farwire.Linux.Files;
using Farwire.Linux.Host;
using Farwire.Providers.Contract;

namespace Farwire.Providers.Host;

/// <summary>Win32_ComputerSystem: this machine.</summary>
internal sealed class ComputerSystemProvider(CimSchema schema, LinuxPaths paths, TimeProvider time) : ICimProvider
{
    private readonly HostFacts _host = new(paths);

    public CimClass Class { get; } = schema.Find("Win32_ComputerSystem")!;

    public async IAsyncEnumerable<CimInstance> EnumerateAsync(CimNeed need, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await ValueTask.CompletedTask.ConfigureAwait(false);
        yield return Read();
    }

    public ValueTask<CimInstance?> GetAsync(IReadOnlyList<string> keys, CancellationToken cancellationToken) =>
        ValueTask.FromResult(keys[0].Equals(Environment.MachineName, StringComparison.OrdinalIgnoreCase) ? Read() : null);

    private CimInstance Read()
    {
        var domain = Domain();
        return new CimInstance(Class)
        {
            ["BootupState"] = "Normal boot",
            ["Caption"] = Environment.MachineName,
            ["CreationClassName"] = Class.Name,
            ["CurrentTimeZone"] = (int)TimeZoneInfo.Local.GetUtcOffset(time.GetUtcNow()).TotalMinutes,
            ["Description"] = "Linux computer",
            ["DNSHostName"] = Environment.MachineName,
            ["Domain"] = domain ?? "WORKGROUP",
            ["DomainRole"] = 2u,
            ["HypervisorPresent"] = _host.HypervisorPresent,
            ["Manufacturer"] = _host.Vendor,
            ["Model"] = _host.Product,
            ["Name"] = Environment.MachineName,
            ["NumberOfLogicalProcessors"] = (uint)Environment.ProcessorCount,
            ["NumberOfProcessors"] = (uint)_host.Sockets,
            ["PartOfDomain"] = false,
            ["PrimaryOwnerName"] = "root",
            ["Status"] = "OK",
            ["SystemType"] = RuntimeInformation.OSArchitecture switch
            {
                Architecture.X64 => "x64-based PC",
                Architecture.Arm64 => "ARM64-based PC",
                var other => $"{other}-based PC",
            },
            ["TotalPhysicalMemory"] = MemoryFacts.Read(paths).Total * 1024,
            ["Workgroup"] = domain is null ? "WORKGROUP" : null,
        };
    }

    // resolv.conf(5): the search list begins with the machine's own domain.
    private string? Domain()
    {
        try
        {
            foreach (var line in File.ReadLines(paths.Etc + "/resolv.conf"))
            {
                if (line.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries) is ["domain" or "search", { Length: > 1 } domain, ..] && domain != ".")
                {
                    return domain;
                }
            }
        }
        catch (IOException)
        {
            // A machine without a resolver has no domain.
        }

        return null;
    }
}
