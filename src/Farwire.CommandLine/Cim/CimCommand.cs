using System.Security;
using System.Text;
using Farwire.Cim.Classes;
using Farwire.Cim.Wql;
using Farwire.Client;
using Farwire.Client.Connection;
using Farwire.Client.Enumeration;
using Farwire.CommandLine.Connection;
using Farwire.CommandLine.Exit;
using Farwire.CommandLine.Grammar;
using Farwire.CommandLine.Output;
using Farwire.Protocol.Addressing;
using Farwire.Protocol.Enumeration;
using Farwire.Protocol.Envelope;
using Farwire.Protocol.Names;

namespace Farwire.CommandLine.Cim;

/// <summary><c>farwire cim</c>: classes, instances and methods of a computer.</summary>
/// <param name="terminal">What it reads from and writes to.</param>
/// <param name="connect">Makes the client; tests put a loopback in.</param>
public sealed class CimCommand(Terminal terminal, Func<WSManConnectionOptions, WSManClient>? connect = null)
{
    private const string DefaultNamespace = "root/cimv2";

    internal static readonly Dictionary<string, string> Known = new(ConnectionSwitches.Known, StringComparer.OrdinalIgnoreCase)
    {
        ["--host"] = "remote:", ["H"] = "remote:", ["--user"] = "username:", ["--unencrypted"] = "unencrypted", ["--output"] = "--output:",
        ["--namespace"] = "namespace:", ["n"] = "namespace:", ["--help"] = "help", ["?"] = "help",
    };

    private readonly Func<WSManConnectionOptions, WSManClient> _connect = connect ?? (options => new WSManClient(options));

    /// <summary>Runs a command line; the answer is the exit code.</summary>
    public async Task<int> RunAsync(IReadOnlyList<string> arguments, CancellationToken cancellationToken)
    {
        var boundary = new VerbBoundary(terminal, "cim");
        return await boundary.RunAsync(
            async () =>
            {
                var switches = Switches.Parse(arguments, Known);
                boundary.Json = OutputForms.IsJson(switches["--output"]);
                await RunAsync(switches, cancellationToken).ConfigureAwait(false);
                return ExitCode.Done;
            },
            cancellationToken).ConfigureAwait(false);
    }

    private Task RunAsync(Switches switches, CancellationToken cancellationToken)
    {
        if (switches.Has("help") || switches.Words.Count == 0)
        {
            terminal.Output.WriteLine(CimHelp.Text);
            return Task.CompletedTask;
        }

        return switches.Words switch
        {
            ["classes"] => ClassesAsync(switches, "", cancellationToken),
            ["classes", var ancestor] => ClassesAsync(switches, ancestor, cancellationToken),
            ["describe", var className] => DescribeAsync(switches, className, cancellationToken),
            ["list", var className] => ListAsync(switches, Resource(switches, className), null, cancellationToken),
            ["query", var query] => ListAsync(switches, Resource(switches, "*"), query, cancellationToken),
            ["watch", var query] => WatchAsync(switches, query, cancellationToken),
            ["get", var resource] => GetAsync(switches, Resource(switches, resource), cancellationToken),
            ["invoke", var method, var resource, .. var parameters] => InvokeAsync(switches, method, Resource(switches, resource), parameters, cancellationToken),
            ["compile", _, ..] => CompileAsync([.. switches.Words.Skip(1)], cancellationToken),
            _ => throw new UsageException($"'{string.Join(' ', switches.Words)}' is none of classes, describe, list, query, watch, get, invoke, compile."),
        };
    }

    private async Task ClassesAsync(Switches switches, string ancestor, CancellationToken cancellationToken)
    {
        var classes = new SortedDictionary<string, string>(StringComparer.OrdinalIgnoreCase);
        await using var client = Client(switches, OptionSet.Empty);
        var request = new EnumerationRequest { Selectors = ClassKeys(switches, ancestor) };
        await foreach (var xml in client.EnumerateAsync(ClassText.Uri, request, cancellationToken).ConfigureAwait(false))
        {
            var (name, superclass) = ClassText.NamesOf(xml);
            classes[name] = superclass;
        }

        foreach (var (name, superclass) in classes)
        {
            terminal.Output.WriteLine(Form(switches) is JsonForm ? ClassText.JsonLine(name, superclass) : superclass.Length == 0 ? name : $"{name} : {superclass}");
        }
    }

    private async Task DescribeAsync(Switches switches, string className, CancellationToken cancellationToken)
    {
        string[] parts = ["IncludeInheritanceHierarchy", "IncludeInheritedElements", "IncludeQualifiers", "IncludeClassOrigin"];
        await using var client = Client(switches, OptionSet.Of([.. parts.Select(p => new Option(p, "true"))]));
        var xml = await client.GetAsync(ClassText.Uri, ClassKeys(switches, className), cancellationToken).ConfigureAwait(false);
        terminal.Output.Write(switches["--output"] is "xml" or "pretty" ? xml + "\n" : ClassText.Mof(xml));
    }

