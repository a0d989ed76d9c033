using System.Globalization;
using System.Xml.Linq;
using Farwire.Client;
using Farwire.Client.Connection;
using Farwire.CommandLine.Exit;
using Farwire.CommandLine.Grammar;
using Farwire.CommandLine.Hosts;
using Farwire.Protocol.Addressing;
using Farwire.Protocol.Faults;
using Farwire.Protocol.Names;

namespace Farwire.CommandLine.Modern;

/// <summary><c>farwire reboot</c>: starts a computer anew, and with <c>--wait</c> ends when it is back: up since another time than before.</summary>
/// <param name="terminal">What it reads from and writes to.</param>
/// <param name="connect">Makes the client; tests put a loopback in.</param>
/// <param name="time">The clock of waiting.</param>
public sealed class RebootCommand(Terminal terminal, Func<WSManConnectionOptions, WSManClient>? connect = null, TimeProvider? time = null)
{
    internal static readonly Dictionary<string, string> Known = new(HostSwitches.Known, StringComparer.OrdinalIgnoreCase) { ["--wait"] = "--wait" };

    private const string OperatingSystemClass = ResourceUris.WmiCimV2 + "/Win32_OperatingSystem";
    private static readonly TimeSpan DefaultDeadline = TimeSpan.FromMinutes(15);
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(2);

    private readonly Func<WSManConnectionOptions, WSManClient> _connect = connect ?? (options => new WSManClient(options));
    private readonly TimeProvider _time = time ?? TimeProvider.System;

    /// <summary>Runs a command line; the answer is the exit code.</summary>
    public async Task<int> RunAsync(IReadOnlyList<string> arguments, CancellationToken cancellationToken)
    {
        var boundary = new VerbBoundary(terminal, "reboot");
        return await boundary.RunAsync(
            async () =>
            {
                var switches = Switches.Parse(arguments, Known);
                if (switches.Has("help") || arguments.Count == 0)
                {
                    terminal.Output.WriteLine(Help);
                    return ExitCode.Done;
                }

                if (switches.Words is [var host] && !switches.Has("remote"))
                {
                    switches = switches.With("remote", host);
                }

                using var connections = new HostConnections(switches, terminal);
                var hosts = connections.Hosts();
                _ = hosts.Count == 1 ? 0 : throw new UsageException("one HOST is started anew at a time.");
                var options = await connections.OptionsAsync(hosts[0], cancellationToken).ConfigureAwait(false);
                var before = await AskAsync(options, cancellationToken).ConfigureAwait(false);
                return switches.Has("--wait") ? await WaitAsync(options, before, switches, cancellationToken).ConfigureAwait(false) : ExitCode.Done;
            },
            cancellationToken).ConfigureAwait(false);
    }

    private async Task<string> AskAsync(WSManConnectionOptions options, CancellationToken cancellationToken)
    {
        await using var client = _connect(options);
        var before = await StartedAsync(client, cancellationToken).ConfigureAwait(false);
        string output;
        try
        {
            output = await client.InvokeAsync("Reboot", OperatingSystemClass, SelectorSet.Empty, $"<p:Reboot_INPUT xmlns:p=\"{OperatingSystemClass}\"/>", cancellationToken).ConfigureAwait(false);
        }
        catch (WSManTransportException e) when (e.Failure == TransportFailure.ConnectionLost)
        {
            return before; // it was faster than its answer
        }

        var code = XElement.Parse(output).Elements().FirstOrDefault(e => e.Name.LocalName == "ReturnValue")?.Value;
        if (code is not "0")
        {
            throw new WSManFaultException(FaultCatalog.AccessDenied.ToFault($"Reboot answered {code}: the system refuses to start anew."));
        }

        terminal.Errors.WriteLine($"{options.Address.Host} starts anew; it was up since {before}.");
        return before;
    }

    private async Task<int> WaitAsync(WSManConnectionOptions options, string before, Switches switches, CancellationToken cancellationToken)
    {
        var limit = switches["--deadline"] is { } seconds ? Seconds.Parse("--deadline", seconds) : DefaultDeadline;
        using var deadline = new CancellationTokenSource(limit, _time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, deadline.Token);
        try
        {
            while (true)
            {
                try
                {
                    await using var client = _connect(options);
                    var started = await StartedAsync(client, either.Token).ConfigureAwait(false);
                    if (started != before)
                    {
                        terminal.Errors.WriteLine($"{options.Address.Host} is back, up since {started}.");
                        return ExitCode.Done;
                    }
                }
                catch (Exception e) when (e is WSManTransportException { Failure: not TransportFailure.Authentication } or WSManFaultException)
                {
                    // It is on its way down, or not up yet.
                }

                await Task.Delay(Pause, _time, either.Token).ConfigureAwait(false);
            }
        }
        catch (OperationCanceledException) when (deadline.IsCancellationRequested && !cancellationToken.IsCancellationRequested)
        {
            terminal.Errors.WriteLine(string.Create(CultureInfo.InvariantCulture, $"farwire reboot: {options.Address.Host} is not back within {limit.TotalSeconds:0.###} s (--deadline)."));
            return ExitCode.Deadline;
        }
    }

    private static async Task<string> StartedAsync(WSManClient client, CancellationToken cancellationToken)
    {
        var system = XElement.Parse(await client.GetAsync(OperatingSystemClass, SelectorSet.Empty, cancellationToken).ConfigureAwait(false));
        return system.Elements().FirstOrDefault(e => e.Name.LocalName == "LastBootUpTime")?.Value ?? "";
    }

    internal const string Help = """
        farwire reboot: starts a computer anew

          farwire reboot HOST [--wait] [--deadline SEC] [OPTIONS]

          --wait           ends when the computer is back: up since another time than before
          --deadline SEC   give up waiting after so long; 900 when left out
          -u, --user, --auth, --password-file, --pin, --ca, --connect as for run

        Examples
          farwire reboot web1 -u ann --wait && farwire run -H web1 -u ann uptime

        Exit: 0, or 124 not back in time, 77 not allowed, 69 not reached, 70 refused, 64 usage
        """;
}
