namespace Farwire.Client.PowerShell;

/// <summary>One part of a pipeline: a script, or a command with parameters.</summary>
/// <param name="Text">The code, or the command's name.</param>
/// <remarks>MS-PSRP, "Command".</remarks>
public sealed record PowerShellCommand(string Text)
{
    /// <summary>The text is code; an endpoint without language refuses it and takes commands alone.</summary>
    public bool IsScript { get; init; }

    /// <summary>Parameters in order; one without a name is found by its place. A switch has the value true.</summary>
    public IReadOnlyList<KeyValuePair<string?, object?>> Parameters { get; init; } = [];

    /// <summary>Puts the errors among the output.</summary>
    public bool MergesErrors { get; init; }

    /// <summary>Runs in a scope of its own; null leaves it to the other side.</summary>
    public bool? UseLocalScope { get; init; }

    /// <summary>A piece of code.</summary>
    public static PowerShellCommand Script(string code) => new(code) { IsScript = true };
}

/// <summary>A pipeline that shall run.</summary>
/// <param name="Commands">Its parts, each reading what the one before writes.</param>
/// <remarks>MS-PSRP, "CREATE_PIPELINE Message".</remarks>
public sealed record PipelineSettings(IReadOnlyList<PowerShellCommand> Commands)
{
    /// <summary>What the first part reads; null is nothing.</summary>
    public IAsyncEnumerable<object?>? Input { get; init; }

    /// <summary>Keeps it in the history of the runspace.</summary>
    public bool AddToHistory { get; init; }

    /// <summary>Statements that follow, each with its parts: without language there is no semicolon.</summary>
    public IReadOnlyList<IReadOnlyList<PowerShellCommand>> MoreStatements { get; init; } = [];

    /// <summary>Records say where in the script they come from.</summary>
    public bool AddsInvocationInfo { get; init; } = true;

    /// <summary>An id of the client's choice.</summary>
    public Guid? Id { get; init; }
}
