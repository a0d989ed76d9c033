using System.Collections;
using System.ComponentModel;
using Farwire.Processes.Exit;
using Farwire.Processes.Launch;
using Farwire.Processes.Tree;

namespace Farwire.Processes.Broker;

/// <summary>The service that a broker works for: started by it, as an account without rights, with one end of the socket pair.</summary>
public sealed class FrontProcess
{
    /// <summary>The descriptor under which the service finds its end.</summary>
    public const int SocketDescriptor = 3;

    /// <summary>The descriptor under which it finds a secret that only root could read.</summary>
    public const int SecretDescriptor = 4;

    private readonly ProgramTree _tree;

    private FrontProcess(ProgramTree tree) => _tree = tree;

    /// <summary>Ends with the service.</summary>
    public Task<ProcessExit> Exit => _tree.Exit;

    /// <summary>Starts it. It keeps our standard streams and environment: both come from whoever started us, not from the network.</summary>
    /// <param name="account">What it gives root up for.</param>
    /// <param name="program">The program.</param>
    /// <param name="arguments">Its arguments.</param>
    /// <param name="secret">A secret that only root could read; empty is none.</param>
    /// <exception cref="Win32Exception">It could not be started.</exception>
    public static (FrontProcess Service, BrokerSocket Ours) Start(BrokeredAccount account, string program, IReadOnlyList<string> arguments, ReadOnlySpan<byte> secret = default)
    {
        var (ours, theirs) = BrokerSocket.Pair();
        try
        {
            var ticks = ProcessTree.TicksNow();
            var start = AccountLauncher.ForGood(account, [program, .. arguments]);
            using var file = secret.IsEmpty ? null : MemoryFile.Of(secret);
            var id = Spawn.Run(start, Environment(account), file is null ? [0, 1, 2, theirs] : [0, 1, 2, theirs, file.Descriptor], out var error);
            return error == 0 ? (new FrontProcess(new ProgramTree(id, Guid.NewGuid().ToString("N"), ticks)), ours) : throw new Win32Exception(error);
        }
        catch
        {
            ours.Dispose();
            throw;
        }
        finally
        {
            BrokerSocket.CloseAll([theirs]);
        }
    }

    /// <summary>Passes a signal on to it: the polite request to end, or to read its configuration again.</summary>
    public void Signal(ProcessSignal signal) => _tree.Signal(signal);

    private static List<string> Environment(BrokeredAccount account)
    {
        var variables = System.Environment.GetEnvironmentVariables().Cast<DictionaryEntry>().ToDictionary(v => (string)v.Key, v => (string?)v.Value ?? "", StringComparer.Ordinal);
        (variables["HOME"], variables["USER"], variables["LOGNAME"]) = (account.Home, account.Name, account.Name);
        return [.. variables.Select(v => $"{v.Key}={v.Value}")];
    }
}
