using System.Runtime.InteropServices;
using Farwire.Linux.Accounts;
using Farwire.Processes.Broker;
using Farwire.Processes.Exit;

namespace Farwire.Hosting.Broker;

/// <summary>A service in two processes: this one keeps root and becomes the broker, the other gives root up and serves the network.</summary>
/// <remarks>
/// 1. The pair of sockets, 2. the service, started as its account with its end of the pair as descriptor 3, 3. signals go to the service, 4. requests are
/// served until the service ends, 5. its exit code is ours.
/// </remarks>
public static class BrokeredService
{
    /// <summary>Runs <paramref name="program"/> as <paramref name="account"/> and is its broker until it ends; answers its exit code.</summary>
    /// <exception cref="ArgumentException">There is no such account, or it is root.</exception>
    public static async Task<int> RunAsync(string account, string program, IReadOnlyList<string> arguments, BrokerPolicy policy, Action<string> audit)
    {
        if (AccountDirectory.Find(account) is not { } found)
        {
            throw new ArgumentException($"There is no account '{account}' on this machine.", nameof(account));
        }

        if (found.Uid == 0)
        {
            throw new ArgumentException("The service in front must not be root: name an account without rights of its own.", nameof(account));
        }

        // 1 2
        var front = new BrokeredAccount(found.Name, found.Uid, found.Gid, found.Home, found.Shell);
        var (service, socket) = FrontProcess.Start(front, program, arguments);

        // 3
        using var term = PosixSignalRegistration.Create(PosixSignal.SIGTERM, context => Forward(context, ProcessSignal.Terminate));
        using var interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, context => Forward(context, ProcessSignal.Terminate));
        using var hangup = PosixSignalRegistration.Create(PosixSignal.SIGHUP, context => Forward(context, ProcessSignal.Hangup));

        // 4 5
        await Task.Factory.StartNew(() => new BrokerServer(socket, new BrokerDuties(policy, audit)).Run(), TaskCreationOptions.LongRunning).ConfigureAwait(false);
        return (await service.Exit.ConfigureAwait(false)).Code;

        void Forward(PosixSignalContext context, ProcessSignal signal)
        {
            context.Cancel = true;
            service.Signal(signal);
        }
    }
}
