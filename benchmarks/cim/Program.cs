// cim [MOF.tar.gz]: what WQL costs beside a filter written by hand over the same 100,000 instances, and beside one over plain records of the same data, and how long MOF takes to load: the classes that come with
// Farwire, and those of an archive when one is given.
// cim answers PID: how long the built service takes to answer, beside systemctl in the namespaces of that process, dpkg-query and ps. cim.sh does both.
using System.Diagnostics;
using System.Formats.Tar;
using System.Globalization;
using System.IO.Compression;
using Farwire.Cim.Classes;
using Farwire.Cim.Instances;
using Farwire.Cim.Wql;

if (args is ["answers", var init])
{
    await Farwire.Benchmarks.Cim.Answers.RunAsync(init);
    return;
}

const int count = 100_000;
const int rounds = 15;

var started = Stopwatch.GetTimestamp();
var process = CimSchema.CimV2.Find("Win32_Process")!;
Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"root/cimv2 loaded          {Stopwatch.GetElapsedTime(started).TotalMilliseconds,8:F1} ms, {CimSchema.CimV2.Classes.Count()} classes, first in the process"));

var rows = Enumerable.Range(0, count).Select(i => new Row((uint)i, i % 7 == 0 ? $"farwire-{i}" : $"program-{i}", (ulong)i * 4096)).ToArray();
var instances = Array.ConvertAll(rows, r => new CimInstance(process) { ["ProcessId"] = r.Id, ["Name"] = r.Name, ["WorkingSetSize"] = r.Bytes });
var (id, name, bytes) = (process.SlotOf("ProcessId"), process.SlotOf("Name"), process.SlotOf("WorkingSetSize"));
Compare(
    "number and number",
    "select * from Win32_Process where ProcessId > 1000 and WorkingSetSize < 200000000",
    i => i[id].AsUInt64() > 1000 && i[bytes].AsUInt64() < 200_000_000,
    r => r is { Id: > 1000, Bytes: < 200_000_000 });
Compare(
    "text equal",
    "select * from Win32_Process where Name = 'program-99999'",
    i => string.Equals(i[name].AsString(), "program-99999", StringComparison.OrdinalIgnoreCase),
    r => string.Equals(r.Name, "program-99999", StringComparison.OrdinalIgnoreCase));
Compare(
    "like a prefix, or a number",
    "select * from Win32_Process where Name like 'far%' or ProcessId = 5",
    i => i[name].AsString().StartsWith("far", StringComparison.OrdinalIgnoreCase) || i[id].AsUInt64() == 5,
    r => r.Name.StartsWith("far", StringComparison.OrdinalIgnoreCase) || r.Id == 5);

if (args is [var archive])
{
    var files = Read(archive);
    for (var round = 0; round < 3; round++)
    {
        started = Stopwatch.GetTimestamp();
        var classes = new CimSchema("root/dmtf").AddMofFiles(files).Classes.Count();
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{Path.GetFileName(archive)}: {files.Count} files, {classes} classes  {Stopwatch.GetElapsedTime(started).TotalMilliseconds,8:F1} ms"));
    }
}

void Compare(string title, string query, Func<CimInstance, bool> byHand, Func<Row, bool> overRecords)
{
    var filter = new WqlFilter(WqlQuery.Parse(query), process);
    var (wql, found) = Best(() => instances.Count(filter.Matches));
    var (hand, expected) = Best(() => instances.Where(byHand).Count());
    var (records, same) = Best(() => rows.Where(overRecords).Count());
    if (found != expected || found != same)
    {
        throw new InvalidOperationException($"{title}: WQL found {found}, the filters by hand {expected} and {same}.");
    }

    Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{title,-28} {count / wql.TotalSeconds / 1e6,6:F1} M/s, by hand {count / hand.TotalSeconds / 1e6,6:F1} M/s: ratio {hand / wql:F2}; over records {count / records.TotalSeconds / 1e6,6:F1} M/s ({found} found)"));
}

static (TimeSpan Time, int Result) Best(Func<int> work)
{
    var (best, result) = (TimeSpan.MaxValue, 0);
    for (var round = 0; round < rounds; round++)
    {
        var from = Stopwatch.GetTimestamp();
        result = work();
        var time = Stopwatch.GetElapsedTime(from);
        best = time < best ? time : best;
    }

    return (best, result);
}

static List<string> Read(string archive)
{
    var files = new List<string>();
    using var stream = new GZipStream(File.OpenRead(archive), CompressionMode.Decompress);
    using var tar = new TarReader(stream);
    while (tar.GetNextEntry() is { } entry)
    {
        if (entry is { DataStream: { } data } && entry.Name.EndsWith(".mof", StringComparison.Ordinal))
        {
            using var reader = new StreamReader(data);
            files.Add(reader.ReadToEnd());
        }
    }

    return files;
}

internal sealed record Row(uint Id, string Name, ulong Bytes);
