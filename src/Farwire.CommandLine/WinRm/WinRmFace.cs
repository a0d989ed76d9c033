using System.Globalization;
using System.Security;
using System.Xml;
using System.Xml.Linq;
using Farwire.Client;
using Farwire.Client.Connection;
using Farwire.Client.Enumeration;
using Farwire.CommandLine.Connection;
using Farwire.CommandLine.Grammar;
using Farwire.CommandLine.Output;
using Farwire.Cim.Naming;
using Farwire.Protocol.Addressing;
using Farwire.Protocol.Enumeration;
using Farwire.Protocol.Envelope;
using Farwire.Protocol.Faults;
using Farwire.Protocol.Names;

namespace Farwire.CommandLine.WinRm;

/// <summary>The face <c>winrm</c>: the grammar and the output that scripts for Windows' tool expect, and our additions as long options.</summary>
/// <param name="terminal">What it reads from and writes to.</param>
/// <param name="connect">Makes the client; tests put a loopback in.</param>
public sealed class WinRmFace(Terminal terminal, Func<WSManConnectionOptions, WSManClient>? connect = null)
{
    private static readonly Dictionary<string, string> Known = new(ConnectionSwitches.Known, StringComparer.OrdinalIgnoreCase)
    {
        ["format"] = "format:", ["f"] = "format:", ["--output"] = "--output:",
        ["file"] = "file:", ["options"] = "options:", ["filter"] = "filter:", ["dialect"] = "dialect:",
        ["returntype"] = "returntype:", ["shallow"] = "shallow", ["basepropertiesonly"] = "basepropertiesonly",
        ["?"] = "help", ["help"] = "help", ["--help"] = "help",
    };

    private readonly Func<WSManConnectionOptions, WSManClient> _connect = connect ?? (options => new WSManClient(options));

    /// <summary>Runs a command line, and answers 0 or 1.</summary>
    public async Task<int> RunAsync(IReadOnlyList<string> arguments, CancellationToken cancellationToken)
    {
        var json = arguments.Contains("json", StringComparer.OrdinalIgnoreCase) || arguments.Any(a => a.EndsWith(":json", StringComparison.OrdinalIgnoreCase) || a.EndsWith("=json", StringComparison.OrdinalIgnoreCase));
        try
        {
            var switches = Switches.Parse(arguments, Known);
            await RunAsync(switches, cancellationToken).ConfigureAwait(false);
            await terminal.Output.FlushAsync(CancellationToken.None).ConfigureAwait(false);
            return 0;
        }
        catch (UsageException e)
        {
            terminal.Errors.WriteLine($"Error: {e.Message}");
            terminal.Errors.WriteLine("Type \"winrm -?\" for help.");
        }
        catch (WSManFaultException e)
        {
            await terminal.Output.FlushAsync(CancellationToken.None).ConfigureAwait(false);
            Faults.Show(terminal.Errors, e.Fault, json);
        }
        catch (WSManTransportException e)
        {
            await terminal.Output.FlushAsync(CancellationToken.None).ConfigureAwait(false);
            Faults.Show(terminal.Errors, e, json);
        }
        catch (OperationCanceledException)
        {
            await terminal.Output.FlushAsync(CancellationToken.None).ConfigureAwait(false);
        }

        return 1;
    }

