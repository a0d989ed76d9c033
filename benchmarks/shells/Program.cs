// Measures remote shells: time to run nothing, the client's own time, throughput. Prints a table.
//   shells [latency|stub|streams|packing|many|pywinrm ...]
// The words choose parts; without any, all of them run.
using Farwire.Benchmarks.Load.Measures;
using Farwire.Benchmarks.Load.Servers;
using Farwire.Benchmarks.Shells;

string[] parts = ["latency", "stub", "streams", "packing", "many", "pywinrm"];
if (args.Except(parts).Any())
{
    Console.Error.WriteLine($"shells: the parts are {string.Join(", ", parts)}.");
    return 64;
}

var folder = Directory.CreateTempSubdirectory("farwire-shells-").FullName;
try
{
    await using var service = await ServerProcess.DaemonAsync(Path.Combine(folder, "service"));
    var table = new Table(Console.Out);
    table.Start();
    foreach (var part in args.Length > 0 ? args : parts)
    {
        await (part switch
        {
            "latency" => new Latency(table, service).RunAsync(),
            "stub" => new ClientTime(table).RunAsync(),
            "streams" => new Streams(table, service).RunAsync(),
            "packing" => new Packing(table, service).RunAsync(),
            "many" => new ManyShells(table, service).RunAsync(),
            _ => new AgainstPywinrm(table, service).RunAsync(),
        });
    }

    return table.AllMet ? 0 : 1;
}
finally
{
    Directory.Delete(folder, recursive: true);
}
