namespace Farwire.Source.Mapping;

/// <summary>Where an event goes and which it is, as the rules say.</summary>
/// <param name="Channel">Its channel.</param>
/// <param name="EventId">Its number.</param>
/// <param name="Keywords">Its keyword bits.</param>
/// <remarks>Windows Event Log, "SystemPropertiesType".</remarks>
public sealed record EventKind(string Channel, ushort EventId, ulong Keywords = EventKind.Classic)
{
    /// <summary>The bit of events that came by a plain log.</summary>
    public const ulong Classic = 0x80000000000000;

    /// <summary>The bit of what was granted.</summary>
    public const ulong AuditSuccess = 0x20000000000000;

    /// <summary>The bit of what was refused.</summary>
    public const ulong AuditFailure = 0x10000000000000;

    /// <summary>Its level; null is what the priority says.</summary>
    public int? Level { get; init; }

    /// <summary>Who wrote it; null is who the log says.</summary>
    public string? Provider { get; init; }

    /// <summary>The message is a whole event already, and stays one.</summary>
    public bool PassesThrough { get; init; }

    /// <summary>What a rule found in the text: data that stand before all others.</summary>
    public IReadOnlyList<KeyValuePair<string, string>> Data { get; init; } = [];
}
