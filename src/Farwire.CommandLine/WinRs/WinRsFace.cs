using Farwire.Client;
using Farwire.Client.Connection;
using Farwire.CommandLine.Grammar;
using Farwire.CommandLine.Output;
using Farwire.Protocol.Faults;

namespace Farwire.CommandLine.WinRs;

/// <summary>The face <c>winrs</c>: runs one command on another machine with the streams and the exit code of this one.</summary>
/// <param name="terminal">What it reads from and writes to.</param>
/// <param name="connect">Makes the client; tests put a loopback in.</param>
public sealed class WinRsFace(Terminal terminal, Func<WSManConnectionOptions, WSManClient>? connect = null)
{
    /// <summary>The code of winrs' own failures.</summary>
    private const int Failed = 1;

    /// <summary>The code after a second Ctrl-C: 128 and the number of SIGINT, as shells say it.</summary>
    internal const int Interrupted = 130;

    private readonly Func<WSManConnectionOptions, WSManClient> _connect = connect ?? (options => new WSManClient(options));

    /// <summary>Runs a command line, and answers the remote command's code.</summary>
    /// <param name="arguments">The words after the face's name.</param>
    /// <param name="interrupted">The first Ctrl-C: goes to the remote command.</param>
    /// <param name="stop">The second: ends all.</param>
    public async Task<int> RunAsync(IReadOnlyList<string> arguments, CancellationToken interrupted, CancellationToken stop)
    {
        var json = false;
        try
        {
            if (WinRsLine.Read(arguments, terminal) is not { } line)
            {
                terminal.Output.WriteLine(WinRsHelp.Text);
                await terminal.Output.FlushAsync(CancellationToken.None).ConfigureAwait(false);
                return 0;
            }

            json = line.Json;
            return CommandRun.ToExitStatus(await new CommandRun(terminal, _connect, "winrs").RunAsync(line, interrupted, stop).ConfigureAwait(false));
        }
        catch (UsageException e)
        {
            terminal.Errors.WriteLine($"Error: {e.Message}");
            terminal.Errors.WriteLine("Type \"winrs -?\" for help.");
        }
        catch (WSManFaultException e)
        {
            Faults.Show(terminal.Errors, e.Fault, json);
        }
        catch (WSManTransportException e)
        {
            Faults.Show(terminal.Errors, e, json);
        }
        catch (OperationCanceledException)
        {
            return Interrupted;
        }

        return Failed;
    }
}
