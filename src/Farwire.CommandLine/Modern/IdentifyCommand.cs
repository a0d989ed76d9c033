using Farwire.Client;
using Farwire.Client.Connection;
using Farwire.CommandLine.Connection;
using Farwire.CommandLine.Exit;
using Farwire.CommandLine.Grammar;
using Farwire.CommandLine.Hosts;
using Farwire.CommandLine.Output;
using Farwire.CommandLine.WinRm;

namespace Farwire.CommandLine.Modern;

/// <summary><c>farwire identify</c>: what each of the hosts is; without a user it tells less.</summary>
/// <param name="terminal">What it reads from and writes to.</param>
/// <param name="connect">Makes the client; tests put a loopback in.</param>
public sealed class IdentifyCommand(Terminal terminal, Func<WSManConnectionOptions, WSManClient>? connect = null)
{
    internal static readonly IReadOnlyDictionary<string, string> Known = HostSwitches.Known;

    private readonly Func<WSManConnectionOptions, WSManClient> _connect = connect ?? (options => new WSManClient(options));

    /// <summary>Runs a command line; the answer is the exit code.</summary>
    public async Task<int> RunAsync(IReadOnlyList<string> arguments, CancellationToken cancellationToken)
    {
        var boundary = new VerbBoundary(terminal, "identify");
        return await boundary.RunAsync(
            async () =>
            {
                var switches = Switches.Parse(arguments, Known);
                boundary.Json = OutputForms.IsJson(switches["--output"]);
                if (switches.Has("help") || arguments.Count == 0)
                {
                    terminal.Output.WriteLine(Help);
                    return ExitCode.Done;
                }

                return await RunAsync(switches, boundary, cancellationToken).ConfigureAwait(false);
            },
            cancellationToken).ConfigureAwait(false);
    }

    private async Task<int> RunAsync(Switches switches, VerbBoundary boundary, CancellationToken cancellationToken)
    {
        using var connections = new HostConnections(switches, terminal) { Anonymous = true };
        var hosts = connections.Hosts();
        var form = OutputForms.Of(switches["--output"] ?? "text", terminal);
        var failed = 0;
        if (hosts.Count > 1)
        {
            form.StartList(terminal.Output);
        }

        foreach (var host in hosts)
        {
            try
            {
                await using var client = _connect(await connections.OptionsAsync(host, cancellationToken).ConfigureAwait(false));
                form.Show(terminal.Output, IdentifyVerb.Xml(await client.IdentifyAsync(cancellationToken).ConfigureAwait(false)));
            }
            catch (Exception e) when (hosts.Count > 1 && Failure.IsKnown(e))
            {
                boundary.Tell(e, host.Name);
                failed++;
            }
        }

        if (hosts.Count > 1)
        {
            form.EndList(terminal.Output);
        }

        return failed == 0 ? ExitCode.Done : failed < hosts.Count ? ExitCode.SomeFailed : ExitCode.NoneWorked;
    }

    internal const string Help = """
        farwire identify: which protocol a service speaks, whose product it is, and which version

          farwire identify -H HOST[,HOST…] [OPTIONS]

        Without a user the service tells less.
          -H, --host LIST, --connect FILE; -u, --user, --auth, --password-file, --pin, --ca as for run
          -o text|table|json|jsonl|csv|xml|pretty|yaml

        Examples
          farwire identify -H web1
          farwire identify -H web1,web2 -u ann -o table
        """;
}
