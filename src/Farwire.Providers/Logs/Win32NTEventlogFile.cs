using Farwire.Cim.Classes;
using Farwire.Linux.Journal;
using Farwire.Providers.Contract;

namespace Farwire.Providers.Logs;

/// <summary>Win32_NTEventlogFile: the three logs that the journal is shown as; none where there is no journal. Its files hold all of them together.</summary>
internal static class Win32NTEventlogFile
{
    public static ICimProvider Over(CimSchema schema, LinuxSources linux) => new CimTable<Row>(schema, "Win32_NTEventlogFile", need => Rows(need, linux))
    {
        ["Caption"] = r => r.Name,
        ["Description"] = r => r.Name,
        ["FileName"] = r => r.Name,
        ["LogfileName"] = r => r.Name,
        ["Name"] = r => r.Name,
        ["NumberOfRecords"] = r => r.Records,
        ["Path"] = r => r.Folder,
        ["Sources"] = r => r.Sources,
    };

    private static IEnumerable<Row> Rows(CimNeed need, LinuxSources linux)
    {
        using (var reader = JournalReader.TryOpen())
        {
            reader?.ToTail();
            if (reader is null || !reader.Previous())
            {
                yield break;
            }
        }

        var counts = new Dictionary<string, uint>();
        var sources = new Dictionary<string, SortedSet<string>>();
        foreach (var entry in need.Needs("NumberOfRecords", "Sources") ? JournalTable.Read(since: null) : [])
        {
            var log = Win32NTLogEvent.LogOf(entry);
            counts[log] = counts.GetValueOrDefault(log) + 1;
            (sources.TryGetValue(log, out var known) ? known : sources[log] = new SortedSet<string>(StringComparer.Ordinal)).Add(entry.Identifier ?? entry.Transport ?? "");
        }

        var folder = Directory.Exists(linux.Paths.Var + "/log/journal") ? linux.Paths.Var + "/log/journal/" : linux.Paths.Run + "/log/journal/";
        foreach (var name in new[] { Win32NTLogEvent.Application, Win32NTLogEvent.Security, Win32NTLogEvent.System })
        {
            yield return new Row(name, folder, counts.GetValueOrDefault(name), [.. sources.GetValueOrDefault(name) ?? []]);
        }
    }

    private sealed record Row(string Name, string Folder, uint Records, string[] Sources);
}
