using System.Runtime.InteropServices;
using System.Security.Cryptography;
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
    /// <param name="account">What the service in front gives root up for.</param>
    /// <param name="program">The service.</param>
    /// <param name="arguments">Its arguments.</param>
    /// <param name="policy">As whom programs may be started.</param>
    /// <param name="audit">Takes a line for each request.</param>
    /// <param name="secret">What the service finds at <see cref="FrontProcess.SecretDescriptor"/>, and is cleared here; null is nothing.</param>
    /// <exception cref="ArgumentException">There is no such account, or it is root.</exception>
    public static async Task<int> RunAsync(string account, string program, IReadOnlyList<string> arguments, BrokerPolicy policy, Action<string> audit, byte[]? secret = null)
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
        var (service, socket) = FrontProcess.Start(front, program, arguments, secret);
        CryptographicOperations.ZeroMemory(secret);

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
