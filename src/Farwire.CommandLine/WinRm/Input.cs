using System.Xml;
using System.Xml.Linq;
using Farwire.CommandLine.Grammar;
using Farwire.Protocol.Names;

namespace Farwire.CommandLine.WinRm;

/// <summary>What set, create and invoke send: properties from <c>@{…}</c> or <c>NAME=VALUE …</c>, or the XML of <c>-file</c> as it is.</summary>
internal sealed record Input(IReadOnlyList<KeyValuePair<string, string?>> Pairs, string? Xml)
{
    /// <summary>Into how many words a shell may part the input.</summary>
    public const int MaxWords = 1024;

    // Far beyond what an envelope takes, and far below what hurts.
    private const int MaxFileBytes = 16 * 1024 * 1024;

    public static Input Of(Call call, IReadOnlyList<string> words, bool optional = false) => (words, call.Switches["file"]) switch
    {
        ([], { } file) => new Input([], ReadFile(file)),
        ([], null) when optional => new Input([], null),
        ([], null) => throw new UsageException("the input is missing: give @{Name=\"value\"} or -file:INPUT.xml."),
        (_, { }) => throw new UsageException("give either @{…} or -file, not both."),

        // Without quotes around it a shell parts the input at blanks.
        ([var first, ..], null) when HashInput.IsHash(first) => new Input(HashInput.Parse(string.Join(' ', words)), null),
        _ when words.All(IsPair) => new Input([.. words.Select(word => word.Split('=', 2)).Select(pair => KeyValuePair.Create(pair[0], (string?)pair[1]))], null),
        _ => throw new UsageException($"'{words[0]}' is not of the form @{{Name=\"value\"}}; in bash and zsh put all of it in single quotes: '@{{Name=\"value\"}}'.") { ShowsForm = true },
    };

    /// <summary>A key may carry a prefix, as in <c>cfg:Port</c>; only what follows it counts.</summary>
    public static string LocalName(string key)
    {
        var name = key[(key.IndexOf(':', StringComparison.Ordinal) + 1)..];
        try
        {
            return XmlConvert.VerifyNCName(name);
        }
        catch (Exception e) when (e is XmlException or ArgumentException)
        {
            throw new UsageException($"'{key}' cannot be the name of a property.");
        }
    }

    /// <summary>The pairs as children of one element, all in the namespace <paramref name="uri"/>.</summary>
    public string Element(string name, string uri)
    {
        XNamespace p = uri, xsi = Namespaces.SchemaInstance;
        try
        {
            return new XElement(
                p + LocalName(name),
                new XAttribute(XNamespace.Xmlns + "p", p),
                Pairs.Any(pair => pair.Value is null) ? new XAttribute(XNamespace.Xmlns + "xsi", xsi) : null,
                Pairs.Select(pair => new XElement(p + LocalName(pair.Key), pair.Value is null ? new XAttribute(xsi + "nil", true) : pair.Value)))
                .ToString(SaveOptions.DisableFormatting);
        }
        catch (ArgumentException e)
        {
            throw new UsageException($"a value holds a character that XML cannot: {e.Message}");
        }
    }

    // NAME=VALUE, for shells in which @{…} hurts.
    private static bool IsPair(string word) => word.IndexOf('=', StringComparison.Ordinal) is > 0 and var at && word.Take(at).All(c => char.IsLetterOrDigit(c) || c is '_' or '.' or '-' or ':');

    private static string ReadFile(string file)
    {
        try
        {
            var settings = new XmlReaderSettings { DtdProcessing = DtdProcessing.Prohibit, XmlResolver = null, MaxCharactersInDocument = MaxFileBytes };
            using var reader = XmlReader.Create(file, settings);
            return XElement.Load(reader, LoadOptions.PreserveWhitespace).ToString(SaveOptions.DisableFormatting);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or XmlException)
        {
            throw new UsageException($"-file: {e.Message}");
        }
    }
}
