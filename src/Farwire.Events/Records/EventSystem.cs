namespace Farwire.Events.Records;

/// <summary>What every event says about itself: the properties of its <c>System</c> element. Null means: not there.</summary>
/// <remarks>Windows Event Log, "SystemPropertiesType".</remarks>
public sealed record EventSystem
{
    /// <summary><c>Provider/@Name</c>: the program or part that wrote the event.</summary>
    public string? ProviderName { get; init; }

    /// <summary><c>Provider/@Guid</c>.</summary>
    public string? ProviderGuid { get; init; }

    /// <summary><c>Provider/@EventSourceName</c>: the name under which the provider wrote in the older log.</summary>
    public string? EventSourceName { get; init; }

    /// <summary><c>EventID</c>.</summary>
    public int? EventId { get; init; }

    /// <summary><c>EventID/@Qualifiers</c>: the upper half of the older log's identifier.</summary>
    public int? Qualifiers { get; init; }

    /// <summary><c>Version</c> of the event's definition.</summary>
    public int? Version { get; init; }

    /// <summary><c>Level</c>: 1 critical, 2 error, 3 warning, 4 information, 5 verbose; 0 always.</summary>
    public int? Level { get; init; }

    /// <summary><c>Task</c>.</summary>
    public int? Task { get; init; }

    /// <summary><c>Opcode</c>.</summary>
    public int? Opcode { get; init; }

    /// <summary><c>Keywords</c>: 64 bits; 0x20000000000000 is audit success, 0x10000000000000 audit failure.</summary>
    public ulong? Keywords { get; init; }

    /// <summary><c>TimeCreated/@SystemTime</c>, UTC.</summary>
    public DateTime? TimeCreated { get; init; }

    /// <summary><c>TimeCreated/@SystemTime</c> as written, when <see cref="EventTime.Format"/> would not give the same text.</summary>
    public string? TimeText { get; init; }

    /// <summary><c>EventRecordID</c>: the event's number in its channel.</summary>
    public ulong? RecordId { get; init; }

    /// <summary><c>Correlation/@ActivityID</c>.</summary>
    public string? ActivityId { get; init; }

    /// <summary><c>Correlation/@RelatedActivityID</c>.</summary>
    public string? RelatedActivityId { get; init; }

    /// <summary><c>Execution/@ProcessID</c>.</summary>
    public long? ProcessId { get; init; }

    /// <summary><c>Execution/@ThreadID</c>.</summary>
    public long? ThreadId { get; init; }

    /// <summary><c>Channel</c>: the log.</summary>
    public string? Channel { get; init; }

    /// <summary><c>Computer</c>: the machine that the event names; the sender may name any.</summary>
    public string? Computer { get; init; }

    /// <summary><c>Security/@UserID</c>: a SID.</summary>
    public string? UserId { get; init; }
}
