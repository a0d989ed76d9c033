using System.Xml.Linq;
using Farwire.Client;
using Farwire.Client.Connection;
using Farwire.CommandLine.Connection;
using Farwire.CommandLine.Exit;
using Farwire.CommandLine.Grammar;
using Farwire.CommandLine.Hosts;
using Farwire.CommandLine.Output;
using Farwire.Protocol.Names;

namespace Farwire.CommandLine.Modern;

/// <summary><c>farwire config</c>: the settings of a service, <c>winrm/config</c>, in short; of this machine when no host is named.</summary>
/// <param name="terminal">What it reads from and writes to.</param>
/// <param name="connect">Makes the client; tests put a loopback in.</param>
public sealed class ConfigCommand(Terminal terminal, Func<WSManConnectionOptions, WSManClient>? connect = null)
{
    internal static readonly Dictionary<string, string> Known = new(HostSwitches.Known, StringComparer.OrdinalIgnoreCase) { ["--dry-run"] = "--dry-run" };

    private readonly Func<WSManConnectionOptions, WSManClient> _connect = connect ?? (options => new WSManClient(options));

    /// <summary>Runs a command line; the answer is the exit code.</summary>
    public async Task<int> RunAsync(IReadOnlyList<string> arguments, CancellationToken cancellationToken)
    {
        var boundary = new VerbBoundary(terminal, "config");
        return await boundary.RunAsync(
            async () =>
            {
                var switches = Switches.Parse(arguments, Known);
                boundary.Json = OutputForms.IsJson(switches["--output"]);
                if (switches.Has("help") || switches.Words.Count == 0)
                {
                    terminal.Output.WriteLine(Help);
                    return ExitCode.Done;
                }

                await RunAsync(switches, cancellationToken).ConfigureAwait(false);
                return ExitCode.Done;
            },
            cancellationToken).ConfigureAwait(false);
    }

    private async Task RunAsync(Switches switches, CancellationToken cancellationToken)
    {
        var form = OutputForms.Of(switches["--output"] ?? "text", terminal);
        await using var client = _connect(await OptionsAsync(switches, cancellationToken).ConfigureAwait(false));
        switch (switches.Words)
        {
            case ["show"]:
                form.Show(terminal.Output, await client.GetAsync(Namespaces.Config, null, cancellationToken).ConfigureAwait(false));
                break;
            case ["show", var section]:
                form.Show(terminal.Output, await client.GetAsync($"{Namespaces.Config}/{section}", null, cancellationToken).ConfigureAwait(false));
                break;
            case ["list", var kind]:
                form.StartList(terminal.Output);
                await foreach (var item in client.EnumerateAsync($"{Namespaces.Config}/{kind switch { "listeners" => "listener", "mappings" => "service/certmapping", "shells" => "winrs/customremoteshell", "plugins" => "plugin", _ => kind }}", cancellationToken: cancellationToken).ConfigureAwait(false))
                {
                    form.Show(terminal.Output, item);
                }

                form.EndList(terminal.Output);
                break;
            case ["set", var section, .. { Count: > 0 } pairs]:
                await SetAsync(client, section, pairs, switches, form, cancellationToken).ConfigureAwait(false);
                break;
            default:
                throw new UsageException($"'{string.Join(' ', switches.Words)}' is none of show [SECTION], list KIND, set SECTION NAME=VALUE ….");
        }
    }

    private async Task SetAsync(WSManClient client, string section, IReadOnlyList<string> pairs, Switches switches, IOutputForm form, CancellationToken cancellationToken)
    {
        var uri = $"{Namespaces.Config}/{section}";
        var current = XElement.Parse(await client.GetAsync(uri, null, cancellationToken).ConfigureAwait(false));
        foreach (var pair in pairs)
        {
            var (name, value) = pair.Split('=', 2) is [{ Length: > 0 } n, var v] ? (n, v) : throw new UsageException($"'{pair}' is not NAME=VALUE.");
            var leaf = current.Elements().SingleOrDefault(e => e.Name.LocalName.Equals(name, StringComparison.OrdinalIgnoreCase) && !e.HasElements)
                ?? throw new UsageException($"{section} has no setting '{name}'; it has {string.Join(", ", current.Elements().Where(e => !e.HasElements).Select(e => e.Name.LocalName))}.");
            if (switches.Has("--dry-run"))
            {
                terminal.Output.WriteLine($"{section} {leaf.Name.LocalName}: {leaf.Value} -> {value}");
            }

            leaf.Value = value;
        }

        if (!switches.Has("--dry-run"))
        {
            form.Show(terminal.Output, await client.PutAsync(uri, null, current.ToString(SaveOptions.DisableFormatting), cancellationToken).ConfigureAwait(false));
        }
    }

    private async Task<WSManConnectionOptions> OptionsAsync(Switches switches, CancellationToken cancellationToken)
    {
        if (!switches.Has("remote"))
        {
            return ConnectionSwitches.Read(switches, terminal, anonymous: false);
        }

        using var connections = new HostConnections(switches, terminal);
        return connections.Hosts() is [var host] ? await connections.OptionsAsync(host, cancellationToken).ConfigureAwait(false) : throw new UsageException("one HOST is configured at a time.");
    }

    internal const string Help = """
        farwire config: the settings of a service (winrm/config), of this machine when no host is named

          farwire config show [SECTION]                 all, or client, service, winrs, service/auth, service/defaultports …
          farwire config set SECTION NAME=VALUE …       changes settings, and shows the section as it is then
          farwire config list listeners|mappings|shells|plugins

          --dry-run        tells what would change
          -H, --host HOST, --connect FILE; -u, --user, --auth, --password-file, --pin, --ca as for run
          -o text|table|json|csv|xml|pretty|yaml

        Examples
          farwire config show service/auth
          farwire config set winrs MaxShellsPerUser=50 --dry-run
          farwire config list listeners -H web1 -u ann -o table
        """;
}
