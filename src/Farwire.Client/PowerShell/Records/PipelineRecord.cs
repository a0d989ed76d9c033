using Farwire.Client.PowerShell.Clixml;

namespace Farwire.Client.PowerShell.Records;

/// <summary>One thing that a pipeline says: an object, or a record of one of the other streams.</summary>
/// <remarks>MS-PSRP, "PIPELINE_OUTPUT", "ERROR_RECORD", "WARNING_RECORD" and so on. They come in the order in which the pipeline wrote them.</remarks>
public abstract record PipelineRecord;

/// <summary>An object of the pipeline's output: a simple value or a <see cref="RemoteObject"/>.</summary>
/// <param name="Value">The object; null is one too.</param>
public sealed record OutputRecord(object? Value) : PipelineRecord
{
    /// <inheritdoc/>
    public override string ToString() => SimpleTypes.Format(Value) is var (_, text) ? text : Value!.ToString()!;
}

/// <summary>A line of the warning, verbose or debug stream.</summary>
/// <param name="Message">The line.</param>
/// <remarks>MS-PSRP, "InformationalRecord".</remarks>
public abstract record InformationalRecord(string Message) : PipelineRecord
{
    /// <summary>All of it, with the place in the script.</summary>
    public RemoteObject? Source { get; init; }

    /// <inheritdoc/>
    public sealed override string ToString() => Message;

    internal static string MessageOf(object? data) => data is RemoteObject found
        ? found["InformationalRecord_Message"] as string ?? found.Text ?? ""
        : data as string ?? throw new PowerShellProtocolException("A warning, verbose or debug record has no message.");
}

/// <summary>A warning.</summary>
/// <param name="Message">Its text.</param>
public sealed record WarningRecord(string Message) : InformationalRecord(Message);

/// <summary>A line for those who want to know more.</summary>
/// <param name="Message">Its text.</param>
public sealed record VerboseRecord(string Message) : InformationalRecord(Message);

/// <summary>A line for those who look for a fault.</summary>
/// <param name="Message">Its text.</param>
public sealed record DebugRecord(string Message) : InformationalRecord(Message);
