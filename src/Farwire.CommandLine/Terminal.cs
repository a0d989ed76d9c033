using System.Text;
using Microsoft.Win32.SafeHandles;

namespace Farwire.CommandLine;

/// <summary>What a command reads from and writes to.</summary>
/// <param name="Input">Standard input.</param>
/// <param name="Output">Standard output: data alone.</param>
/// <param name="Errors">Standard error: everything else.</param>
public sealed record Terminal(TextReader Input, TextWriter Output, TextWriter Errors)
{
    /// <summary>Reads an environment variable.</summary>
    public Func<string, string?> Environment { get; init; } = System.Environment.GetEnvironmentVariable;

    /// <summary>Asks for a secret without showing it; null when there is nobody to ask.</summary>
    public Func<string, string?> AskSecret { get; init; } = _ => null;

    /// <summary>Columns and rows of the terminal; the usual ones when there is none.</summary>
    public Func<(int Columns, int Rows)> Size { get; init; } = () => Console.IsOutputRedirected ? (80, 24) : (Console.WindowWidth, Console.WindowHeight);

    /// <summary>Somebody types at standard input.</summary>
    public bool InputIsTerminal { get; init; } = !Console.IsInputRedirected;

    /// <summary>Standard output is shown, and not read by a program.</summary>
    public bool OutputIsTerminal { get; init; } = !Console.IsOutputRedirected;

    /// <summary>Standard error is shown, so that lines in it can be drawn again.</summary>
    public bool ErrorsAreTerminal { get; init; } = !Console.IsErrorRedirected;

    /// <summary>Colours are not wanted (NO_COLOR).</summary>
    public bool NoColour => !string.IsNullOrEmpty(Environment("NO_COLOR")) || Environment("TERM") is "dumb";

    /// <summary>The clock of what is drawn.</summary>
    public TimeProvider Time { get; init; } = TimeProvider.System;

    /// <summary>Opens standard input for its bytes as they are.</summary>
    public Func<Stream> OpenInput { get; init; } = OpenInputOfProcess;

    /// <summary>Opens standard output for bytes as they are.</summary>
    public Func<Stream> OpenOutput { get; init; } = Console.OpenStandardOutput;

    /// <summary>Opens standard error for bytes as they are.</summary>
    public Func<Stream> OpenErrors { get; init; } = Console.OpenStandardError;

    /// <summary>The console of the process.</summary>
    /// <param name="gone">Called when nobody reads what is written any more.</param>
    public static Terminal OfProcess(Action gone)
    {
        Stream Output() => StandardStream.Open(1, Console.OpenStandardOutput, gone);
        return new(
            Console.In,
            new StreamWriter(Output(), new UTF8Encoding(false), 32 * 1024),
            new StreamWriter(Console.OpenStandardError(), new UTF8Encoding(false)) { AutoFlush = true })
        {
            AskSecret = AskConsole,
            OpenOutput = Output,
        };
    }

    // On Unix the console's own stream reads keys and shows them itself, whatever the terminal was told about echo.
    private static Stream OpenInputOfProcess() =>
        OperatingSystem.IsWindows() ? Console.OpenStandardInput() : new FileStream(new SafeFileHandle(0, ownsHandle: false), FileAccess.Read, bufferSize: 0);

    private static string? AskConsole(string prompt)
    {
        if (Console.IsInputRedirected)
        {
            return Console.In.ReadLine();
        }

        // Ctrl-C must end the asking, which waits in the middle of a read; and the echo must be off before anyone can type.
        Console.TreatControlCAsInput = true;
        _ = Console.KeyAvailable;
        Console.Error.Write(prompt);
        try
        {
            return ReadHidden();
        }
        finally
        {
            Console.Error.WriteLine();
            Console.TreatControlCAsInput = false;
        }
    }

    private static string? ReadHidden()
    {
        var secret = new StringBuilder();
        while (Console.ReadKey(intercept: true) is { Key: not ConsoleKey.Enter } key)
        {
            switch (key)
            {
                case { Key: ConsoleKey.C, Modifiers: ConsoleModifiers.Control }:
                    return null;
                case { Key: ConsoleKey.Backspace }:
                    secret.Length = Math.Max(0, secret.Length - 1);
                    break;
                default:
                    secret.Append(key.KeyChar);
                    break;
            }
        }

        return secret.ToString();
    }
}