    private async Task RunAsync(Switches switches, CancellationToken cancellationToken)
    {
        if (switches.Has("help") || switches.Words is [] or ["help", ..])
        {
            terminal.Output.WriteLine(WinRmHelp.Text);
            return;
        }

        switch (switches.Words)
        {
            case ["helpmsg", var number]:
                HelpMessage(number);
                break;
            case ["identify" or "id"]:
                await IdentifyAsync(switches, cancellationToken).ConfigureAwait(false);
                break;
            case ["get" or "g", var resource]:
                await WithClientAsync(switches, resource, (client, word, form) => GetAsync(client, word, form, cancellationToken)).ConfigureAwait(false);
                break;
            case ["enumerate" or "enum" or "e", var resource]:
                await WithClientAsync(switches, resource, (client, word, form) => EnumerateAsync(client, word, switches, form, cancellationToken)).ConfigureAwait(false);
                break;
            case ["set" or "s", var resource, .. var input]:
                await WithClientAsync(switches, resource, (client, word, form) => SetAsync(client, word, Input(switches, input), form, cancellationToken)).ConfigureAwait(false);
                break;
            case ["create" or "c", var resource, .. var input]:
                await WithClientAsync(switches, resource, (client, word, form) => CreateAsync(client, word, Input(switches, input), form, cancellationToken)).ConfigureAwait(false);
                break;
            case ["delete" or "d", var resource]:
                await WithClientAsync(switches, resource, (client, word, _) => client.DeleteAsync(word.Uri, word.Selectors, cancellationToken)).ConfigureAwait(false);
                break;
            case ["invoke" or "i", var method, var resource, .. var input]:
                await WithClientAsync(switches, resource, (client, word, form) => InvokeAsync(client, method, word, Input(switches, input, optional: true), form, cancellationToken)).ConfigureAwait(false);
                break;
            case [var verb, ..] when verb is "get" or "enumerate" or "set" or "create" or "delete" or "invoke" or "identify" or "helpmsg":
                throw new UsageException($"{verb} does not take these words: {string.Join(' ', switches.Words.Skip(1))}".TrimEnd(' ', ':') + ".");
            default:
                throw new UsageException($"'{switches.Words[0]}' is not a verb; get, enumerate, set, create, delete, invoke, identify and helpmsg are.");
        }
    }

    private async Task WithClientAsync(Switches switches, string resource, Func<WSManClient, ResourceWord, IOutputForm, Task> run)
    {
        var word = ResourceWord.Parse(resource);
        var options = ConnectionSwitches.Read(switches, terminal, anonymous: false) with { RequestOptions = Options(switches) };
        await using var client = _connect(options);
        await run(client, word, Form(switches, CimResourceUri.Parse(word.Uri)?.Namespace)).ConfigureAwait(false);
    }

    private async Task IdentifyAsync(Switches switches, CancellationToken cancellationToken)
    {
        await using var client = _connect(ConnectionSwitches.Read(switches, terminal, anonymous: true));
        var identity = await client.IdentifyAsync(cancellationToken).ConfigureAwait(false);
        var profiles = identity.SecurityProfiles.Count == 0
            ? null
            : new XElement("SecurityProfiles", identity.SecurityProfiles.Select(p => new XElement("SecurityProfileName", p)));
        var element = new XElement(
            "IdentifyResponse",
            new XElement("ProtocolVersion", identity.ProtocolVersion),
            new XElement("ProductVendor", identity.ProductVendor),
            new XElement("ProductVersion", identity.ProductVersion),
            IsJson(switches) ? identity.SecurityProfiles.Select(p => new XElement("SecurityProfiles", p)) : profiles);
        Form(switches, null).Show(terminal.Output, element.ToString(SaveOptions.DisableFormatting));
    }

    private async Task GetAsync(WSManClient client, ResourceWord word, IOutputForm form, CancellationToken cancellationToken) =>
        form.Show(terminal.Output, await client.GetAsync(word.Uri, word.Selectors, cancellationToken).ConfigureAwait(false));

    private async Task EnumerateAsync(WSManClient client, ResourceWord word, Switches switches, IOutputForm form, CancellationToken cancellationToken)
    {
        var request = new EnumerationRequest
        {
            Selectors = word.Selectors,
            Filter = FilterOf(switches),
            Mode = switches["returntype"]?.ToUpperInvariant() switch
            {
                null or "OBJECT" => EnumerationMode.Object,
                "EPR" => EnumerationMode.Epr,
                "OBJECTANDEPR" => EnumerationMode.ObjectAndEpr,
                _ => throw new UsageException("-returntype is object, epr or objectandepr."),
            },
            Polymorphism = switches.Has("shallow") ? PolymorphismMode.None
                : switches.Has("basepropertiesonly") ? PolymorphismMode.ExcludeSubClassProperties
                : null,
        };
        await foreach (var item in client.EnumerateAsync(word.Uri, request, cancellationToken).ConfigureAwait(false))
        {
            form.Show(terminal.Output, item);
        }
    }

