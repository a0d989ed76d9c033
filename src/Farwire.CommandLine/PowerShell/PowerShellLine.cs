using Farwire.Client.PowerShell;
using Farwire.CommandLine.Grammar;

namespace Farwire.CommandLine.PowerShell;

/// <summary>What PowerShell shall run on another machine, and how it is shown.</summary>
/// <param name="Commands">The pipeline; each part reads what the one before writes.</param>
public sealed record PowerShellLine(IReadOnlyList<PowerShellCommand> Commands)
{
    /// <summary>Statements that follow the first.</summary>
    public IReadOnlyList<IReadOnlyList<PowerShellCommand>> MoreStatements { get; init; } = [];

    /// <summary>The session configuration (endpoint).</summary>
    public string Configuration { get; init; } = "Microsoft.PowerShell";

    /// <summary>Starts without the user's profile.</summary>
    public bool NoProfile { get; init; }

    /// <summary>How objects are shown: text, table, list, json, csv.</summary>
    public string? Output { get; init; }

    /// <summary>Lines of standard input are the pipeline's input.</summary>
    public bool ReadsInput { get; init; }

    /// <summary>Code from the command line.</summary>
    public static PowerShellLine OfCode(string code, IEnumerable<string> arguments) =>
        new([PowerShellCommand.Script(code) with { Parameters = ScriptArguments.Read(arguments) }]);

    /// <summary>A script of this machine, with its arguments. <c>-</c> is standard input.</summary>
    /// <exception cref="UsageException">It cannot be read.</exception>
    public static PowerShellLine OfFile(string file, IEnumerable<string> arguments, TextReader input)
    {
        try
        {
            return OfCode(file == "-" ? input.ReadToEnd() : File.ReadAllText(file), arguments);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new UsageException($"{file}: {e.Message}");
        }
    }

    /// <summary>Commands for an endpoint without language: their words are taken apart here, and no code is sent.</summary>
    /// <exception cref="UsageException">The line is code, and not a pipeline of commands.</exception>
    public static PowerShellLine OfCommands(string line)
    {
        var statements = CommandWords.Read(line);
        return new PowerShellLine(statements[0]) { MoreStatements = [.. statements.Skip(1)] };
    }
}
