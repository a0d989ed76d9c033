using System.Globalization;
using System.Text.Json;
using Farwire.CommandLine.Exit;
using Farwire.CommandLine.Grammar;
using Farwire.CommandLine.Output;

namespace Farwire.CommandLine.Explain;

/// <summary><c>farwire explain</c>: what an error means, what usually causes it, and what helps. It asks nobody.</summary>
/// <param name="terminal">What it reads from and writes to.</param>
public sealed class ExplainCommand(Terminal terminal)
{
    private static readonly string[] Families = ["wsman", "win32", "wmi", "http", "kerberos"];

    /// <summary>Runs a command line; the answer is the exit code.</summary>
    public Task<int> RunAsync(IReadOnlyList<string> arguments, CancellationToken cancellationToken)
    {
        var boundary = new VerbBoundary(terminal, "explain");
        return boundary.RunAsync(
            () =>
            {
                // -2144108526 is a number and no switch.
                var form = Form(arguments, out var words);
                boundary.Json = form == "json";
                if (words is ["--help" or "-h" or "-?", ..])
                {
                    terminal.Output.WriteLine(Help);
                    return Task.FromResult(ExitCode.Done);
                }

                var found = words.Count == 0 || words is ["-"] ? FaultReport.CodesIn(terminal.Input).SelectMany(code => Find(code.ToString(CultureInfo.InvariantCulture))) : words.SelectMany(Find);
                foreach (var explanation in found.ToList())
                {
                    Show(explanation, boundary.Json);
                }

                return Task.FromResult(ExitCode.Done);
            },
            cancellationToken);
    }

    private static string Form(IReadOnlyList<string> arguments, out IReadOnlyList<string> words)
    {
        var rest = arguments.ToList();
        var at = rest.FindIndex(word => word is "-o" or "--output" || word.StartsWith("--output=", StringComparison.Ordinal));
        var form = at < 0 ? "text" : rest[at].Contains('=', StringComparison.Ordinal) ? rest[at].Split('=')[1] : rest.ElementAtOrDefault(at + 1);
        if (at >= 0)
        {
            rest.RemoveRange(at, Math.Min(rest[at].Contains('=', StringComparison.Ordinal) ? 1 : 2, rest.Count - at));
        }

        words = rest;
        return form is "text" or "json" ? form : throw new UsageException($"-o is text or json, not '{form}'.");
    }

    private static IReadOnlyList<Explanation> Find(string word)
    {
        var colon = word.IndexOf(':', StringComparison.Ordinal);
        var family = colon > 0 ? word[..colon].ToLowerInvariant() : null;
        if (family is not null && !Families.Contains(family))
        {
            throw new UsageException($"'{family}' is none of {string.Join(", ", Families)}.");
        }

        var name = word[(colon + 1)..];
        var found = ErrorNumber.TryParse(name, out var code) ? ExplanationTable.Instance.Find(code, family) : ExplanationTable.Instance.Find(name);
        if (found.Count > 0)
        {
            return found;
        }

        var near = ExplanationTable.Instance.Near(name).ToList();
        throw new UsageException(near.Count == 0 ? $"'{word}' is not known." : $"'{word}' is not known; there are {string.Join(", ", near)}.");
    }

    private void Show(Explanation explanation, bool json)
    {
        if (json)
        {
            terminal.Output.WriteLine(JsonText.Of(writer => Write(writer, explanation)));
            return;
        }

        var output = terminal.Output;
        output.WriteLine(explanation.IsSmall
            ? string.Create(CultureInfo.InvariantCulture, $"{explanation.Family} {explanation.Code}  {explanation.Symbol}")
            : string.Create(CultureInfo.InvariantCulture, $"{explanation.Family} {explanation.Code} = {unchecked((int)explanation.Code)} = 0x{explanation.Code:X8}  {explanation.Symbol}"));
        output.WriteLine($"    {explanation.Meaning}");
        List("Usual causes", explanation.Causes);
        List("What helps", explanation.Fixes);
        output.WriteLine();

        void List(string title, IReadOnlyList<string> items)
        {
            if (items.Count > 0)
            {
                output.WriteLine($"    {title}:");
            }

            foreach (var item in items)
            {
                output.WriteLine($"      - {item}");
            }
        }
    }

    private static void Write(Utf8JsonWriter json, Explanation explanation)
    {
        json.WriteStartObject();
        json.WriteString("family", explanation.Family);
        json.WriteNumber("code", explanation.Code);
        json.WriteString("hex", string.Create(CultureInfo.InvariantCulture, $"0x{explanation.Code:X8}"));
        json.WriteString("symbol", explanation.Symbol);
        json.WriteString("meaning", explanation.Meaning);
        foreach (var (name, items) in new[] { ("causes", explanation.Causes), ("fixes", explanation.Fixes) })
        {
            json.WriteStartArray(name);
            foreach (var item in items)
            {
                json.WriteStringValue(item);
            }

            json.WriteEndArray();
        }

        json.WriteEndObject();
    }

    internal const string Help = """
        farwire explain: what an error means, what usually causes it, and what helps; without asking anybody

          farwire explain CODE …          decimal, with a sign, hexadecimal with 0x, or a name
          farwire explain FAMILY:CODE     of wsman, win32, wmi, http or kerberos alone
          farwire explain < fault.xml     the codes in a saved fault or envelope
          -o text|json

        Examples
          farwire explain 0x80338012
          farwire explain -2144108526
          farwire explain kerberos:7 http:401
          farwire explain ERROR_WSMAN_QUOTA_MAX_SHELLS
        """;
}
