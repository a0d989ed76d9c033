using System.Text.Json;
using System.Text.RegularExpressions;

namespace Farwire.Peers.Tests;

/// <summary>A person at a terminal: waits for what is shown, types, presses Ctrl-C.</summary>
internal sealed partial class TerminalSession(int columns, params string[] program)
{
    private readonly List<string[]> _steps = [];

    public TerminalSession See(string text) => Step("see", text);

    public TerminalSession Type(string text) => Step("type", text);

    public TerminalSession Interrupt() => Step("interrupt", "");

    /// <summary>Does it all, and gives what the terminal showed; with 99 something was not seen.</summary>
    public Task<Outcome> RunAsync()
    {
        Commands.Need("/usr/bin/python3");
        return Commands.RunAsync(
            "/usr/bin/python3",
            [Path.Combine(AppContext.BaseDirectory, "Peers", "session.py"), columns.ToString(System.Globalization.CultureInfo.InvariantCulture), .. program],
            JsonSerializer.SerializeToUtf8Bytes(_steps));
    }

    /// <summary>What was shown without the sequences that move the cursor.</summary>
    public static string Plain(string shown) => Sequence().Replace(shown, "");

    private TerminalSession Step(string what, string text)
    {
        _steps.Add([what, text]);
        return this;
    }

    [GeneratedRegex("\x1B(\\[[0-?]*[ -/]*[@-~]|[=>])")]
    private static partial Regex Sequence();
}
