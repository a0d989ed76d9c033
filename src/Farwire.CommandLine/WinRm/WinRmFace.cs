using Farwire.Client;
using Farwire.Client.Connection;
using Farwire.CommandLine.Connection;
using Farwire.CommandLine.Grammar;
using Farwire.CommandLine.Output;
using Farwire.Protocol.Faults;

namespace Farwire.CommandLine.WinRm;

/// <summary>The face <c>winrm</c>: the grammar and the output that scripts for Windows' tool expect, and our additions as long options.</summary>
/// <param name="terminal">What it reads from and writes to.</param>
/// <param name="connect">Makes the client; tests put a loopback in.</param>
public sealed class WinRmFace(Terminal terminal, Func<WSManConnectionOptions, WSManClient>? connect = null)
{
    internal static readonly Dictionary<string, string> Known = new(ConnectionSwitches.Known, StringComparer.OrdinalIgnoreCase)
    {
        ["format"] = "format:", ["f"] = "format:", ["--output"] = "--output:",
        ["fragment"] = "fragment:", ["dialect"] = "dialect:", ["filter"] = "filter:", ["associations"] = "associations",
        ["returntype"] = "returntype:", ["shallow"] = "shallow", ["basepropertiesonly"] = "basepropertiesonly",
        ["file"] = "file:", ["options"] = "options:",
        ["quiet"] = "quiet", ["q"] = "quiet", ["force"] = "force", ["transport"] = "transport:", ["--dry-run"] = "--dry-run", ["--certificates"] = "--certificates:",
        ["?"] = "help", ["help"] = "help", ["--help"] = "help", ["h"] = "help",
    };

    private static readonly string[] OfEveryVerb = ["help", "format", "--output", .. ConnectionSwitches.Known.Values.Select(name => name.TrimEnd(':'))];

    private readonly Func<WSManConnectionOptions, WSManClient> _connect = connect ?? (options => new WSManClient(options));

    /// <summary>Runs a command line, and answers 0 or 1.</summary>
    public async Task<int> RunAsync(IReadOnlyList<string> arguments, CancellationToken cancellationToken)
    {
        var json = false;
        var exit = 1;
        try
        {
            var switches = Switches.Parse(arguments, Known);
            json = Call.IsJson(switches);
            await RunAsync(switches, cancellationToken).ConfigureAwait(false);
            exit = 0;
        }
        catch (UsageException e)
        {
            await FlushAsync().ConfigureAwait(false);
            terminal.Errors.WriteLine($"Error: {e.Message}");
            if (!e.ShowsForm)
            {
                terminal.Errors.WriteLine("Type \"winrm -?\" for help.");
            }
        }
        catch (WSManFaultException e)
        {
            await FlushAsync().ConfigureAwait(false);
            Faults.Show(terminal.Errors, e.Fault, json);
        }
        catch (WSManTransportException e)
        {
            await FlushAsync().ConfigureAwait(false);
            Faults.Show(terminal.Errors, e, json);
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            // Whoever pressed Ctrl-C knows.
        }

        await FlushAsync().ConfigureAwait(false);
        return exit;
    }

    // What was shown comes before what went wrong.
    private Task FlushAsync() => terminal.Output.FlushAsync(CancellationToken.None);

    private async Task RunAsync(Switches switches, CancellationToken cancellationToken)
    {
        switch (switches.Words)
        {
            case []:
            case [var help] when IsHelp(help):
                terminal.Output.WriteLine(WinRmHelp.Overview);
                return;
            case [var help, var topic, ..] when IsHelp(help):
                terminal.Output.WriteLine(WinRmHelp.Of(topic));
                return;
        }

        var verb = Verbs.Find(switches.Words[0])
            ?? throw new UsageException($"'{switches.Words[0]}' is not a verb; {string.Join(", ", Verbs.All.Select(v => v.Name))} are.");
        if (switches.Has("help"))
        {
            terminal.Output.WriteLine(WinRmHelp.Of(verb.Name));
            return;
        }

        if (Known.Values.Select(name => name.TrimEnd(':')).FirstOrDefault(name => switches.Has(name) && !Takes(verb, name)) is { } foreign)
        {
            throw new UsageException($"{(foreign[0] == '-' ? foreign : "-" + foreign)} is not a switch of {verb.Name}; \"winrm {verb.Name} -?\" lists them.");
        }

        await verb.RunAsync(new Call(verb, [.. switches.Words.Skip(1)], switches, terminal, _connect, cancellationToken)).ConfigureAwait(false);
    }

    private static bool IsHelp(string word) => word.Equals("help", StringComparison.OrdinalIgnoreCase);

    private static bool Takes(Verb verb, string name) => name == "help" || (verb.IsRemote && OfEveryVerb.Contains(name)) || verb.Switches.Contains(name);
}
