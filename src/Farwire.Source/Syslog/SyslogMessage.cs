namespace Farwire.Source.Syslog;

/// <summary>A message of syslog. What its sender did not say is null.</summary>
/// <param name="Facility">What kind of program speaks.</param>
/// <param name="Severity">From 0, the worst, to 7.</param>
/// <param name="Text">The text, as bytes: mostly UTF-8, but nothing demands it.</param>
/// <remarks>RFC 5424, "Syslog Message Format"; RFC 3164, "syslog Message Parts".</remarks>
internal sealed record SyslogMessage(int Facility, int Severity, ReadOnlyMemory<byte> Text)
{
    /// <summary>When it happened.</summary>
    public DateTimeOffset? Time { get; init; }

    /// <summary>The machine.</summary>
    public string? Host { get; init; }

    /// <summary>The program: APP-NAME, or the tag.</summary>
    public string? Application { get; init; }

    /// <summary>Its process: PROCID, or what stands in brackets behind the tag.</summary>
    public string? ProcessId { get; init; }

    /// <summary>MSGID: the kind of message.</summary>
    public string? MessageId { get; init; }

    /// <summary>STRUCTURED-DATA as it was written; <see cref="StructuredData"/> takes it apart.</summary>
    public string? Data { get; init; }
}