    private async Task ListAsync(Switches switches, ResourceWord resource, string? query, CancellationToken cancellationToken)
    {
        var form = Form(switches, query is null ? null : WqlQuery.ClassOf(query));
        await using var client = Client(switches, OptionSet.Empty);
        var request = new EnumerationRequest { Selectors = resource.Selectors, Filter = query is null ? null : Filter.Wql(query) };
        form.StartList(terminal.Output);
        await foreach (var item in client.EnumerateAsync(resource.Uri, request, cancellationToken).ConfigureAwait(false))
        {
            form.Show(terminal.Output, item);
        }

        form.EndList(terminal.Output);
    }

    private async Task WatchAsync(Switches switches, string query, CancellationToken cancellationToken)
    {
        var form = Form(switches);
        await using var client = Client(switches, OptionSet.Empty);
        await EventWatch.RunAsync(client, Resource(switches, "*").Uri, query, occurrence => form.Show(terminal.Output, occurrence), terminal.Output, cancellationToken).ConfigureAwait(false);
    }

    private async Task GetAsync(Switches switches, ResourceWord resource, CancellationToken cancellationToken)
    {
        await using var client = Client(switches, OptionSet.Empty);
        Form(switches).Show(terminal.Output, await client.GetAsync(resource.Uri, resource.Selectors, cancellationToken).ConfigureAwait(false));
    }

    // A parameter that is given several times is an array.
    private async Task InvokeAsync(Switches switches, string method, ResourceWord resource, IReadOnlyList<string> parameters, CancellationToken cancellationToken)
    {
        var input = new StringBuilder($"<p:{method}_INPUT xmlns:p=\"{SecurityElement.Escape(resource.Uri)}\">");
        foreach (var parameter in parameters)
        {
            if (parameter.Split('=', 2) is not [{ Length: > 0 } name, var value] || !name.All(c => char.IsLetterOrDigit(c) || c == '_'))
            {
                throw new UsageException($"'{parameter}' is not PARAMETER=VALUE.");
            }

            input.Append($"<p:{name}>{SecurityElement.Escape(value)}</p:{name}>");
        }

        input.Append($"</p:{method}_INPUT>");
        if (!method.All(c => char.IsLetterOrDigit(c) || c == '_'))
        {
            throw new UsageException($"'{method}' is not a method's name.");
        }

        await using var client = Client(switches, OptionSet.Empty);
        Form(switches).Show(terminal.Output, await client.InvokeAsync(method, resource.Uri, resource.Selectors, input.ToString(), cancellationToken).ConfigureAwait(false));
    }

    private async Task CompileAsync(IReadOnlyList<string> files, CancellationToken cancellationToken)
    {
        var schema = new CimSchema(DefaultNamespace);
        foreach (var standard in CimSchema.CimV2.Classes)
        {
            schema.Add(standard); // what comes with Farwire may be derived from
        }

        foreach (var file in files)
        {
            var before = schema.Classes.ToHashSet();
            try
            {
                schema.AddMof(await File.ReadAllTextAsync(file, cancellationToken).ConfigureAwait(false));
            }
            catch (IOException e)
            {
                throw new UsageException($"{file}: {e.Message}");
            }

            foreach (var added in schema.Classes.Where(c => !before.Contains(c)))
            {
                terminal.Output.WriteLine($"{file}: {added}, {added.Properties.Count} properties, {added.Methods.Count} methods");
            }
        }
    }

    private WSManClient Client(Switches switches, OptionSet options) => switches["remote"] is null && switches["--connect"] is null
        ? throw new UsageException("say which computer: --host HOST or --connect FILE.")
        : _connect(ConnectionSwitches.Read(switches, terminal, anonymous: false) with { RequestOptions = options });

    private static string NamespaceOf(Switches switches) => switches["namespace"]?.Replace('\\', '/') ?? DefaultNamespace;

    private static SelectorSet ClassKeys(Switches switches, string className) => SelectorSet.Of(("__cimnamespace", NamespaceOf(switches)), ("ClassName", className));

    private static ResourceWord Resource(Switches switches, string word) =>
        ResourceWord.Parse(word.Split('?')[0].Contains('/', StringComparison.Ordinal) ? word : $"{ResourceUris.Wmi}/{NamespaceOf(switches)}/{word}");

    private IOutputForm Form(Switches switches, string? queriedClass = null) =>
        OutputForms.Of(switches["--output"] ?? "text", terminal, NamespaceOf(switches), queriedClass);
}
