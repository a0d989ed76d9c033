using Farwire.Processes.Exit;
using Farwire.Processes.Launch;
using Farwire.Processes.Tree;

namespace Farwire.Processes.Broker;

/// <summary>Programs run as their caller's account, with a clean environment like after a login, started by the broker.</summary>
public sealed class BrokerStarter(BrokerClient broker) : IProgramStarter
{
    // What most programs expect; the service's own limit is far higher.
    private const int MaxOpenFiles = 1024;

    /// <inheritdoc/>
    public async Task<RunningProcess> StartAsync(ProgramStart start, string account)
    {
        using var pipes = StandardPipes.Open();
        var order = new ProgramOrder(account, start.Program, start.Arguments, start.Environment, start.WorkingDirectory, MaxOpenFiles) { Group = start.Group };
        var (id, exit) = await broker.StartAsync(order, pipes.ProgramEnds).ConfigureAwait(false);
        return pipes.Of(new BrokeredProgram(broker, id, exit));
    }

    private sealed class BrokeredProgram(BrokerClient broker, int id, Task<ProcessExit> exit) : IProgramControl
    {
        public int Id => id;

        public Task<ProcessExit> Exit => exit;

        public bool Signal(ProcessSignal signal)
        {
            broker.Signal(id, signal);
            return true;
        }

        public Task EndTreeAsync() => broker.EndTreeAsync(id);

        public IReadOnlyList<int>? Members() => null; // the group is the broker's
    }
}
