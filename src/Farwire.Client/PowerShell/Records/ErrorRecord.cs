using Farwire.Client.PowerShell.Clixml;

namespace Farwire.Client.PowerShell.Records;

/// <summary>An error of the pipeline, or the one that ended it.</summary>
/// <remarks>MS-PSRP, "ErrorRecord".</remarks>
/// <param name="Message">What happened, in the other side's language.</param>
public sealed record ErrorRecord(string Message) : PipelineRecord
{
    /// <summary>The id that scripts look at: <c>PathNotFound,Microsoft.PowerShell.Commands.GetChildItemCommand</c>.</summary>
    public string FullyQualifiedErrorId { get; init; } = "";

    /// <summary>The kind of error, as a number: 13 is ObjectNotFound.</summary>
    public int Category { get; init; }

    /// <summary>One line on kind, target and reason.</summary>
    public string CategoryMessage { get; init; } = "";

    /// <summary>The type of the exception.</summary>
    public string ExceptionType { get; init; } = "";

    /// <summary>Where in the script, as PowerShell shows it; null when nothing was said.</summary>
    public string? ScriptStackTrace { get; init; }

    /// <summary>The object the error is about.</summary>
    public object? TargetObject { get; init; }

    /// <summary>All of it.</summary>
    public RemoteObject? Source { get; init; }

    /// <inheritdoc/>
    public override string ToString() => Message;

    internal static ErrorRecord Of(object? data)
    {
        if (data is not RemoteObject found)
        {
            throw new PowerShellProtocolException("An error record is no object.");
        }

        var exception = found["Exception"] as RemoteObject;
        return new ErrorRecord(found["ErrorDetails_Message"] as string ?? exception?["Message"] as string ?? found.Text ?? "")
        {
            FullyQualifiedErrorId = found["FullyQualifiedErrorId"] as string ?? "",
            Category = found["ErrorCategory_Category"] is int category ? category : 0,
            CategoryMessage = found["ErrorCategory_Message"] as string ?? "",
            ExceptionType = exception is { TypeNames.Count: > 0 } ? exception.TypeNames[0] : "",
            ScriptStackTrace = found["ErrorDetails_ScriptStackTrace"] as string,
            TargetObject = found["TargetObject"],
            Source = found,
        };
    }
}
