using Farwire.Client.Connection;
using Farwire.CommandLine.Hosts;

namespace Farwire.CommandLine.Run;

/// <summary>How it went on one host.</summary>
/// <param name="Host">The host.</param>
/// <param name="Code">The command's code; null when it has none to tell.</param>
/// <param name="Failure">What went wrong; null when the command ran to its end.</param>
/// <param name="Took">How long it took.</param>
internal sealed record HostOutcome(HostWord Host, int? Code, Exception? Failure, TimeSpan Took)
{
    public bool IsGood => Failure is null && Code == 0;

    /// <summary>In words, on one line.</summary>
    public string Words => Failure switch
    {
        null => Code == 0 ? "ok" : $"exit code {Code}",
        WSManTransportException transport => OneLine($"{transport.Message} {transport.Fix}"),
        var other => OneLine(other.Message),
    };

    private static string OneLine(string text) => text.ReplaceLineEndings(" ").TrimEnd();
}
