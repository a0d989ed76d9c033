// What collecting events costs on this machine, in one process: the steps one by one, the store with its syncs, the search, and the whole way over TLS.
// Sources run on the same machine; their batches are packed before the clock starts.
//   dotnet run -c Release --project benchmarks/events -- FILE.events.xml...
using Farwire.Benchmarks.Events;

var samples = args.SelectMany(File.ReadLines).Where(line => line.Length > 0).ToArray();
if (samples.Length == 0)
{
    Console.Error.WriteLine("Give files with one event a line, such as tests/Events.Tests/Fixtures/system.events.xml.");
    return 64;
}

Console.WriteLine($"{samples.Length} events of {samples.Average(s => s.Length):0} characters on average; {Environment.ProcessorCount} processors");
Steps.Run(samples);
await Storing.RunAsync(samples);
await OverTls.RunAsync(samples);
return 0;
