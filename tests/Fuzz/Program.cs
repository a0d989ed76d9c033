// Broken input in bulk: fuzz [TARGET|all] [count] [seed]. The same seed breaks the same way.
using System.Globalization;
using System.Text;
using Farwire.Fuzz;

var wanted = args.Length > 0 ? args[0] : "all";
var count = args.Length > 1 ? int.Parse(args[1], CultureInfo.InvariantCulture) : 1_000_000;
var seed = args.Length > 2 ? int.Parse(args[2], CultureInfo.InvariantCulture) : 1;
foreach (var make in Targets.All)
{
    using var target = make();
    if (wanted != "all" && wanted != target.Name)
    {
        continue;
    }

    try
    {
        var started = System.Diagnostics.Stopwatch.GetTimestamp();
        var result = target.Run(count, seed);
        Console.WriteLine(
            $"{target.Name}: {count} inputs, {result.Read} read, {result.Refused} refused, at most {result.MaxBytes} bytes each, {System.Diagnostics.Stopwatch.GetElapsedTime(started).TotalSeconds:0.0} s");
    }
    catch (FuzzException e)
    {
        var file = Path.Combine(Path.GetTempPath(), $"farwire-fuzz-{target.Name}.bin");
        File.WriteAllBytes(file, [.. e.Input]);
        Console.Error.WriteLine($"{e.Message}\nThe input is in {file}:\n{Encoding.UTF8.GetString([.. e.Input.Take(2000)])}\n{e.InnerException}");
        return 1;
    }
}

return 0;
