// Measures Farwire beside bare servers and programs, in one run, and prints a table of ratios.
//   load [requests|enumeration|client|command ...] [--quick]
// The words choose parts; without any, all of them run.
using Farwire.Benchmarks.Load.Measures;
using Farwire.Benchmarks.Load.Servers;

switch (args)
{
    case ["reference", var own]:
        await ReferenceServer.RunAsync(own);
        return 0;
    case ["synthetic", var own, var count]:
        await SyntheticService.RunAsync(own, int.Parse(count, System.Globalization.CultureInfo.InvariantCulture));
        return 0;
}

string[] parts = ["requests", "enumeration", "client", "command"];
var quick = args.Contains("--quick");
string[] chosen = [.. args.Where(a => a != "--quick")];
if (chosen.Except(parts).Any())
{
    Console.Error.WriteLine($"load: the parts are {string.Join(", ", parts)}; --quick measures less exactly.");
    return 64;
}

var folder = Directory.CreateTempSubdirectory("farwire-load-").FullName;
try
{
    var table = new Table(Console.Out);
    table.Start();
    foreach (var part in chosen.Length > 0 ? chosen : parts)
    {
        await (part switch
        {
            "requests" => new Requests(table, TimeSpan.FromSeconds(quick ? 0.25 : 0.5), quick ? 5 : 12).RunAsync(folder),
            "enumeration" => new Enumerations(table).RunAsync(folder),
            "client" => new ClientReading(table).RunAsync(),
            _ => new CommandStart(table, quick ? 7 : 21).RunAsync(folder),
        });
    }

    return table.AllMet ? 0 : 1;
}
finally
{
    Directory.Delete(folder, recursive: true);
}
