using Farwire.Client.PowerShell.Clixml;

namespace Farwire.Client.PowerShell.Records;

/// <summary>How far a long work is. It is no error, whatever stream it comes on.</summary>
/// <remarks>MS-PSRP, "PROGRESS_RECORD Message".</remarks>
/// <param name="Activity">What is done.</param>
public sealed record ProgressRecord(string Activity) : PipelineRecord
{
    /// <summary>Tells works apart that go on at once.</summary>
    public int ActivityId { get; init; }

    /// <summary>The work that this is a part of; -1 for none.</summary>
    public int ParentActivityId { get; init; } = -1;

    /// <summary>What is done at present.</summary>
    public string StatusDescription { get; init; } = "";

    /// <summary>The same, finer; null when nothing was said.</summary>
    public string? CurrentOperation { get; init; }

    /// <summary>0 to 100; -1 when it is not known.</summary>
    public int PercentComplete { get; init; } = -1;

    /// <summary>The time that is left; -1 when it is not known.</summary>
    public int SecondsRemaining { get; init; } = -1;

    /// <summary>The work is done.</summary>
    public bool IsCompleted { get; init; }

    /// <inheritdoc/>
    public override string ToString() => PercentComplete < 0 ? $"{Activity}: {StatusDescription}" : $"{Activity}: {StatusDescription} {PercentComplete} %";

    /// <summary>Reads a record from the object that a script's host was given.</summary>
    /// <exception cref="PowerShellProtocolException">It is no progress record.</exception>
    public static ProgressRecord Of(object? data) => data is RemoteObject found
        ? new ProgressRecord(found["Activity"] as string ?? "")
        {
            ActivityId = Number(found, "ActivityId", 0),
            ParentActivityId = Number(found, "ParentActivityId", -1),
            StatusDescription = found["StatusDescription"] as string ?? "",
            CurrentOperation = found["CurrentOperation"] as string,
            PercentComplete = Number(found, "PercentComplete", -1),
            SecondsRemaining = Number(found, "SecondsRemaining", -1),
            IsCompleted = found["Type"] is RemoteObject { Value: 1 },
        }
        : throw new PowerShellProtocolException("A progress record is no object.");

    private static int Number(RemoteObject found, string name, int absent) => found[name] is int number ? number : absent;
}
