using System.Diagnostics;
using Farwire.Benchmarks.Load.Measures;
using Farwire.Client;
using Farwire.Client.Connection;

namespace Farwire.Benchmarks.Shells;

/// <summary>The client's own time for a command: a stub answers at once with bytes made before.</summary>
internal sealed class ClientTime(Table table)
{
    private const int Count = 1000;

    public async Task RunAsync()
    {
        using var stub = new ShellStub();
        await using var client = new WSManClient(new WSManConnectionOptions { Address = stub.Address, AllowUnencrypted = true, User = "ann", Password = "secret" });
        var rounds = new List<double>();
        for (var round = -2; round < 7; round++)
        {
            var start = Stopwatch.GetTimestamp();
            for (var i = 0; i < Count; i++)
            {
                await Clients.TrueAsync(client);
            }

            if (round >= 0)
            {
                rounds.Add(Stopwatch.GetElapsedTime(start).TotalMilliseconds / Count);
            }
        }

        table.AtMost("a command against a stub, the stub included", Ratios.Middle(rounds), 1.2, "ms");
    }
}
