using Farwire.Client;
using Farwire.Client.Connection;
using Farwire.CommandLine.Connection;
using Farwire.CommandLine.Events;
using Farwire.CommandLine.Grammar;
using Farwire.CommandLine.Output;
using Farwire.Events.Subscriptions;
using Farwire.Protocol.Faults;

namespace Farwire.CommandLine.WecUtil;

/// <summary>The face <c>wecutil</c>: the subscriptions of an event collector.</summary>
/// <param name="terminal">What it reads from and writes to.</param>
/// <param name="connect">Makes the client; tests put a loopback in.</param>
public sealed class WecUtilFace(Terminal terminal, Func<WSManConnectionOptions, WSManClient>? connect = null)
{
    private readonly Func<WSManConnectionOptions, WSManClient> _connect = connect ?? (options => new WSManClient(options));

    /// <summary>Runs a command line, and answers 0 or 1.</summary>
    public async Task<int> RunAsync(IReadOnlyList<string> arguments, CancellationToken cancellationToken)
    {
        var exit = 1;
        try
        {
            await RunAsync(WecLine.Parse(arguments), cancellationToken).ConfigureAwait(false);
            exit = 0;
        }
        catch (UsageException e)
        {
            terminal.Errors.WriteLine($"Error: {e.Message}");
            terminal.Errors.WriteLine("Type \"wecutil /?\" for help.");
        }
        catch (SubscriptionFormatException e)
        {
            terminal.Errors.WriteLine($"Error: {e.Message}");
        }
        catch (WSManFaultException e)
        {
            Faults.Show(terminal.Errors, e.Fault, json: false);
        }
        catch (WSManTransportException e)
        {
            Faults.Show(terminal.Errors, e, json: false);
            if (e.Failure == TransportFailure.Connect || e.HttpStatus == 503)
            {
                terminal.Errors.WriteLine($"The collector does not run there. Start it: {CollectorUnit.StartCommand}, or 'wecutil qc' for each start of the system; 'farwired run --ephemeral DIR' starts one for trying out.");
            }
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            // Whoever pressed Ctrl-C knows.
        }

        await terminal.Output.FlushAsync(CancellationToken.None).ConfigureAwait(false);
        return exit;
    }

    private async Task RunAsync(WecLine line, CancellationToken cancellationToken)
    {
        if (line.Verb.Length == 0)
        {
            terminal.Output.WriteLine(WecUtilHelp.Text);
            return;
        }

        switch (line.Verb, line.Words)
        {
            case ("es", []):
                line.Allow();
                terminal.Output.Write('\uFEFF'); // as the original begins
                foreach (var subscription in await Session(line).ListAsync(cancellationToken).ConfigureAwait(false))
                {
                    terminal.Output.WriteLine(subscription.Id);
                }

                break;
            case ("gs", [var id]):
                await GetAsync(line, id, cancellationToken).ConfigureAwait(false);
                break;
            case ("gr", [var id, .. var sources]):
                line.Allow();
                await StatusAsync(line, id, sources, cancellationToken).ConfigureAwait(false);
                break;
            case ("ss", [var id]):
                var changed = SubscriptionChanges.Apply(await Session(line).GetAsync(id, cancellationToken).ConfigureAwait(false), line, Ask);
                await Session(line).PutAsync(changed, cancellationToken).ConfigureAwait(false);
                break;
            case ("ss", []) when line.Has("c"):
                await Session(line).PutAsync(FromFile(line, line["c"]!), cancellationToken).ConfigureAwait(false);
                break;
            case ("cs", [var file]):
                await CreateAsync(line, file, cancellationToken).ConfigureAwait(false);
                break;
            case ("ds", [var id]):
                line.Allow();
                await Session(line).DeleteAsync(id, cancellationToken).ConfigureAwait(false);
                break;
            case ("rs", [var id, .. var sources]):
                line.Allow();
                await Session(line).RetryAsync(id, sources, cancellationToken).ConfigureAwait(false);
                break;
            case ("qc", []):
                line.Allow("quiet");
                await new QuickConfig(terminal, Session(line)).RunAsync(line.Truth("quiet") == true, isHere: !line.IsRemote, cancellationToken).ConfigureAwait(false);
                break;
            default:
                throw new UsageException($"{line.Verb} does not take these words: {string.Join(' ', line.Words)}".TrimEnd(' ', ':') + ".");
        }
    }

