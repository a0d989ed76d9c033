using Farwire.CommandLine.Grammar;

namespace Farwire.CommandLine.PowerShell.Output;

/// <summary>A way to show the objects of a pipeline.</summary>
internal abstract class ObjectForm
{
    /// <summary>The names of the forms.</summary>
    public const string Names = "text, table, list, json and csv";

    /// <summary>The form of a name; null for <c>text</c>, which the other side makes.</summary>
    /// <param name="name">One of <see cref="Names"/>.</param>
    /// <param name="width">The columns of the terminal.</param>
    public static ObjectForm? Of(string? name, int width) => name?.ToUpperInvariant() switch
    {
        null or "TEXT" => null,
        "TABLE" => new TableForm(width),
        "LIST" => new ListForm(),
        "JSON" or "JSONL" => new JsonForm(),
        "CSV" => new CsvForm(),
        _ => throw new UsageException($"'{name}' is no form of objects; {Names} are."),
    };

    /// <summary>Shows an object, now or together with others.</summary>
    public abstract void Show(TextWriter output, object? value);

    /// <summary>No object follows.</summary>
    public virtual void End(TextWriter output)
    {
    }
}