    private async Task SetAsync(WSManClient client, ResourceWord word, InputOf input, IOutputForm form, CancellationToken cancellationToken)
    {
        var representation = input.Xml;
        if (representation is null)
        {
            // As the original: the current object with the given leaves changed.
            var current = XElement.Parse(await client.GetAsync(word.Uri, word.Selectors, cancellationToken).ConfigureAwait(false));
            foreach (var (name, value) in input.Pairs!)
            {
                Change(current, name, value);
            }

            representation = current.ToString(SaveOptions.DisableFormatting);
        }

        var changed = await client.PutAsync(word.Uri, word.Selectors, representation, cancellationToken).ConfigureAwait(false);
        if (changed.Length > 0)
        {
            form.Show(terminal.Output, changed);
        }
    }

    private async Task CreateAsync(WSManClient client, ResourceWord word, InputOf input, IOutputForm form, CancellationToken cancellationToken)
    {
        var representation = input.Xml ?? Element(word.Uri[(word.Uri.LastIndexOf('/') + 1)..], word.Uri, input.Pairs!);
        var reference = await client.CreateAsync(word.Uri, word.Selectors, representation, cancellationToken).ConfigureAwait(false);
        form.Show(terminal.Output, ReferenceXml(reference));
    }

    private async Task InvokeAsync(WSManClient client, string method, ResourceWord word, InputOf input, IOutputForm form, CancellationToken cancellationToken)
    {
        var representation = input.Xml ?? Element(method + "_INPUT", word.Uri, input.Pairs!);
        var output = await client.InvokeAsync(method, word.Uri, word.Selectors, representation, cancellationToken).ConfigureAwait(false);
        if (output.Length > 0)
        {
            form.Show(terminal.Output, output);
        }
    }

    private void HelpMessage(string number)
    {
        var hex = number.StartsWith("0x", StringComparison.OrdinalIgnoreCase);
        var known = hex
            ? uint.TryParse(number.AsSpan(2), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var code)
            : uint.TryParse(number, NumberStyles.None, CultureInfo.InvariantCulture, out code);

        // Windows prints error numbers as signed; scripts hand them back so.
        if (!known && int.TryParse(number, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var negative))
        {
            code = unchecked((uint)negative);
            known = true;
        }

        if (!known)
        {
            throw new UsageException($"'{number}' is not an error number; write it in decimal, or in hexadecimal with 0x.");
        }

        var symbol = FaultCodes.Symbol(code);
        var text = FaultCatalog.Find(code)?.Text(null);
        if (symbol is null && text is null)
        {
            throw new UsageException($"the error number {number} is not known.");
        }

        terminal.Output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{code} (0x{code:X8}) {symbol}").TrimEnd());
        if (text is not null)
        {
            terminal.Output.WriteLine(text);
        }
    }

    private static void Change(XElement current, string name, string? value)
    {
        var found = current.Elements().Where(e => e.Name.LocalName == name).ToList();
        var target = found switch
        {
            [] => throw new UsageException($"{current.Name.LocalName} has no property '{name}'."),
            [var one] when !one.HasElements => one,
            [_] => throw new UsageException($"the property '{name}' is not simple text; use -file."),
            _ => throw new UsageException($"{current.Name.LocalName} has several '{name}'; use -file."),
        };
        var nil = XName.Get("nil", Namespaces.SchemaInstance);
        target.SetAttributeValue(nil, value is null ? "true" : null);
        target.Value = value ?? "";
    }

