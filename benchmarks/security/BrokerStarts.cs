using System.Diagnostics;
using Farwire.Hosting.Broker;
using Farwire.Processes;
using Farwire.Processes.Broker;
using Farwire.Processes.Launch;

namespace Farwire.Benchmarks.Security;

/// <summary>How long <c>/bin/true</c> takes, started directly, by the broker as the same account, and by the broker as another.</summary>
internal static class BrokerStarts
{
    private const string Another = "nobody";

    public static async Task ShowAsync(int count)
    {
        if (!Environment.IsPrivilegedProcess)
        {
            Console.WriteLine("a program through the broker: not measured, for that needs root");
            return;
        }

        var (ours, theirs) = BrokerSocket.Pair();
        var policy = new BrokerPolicy([Environment.UserName, Another], []);
        var broker = Task.Factory.StartNew(() => new BrokerServer(new BrokerSocket(theirs), new BrokerDuties(policy, static _ => { })).Run(), TaskCreationOptions.LongRunning);
        using (var client = new BrokerClient(ours))
        {
            // In turn, and the least of four, as with the rest.
            var (direct, brokered, another) = (TimeSpan.MaxValue, TimeSpan.MaxValue, TimeSpan.MaxValue);
            for (var round = 0; round < 4; round++)
            {
                direct = Least(direct, await MeasureAsync(new OwnAccountStarter(), Environment.UserName, count / 4));
                brokered = Least(brokered, await MeasureAsync(new BrokerStarter(client), Environment.UserName, count / 4));
                another = Least(another, await MeasureAsync(new BrokerStarter(client), Another, count / 4));
            }

            Console.WriteLine($"{"/bin/true from start to end, directly",-44}{direct.TotalMicroseconds,11:0} \u00b5s{1,9:0.00}");
            Console.WriteLine($"{"/bin/true from start to end, by the broker",-44}{brokered.TotalMicroseconds,11:0} \u00b5s{brokered / direct,9:0.00}");
            Console.WriteLine($"{"/bin/true by the broker, as another account",-44}{another.TotalMicroseconds,11:0} \u00b5s{another / direct,9:0.00}");
        }

        await broker;
    }

    private static TimeSpan Least(TimeSpan left, TimeSpan right) => left < right ? left : right;

    private static async Task<TimeSpan> MeasureAsync(IProgramStarter starter, string account, int count)
    {
        var started = Stopwatch.GetTimestamp();
        for (var i = 0; i < count; i++)
        {
            using var process = await starter.StartAsync(new ProgramStart("/bin/true", []), account);
            await process.Exit;
            await process.EndTreeAsync();
        }

        return Stopwatch.GetElapsedTime(started) / count;
    }
}