    private async Task GetAsync(WecLine line, string id, CancellationToken cancellationToken)
    {
        line.Allow("f", "u");
        var asXml = line["f"]?.ToUpperInvariant() switch
        {
            "XML" => true,
            null or "TERSE" => false,
            _ => throw new UsageException($"/f is XML or Terse, not '{line["f"]}'."),
        };
        var subscription = await Session(line).GetAsync(id, cancellationToken).ConfigureAwait(false);
        if (line.Truth("u") != true)
        {
            Write(terminal.Output, subscription, asXml);
            return;
        }

        // UTF-16 as Windows writes it: little-endian, with the mark that says so.
        var stream = terminal.OpenOutput();
        await using var output = new StreamWriter(stream, System.Text.Encoding.Unicode);
        Write(output, subscription, asXml);
    }

    private static void Write(TextWriter output, SubscriptionDefinition subscription, bool asXml)
    {
        if (asXml)
        {
            output.WriteLine(SubscriptionWriter.Write(subscription));
        }
        else
        {
            SubscriptionText.Write(output, subscription);
        }
    }

    private async Task StatusAsync(WecLine line, string id, List<string> wanted, CancellationToken cancellationToken)
    {
        var subscription = await Session(line).GetAsync(id, cancellationToken).ConfigureAwait(false);
        var sources = await Session(line).SourcesAsync(subscription.Id, cancellationToken).ConfigureAwait(false);
        var missing = wanted.FirstOrDefault(name => !sources.Exists(source => IsNamed(source, name)));
        if (missing is not null)
        {
            throw new UsageException($"'{missing}' is not a source of '{subscription.Id}'.");
        }

        SubscriptionText.WriteStatus(terminal.Output, subscription, wanted.Count == 0 ? sources : sources.FindAll(source => wanted.Any(name => IsNamed(source, name))));

        static bool IsNamed(System.Xml.Linq.XElement source, string name) =>
            source.Elements().Any(e => e.Name.LocalName is "Name" or "MachineId" && e.Value.Equals(name, StringComparison.OrdinalIgnoreCase));
    }

    private async Task CreateAsync(WecLine line, string file, CancellationToken cancellationToken)
    {
        var subscription = FromFile(line, file);
        await Session(line).CreateAsync(subscription, cancellationToken).ConfigureAwait(false);
        if (subscription.IsExpired(TimeProvider.System.GetUtcNow()))
        {
            terminal.Errors.WriteLine($"Warning: '{subscription.Id}' has ended at {subscription.Expires:u}; it is kept, but not served. Change it with ss /ex.");
        }
    }

    private SubscriptionDefinition FromFile(WecLine line, string file)
    {
        if (line.Given.FirstOrDefault(name => name is not ("c" or "cun" or "cup")) is { } foreign)
        {
            throw new UsageException($"/{foreign} does not go with a file; only /cun and /cup do.");
        }

        try
        {
            using var reader = new StreamReader(file);
            return SubscriptionChanges.Credentials(SubscriptionReader.Read(reader.ReadToEnd()), line, Ask);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new UsageException($"{file} cannot be read: {e.Message}");
        }
        catch (SubscriptionFormatException e)
        {
            throw new UsageException($"{file}, {e.Message}");
        }
    }

    private string Ask(string prompt) => terminal.AskSecret(prompt) ?? throw new UsageException("there is nobody to ask for the password; write it after the colon.");

    private CollectorSession Session(WecLine line) => new(ConnectionSwitches.Read(line.Connection, terminal, anonymous: false), _connect);
}
