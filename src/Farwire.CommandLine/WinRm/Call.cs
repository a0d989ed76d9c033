using Farwire.Cim.Naming;
using Farwire.Client;
using Farwire.Client.Connection;
using Farwire.CommandLine.Connection;
using Farwire.CommandLine.Grammar;
using Farwire.CommandLine.Output;
using Farwire.Protocol.Envelope;
using Farwire.Protocol.Names;

namespace Farwire.CommandLine.WinRm;

/// <summary>One command line of winrm, taken apart, with what it reads from and writes to.</summary>
internal sealed record Call(Verb Verb, IReadOnlyList<string> Words, Switches Switches, Terminal Terminal, Func<WSManConnectionOptions, WSManClient> Connect, CancellationToken CancellationToken)
{
    public static bool IsJson(Switches switches) => OutputForms.IsJson(switches["--output"] ?? switches["format"]);

    /// <summary>The word after the verb as a resource.</summary>
    public ResourceWord Resource(int at = 0) => Words.Count > at
        ? ResourceWord.Parse(Words[at])
        : throw new UsageException($"the resource is missing: {Verb.Usage}");

    /// <summary>The words behind the resource, of which there may be <paramref name="most"/>.</summary>
    public IReadOnlyList<string> Rest(int from, int most = 0) => Words.Count <= from + most
        ? [.. Words.Skip(from)]
        : throw new UsageException($"'{Words[from + most]}' is one word too many: {Verb.Usage}");

    public WSManClient Client(bool anonymous = false) =>
        Connect(ConnectionSwitches.Read(Switches, Terminal, anonymous) with { RequestOptions = Options() });

    public IOutputForm Form(string resourceUri = "", string? queriedClass = null) =>
        OutputForms.Of(Switches["--output"] ?? Switches["format"] ?? "text", Terminal, CimResourceUri.Parse(resourceUri)?.Namespace, queriedClass);

    /// <summary>The part of the resource that the call is about, or null for the whole.</summary>
    public FragmentTransfer? Fragment() => (Switches["fragment"], Switches["dialect"]) switch
    {
        (null, null) => null,
        (null, _) => throw new UsageException("-dialect needs a -fragment."),
        ({ } expression, null) => new FragmentTransfer(expression),
        ({ } expression, "xpath" or "XPath" or "XPATH") => new FragmentTransfer(expression, Dialects.XPath),
        ({ } expression, { } dialect) => new FragmentTransfer(expression, dialect),
    };

    public void Show(IOutputForm form, string element)
    {
        if (element.Length > 0)
        {
            form.Show(Terminal.Output, element);
        }
    }

    private OptionSet Options() => Switches["options"] is { } text
        ? OptionSet.Of([.. HashInput.Parse(text).Select(p => new Option(p.Key, p.Value))])
        : OptionSet.Empty;
}
