using Farwire.CommandLine.Grammar;

namespace Farwire.CommandLine.Output;

/// <summary>The forms by the names that <c>-o</c> and <c>-format</c> know them by.</summary>
internal static class OutputForms
{
    private static readonly string[] Names = ["text", "pretty", "xml", "json", "jsonl", "csv", "yaml", "table"];

    /// <summary>One of the forms.</summary>
    /// <param name="name">Its name, in any case; Windows' tool takes a # before it.</param>
    /// <param name="terminal">Whose width a table keeps to.</param>
    /// <param name="namespaceName">The namespace of the instances, where one is known.</param>
    /// <param name="queriedClass">The class of a query's rows.</param>
    /// <exception cref="UsageException">There is no such form.</exception>
    public static IOutputForm Of(string name, Terminal terminal, string? namespaceName = null, string? queriedClass = null)
    {
        var json = new JsonForm(namespaceName, queriedClass);
        return name.TrimStart('#').ToUpperInvariant() switch
        {
            "TEXT" => new TextForm(),
            "PRETTY" => new PrettyForm(),
            "XML" => new XmlForm(),
            "JSON" or "JSONL" => json,
            "CSV" => new CsvForm(json),
            "YAML" => new YamlForm(json),
            "TABLE" => new TableForm(json, terminal.OutputIsTerminal ? terminal.Size().Columns : null),
            _ => throw new UsageException($"'{name}' is not a format; {string.Join(", ", Names[..^1])} and {Names[^1]} are."),
        };
    }

    /// <summary>What goes wrong is told in JSON too.</summary>
    public static bool IsJson(string? name) => name?.TrimStart('#').ToUpperInvariant() is "JSON" or "JSONL";
}
