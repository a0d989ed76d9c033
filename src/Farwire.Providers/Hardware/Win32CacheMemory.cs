using System.Globalization;
using Farwire.Cim.Classes;
using Farwire.Cim.Instances;
using Farwire.Linux.Files;
using Farwire.Providers.Contract;

namespace Farwire.Providers.Hardware;

/// <summary>Win32_CacheMemory: the caches of the processors; one that several share is there once.</summary>
/// <remarks>The kernel's "cacheinfo" in sysfs.</remarks>
internal static class Win32CacheMemory
{
    public static ICimProvider Over(CimSchema schema, LinuxSources linux) => new CimTable<Cache>(schema, "Win32_CacheMemory", _ => Read(linux.Paths.Sys + "/devices/system/cpu"))
    {
        ["CacheType"] = c => c.Text("type") switch { "Instruction" => 3u, "Data" => 4u, "Unified" => 5u, _ => 2u },
        ["Caption"] = _ => "Cache Memory",
        ["Description"] = _ => "Cache Memory",
        ["DeviceID"] = c => IdOf(c),
        ["InstalledSize"] = c => c.KiB,
        ["Level"] = c => c.Text("level") switch { "1" => 3u, "2" => 4u, "3" => 5u, _ => 2u },
        ["LineSize"] = c => uint.TryParse(c.Text("coherency_line_size"), NumberStyles.None, CultureInfo.InvariantCulture, out var bytes) ? bytes : default(CimValue),
        ["MaxCacheSize"] = c => c.KiB,
        ["Name"] = c => $"L{c.Text("level")} {c.Text("type")} cache",
        ["Purpose"] = c => $"L{c.Text("level")}-Cache",
        ["Status"] = _ => "OK",
    };

    /// <summary>The processor packages that use each cache, by the cache's DeviceID.</summary>
    internal static IEnumerable<(string Cache, int Socket)> Users(LinuxSources linux)
    {
        var packages = linux.Processors.Read();
        return Read(linux.Paths.Sys + "/devices/system/cpu").SelectMany(cache => packages.Where(p => p.Logical.Contains(cache.Processor)).Select(p => (IdOf(cache), p.Socket)));
    }

    private static string IdOf(Cache cache) => $"Cache Memory {cache.Index}";

    private static IEnumerable<Cache> Read(string root)
    {
        var seen = new HashSet<string>(StringComparer.Ordinal);
        for (var cpu = 0; Directory.Exists($"{root}/cpu{cpu}"); cpu++)
        {
            for (var index = 0; Directory.Exists($"{root}/cpu{cpu}/cache/index{index}"); index++)
            {
                var cache = new Cache($"{root}/cpu{cpu}/cache/index{index}", cpu, seen.Count);
                if (seen.Add($"{cache.Text("level")} {cache.Text("type")} {cache.Text("shared_cpu_list")}"))
                {
                    yield return cache;
                }
            }
        }
    }

    private sealed record Cache(string Folder, int Processor, int Index)
    {
        public uint? KiB => Text("size") is [.. var digits, 'K'] && uint.TryParse(digits, NumberStyles.None, CultureInfo.InvariantCulture, out var kib) ? kib : null;

        public string? Text(string file) => KernelText.Read($"{Folder}/{file}");
    }
}
