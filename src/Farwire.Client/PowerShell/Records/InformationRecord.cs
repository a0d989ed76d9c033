using Farwire.Client.PowerShell.Clixml;

namespace Farwire.Client.PowerShell.Records;

/// <summary>What <c>Write-Information</c> and, since version 5, <c>Write-Host</c> say.</summary>
/// <remarks>MS-PSRP, "INFORMATION_RECORD Message"; protocol 2.3.</remarks>
/// <param name="Message">The text; of an object its text.</param>
public sealed record InformationRecord(string Message) : PipelineRecord
{
    /// <summary>What was said, as it was.</summary>
    public object? MessageData { get; init; }

    /// <summary>The script or command that said it.</summary>
    public string? SourceName { get; init; }

    /// <summary>When, on the other side's clock.</summary>
    public DateTimeOffset? TimeGenerated { get; init; }

    /// <summary>Words to sort by; <c>PSHOST</c> marks what <c>Write-Host</c> said.</summary>
    public IReadOnlyList<string> Tags { get; init; } = [];

    /// <inheritdoc/>
    public override string ToString() => Message;

    internal static InformationRecord Of(object? data)
    {
        if (data is not RemoteObject found)
        {
            throw new PowerShellProtocolException("An information record is no object.");
        }

        var message = found["MessageData"];
        return new InformationRecord(message is RemoteObject said ? said["Message"] as string ?? said.ToString() : new OutputRecord(message).ToString())
        {
            MessageData = message,
            SourceName = found["Source"] as string,
            TimeGenerated = found["TimeGenerated"] switch { DateTimeOffset time => time, DateTime { Kind: not DateTimeKind.Unspecified } time => time, _ => null },
            Tags = found["Tags"] is RemoteObject { Value: RemoteList tags } ? [.. tags.OfType<string>()] : [],
        };
    }
}
