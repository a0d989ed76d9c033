using Farwire.Protocol.Envelope;

namespace Farwire.Client.Shells;

/// <summary>How a command starts in its shell.</summary>
/// <remarks>MS-WSMV, "CommandLine".</remarks>
public sealed record CommandSettings
{
    /// <summary>A command by the shell's own rules.</summary>
    public static CommandSettings Default { get; } = new();

    /// <summary>An id of the client's choice, a GUID; null leaves it to the service.</summary>
    public string? CommandId { get; init; }

    /// <summary>Starts the program itself, without the command interpreter (WINRS_SKIP_CMD_SHELL).</summary>
    public bool SkipInterpreter { get; init; }

    /// <summary>The options of CommandLine, in place of those of a command shell.</summary>
    internal OptionSet? Options { get; init; }

    /// <summary>Tells the program that its input is a console, not a pipe (WINRS_CONSOLEMODE_STDIN).</summary>
    public bool ConsoleInput { get; init; } = true;
}