    private static string Element(string name, string uri, IReadOnlyList<KeyValuePair<string, string?>> pairs)
    {
        var content = string.Concat(pairs.Select(p => p.Value is null
            ? $"<p:{XmlConvert.EncodeLocalName(p.Key)} xsi:nil=\"true\"/>"
            : $"<p:{XmlConvert.EncodeLocalName(p.Key)}>{SecurityElement.Escape(p.Value)}</p:{XmlConvert.EncodeLocalName(p.Key)}>"));
        return $"<p:{XmlConvert.EncodeLocalName(name)} xmlns:p=\"{SecurityElement.Escape(uri)}\" xmlns:xsi=\"{Namespaces.SchemaInstance}\">{content}</p:{XmlConvert.EncodeLocalName(name)}>";
    }

    private static string ReferenceXml(EndpointReference reference) => new XElement(
        "ResourceCreated",
        new XElement("Address", reference.Address),
        new XElement(
            "ReferenceParameters",
            new XElement("ResourceURI", reference.ResourceUri),
            new XElement("SelectorSet", reference.Selectors.Select(s => new XElement("Selector", new XAttribute("Name", s.Name), s.Value))))).ToString(SaveOptions.DisableFormatting);

    private static InputOf Input(Switches switches, IReadOnlyList<string> words, bool optional = false)
    {
        switch (words, switches["file"])
        {
            case ([], { } file):
                try
                {
                    return new InputOf(null, XElement.Load(file).ToString(SaveOptions.DisableFormatting));
                }
                catch (Exception e) when (e is IOException or UnauthorizedAccessException or XmlException)
                {
                    throw new UsageException($"-file: {e.Message}");
                }

            case ([var hash], null) when HashInput.IsHash(hash):
                return new InputOf(HashInput.Parse(hash), null);
            case ([], null) when optional:
                return new InputOf([], null);
            case ([_], { }):
                throw new UsageException("give either @{…} or -file, not both.");
            default:
                throw new UsageException("the input is missing: give @{Name=\"value\"} or -file:INPUT.xml.");
        }
    }

    private static OptionSet Options(Switches switches) => switches["options"] is { } text
        ? OptionSet.Of([.. HashInput.Parse(text).Select(p => new Option(p.Key, p.Value))])
        : OptionSet.Empty;

    private static Filter? FilterOf(Switches switches)
    {
        if (switches["filter"] is not { } text)
        {
            return switches.Has("dialect") ? throw new UsageException("-dialect needs a -filter.") : null;
        }

        var dialect = switches["dialect"] ?? "wql";
        return dialect.ToUpperInvariant() switch
        {
            "WQL" => Filter.Wql(text),
            "SELECTOR" => new Filter(Dialects.Selector)
            {
                Selectors = SelectorSet.From(HashInput.Parse(text).Select(p => new Selector(p.Key, p.Value ?? ""))),
            },
            _ when dialect.Contains(':', StringComparison.Ordinal) => new Filter(dialect) { Text = text },
            _ => throw new UsageException($"'{dialect}' is not a dialect; wql and selector are, or a URI."),
        };
    }

    private static bool IsJson(Switches switches) =>
        "json".Equals(switches["--output"] ?? switches["format"], StringComparison.OrdinalIgnoreCase);

    private static IOutputForm Form(Switches switches, string? namespaceName) => (switches["--output"] ?? switches["format"] ?? "text").ToUpperInvariant() switch
    {
        "TEXT" => new TextForm(),
        "PRETTY" or "#PRETTY" => new PrettyForm(),
        "XML" or "#XML" => new XmlForm(),
        "JSON" => new JsonForm(namespaceName),
        var other => throw new UsageException($"'{other}' is not a format; text, pretty, xml and json are."),
    };

    private sealed record InputOf(IReadOnlyList<KeyValuePair<string, string?>>? Pairs, string? Xml);
}
