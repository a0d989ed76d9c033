using Farwire.Protocol.Addressing;

namespace Farwire.Protocol.Envelope;

/// <summary>Headers while they are read: one object for all, where a copy of <see cref="MessageHeaders"/> for each would be thrown away at once.</summary>
internal sealed class HeaderFields
{
    public string? To { get; set; }
    public string? Action { get; set; }
    public string? MessageId { get; set; }
    public string? RelatesTo { get; set; }
    public string? ReplyTo { get; set; }
    public string? FaultTo { get; set; }
    public string? ResourceUri { get; set; }
    public SelectorSet Selectors { get; set; } = SelectorSet.Empty;
    public OptionSet Options { get; set; } = OptionSet.Empty;
    public long? MaxEnvelopeSize { get; set; }
    public TimeSpan? OperationTimeout { get; set; }
    public string? Locale { get; set; }
    public string? DataLocale { get; set; }
    public string? SessionId { get; set; }
    public string? OperationId { get; set; }
    public bool OperationIdIsRetry { get; set; }
    public long? SequenceId { get; set; }
    public string? ActivityId { get; set; }
    public FragmentTransfer? FragmentTransfer { get; set; }
    public bool RequestEpr { get; set; }
    public bool RequestTotalItemsCountEstimate { get; set; }
    public long? TotalItemsCountEstimate { get; set; }
    public string? CompressionType { get; set; }
    public string? Identifier { get; set; }
    public string? Bookmark { get; set; }
    public bool AckRequested { get; set; }
    public string? MachineId { get; set; }

    public MessageHeaders ToHeaders() => new()
    {
        To = To,
        Action = Action,
        MessageId = MessageId,
        RelatesTo = RelatesTo,
        ReplyTo = ReplyTo,
        FaultTo = FaultTo,
        ResourceUri = ResourceUri,
        Selectors = Selectors,
        Options = Options,
        MaxEnvelopeSize = MaxEnvelopeSize,
        OperationTimeout = OperationTimeout,
        Locale = Locale,
        DataLocale = DataLocale,
        SessionId = SessionId,
        OperationId = OperationId,
        OperationIdIsRetry = OperationIdIsRetry,
        SequenceId = SequenceId,
        ActivityId = ActivityId,
        FragmentTransfer = FragmentTransfer,
        RequestEpr = RequestEpr,
        RequestTotalItemsCountEstimate = RequestTotalItemsCountEstimate,
        TotalItemsCountEstimate = TotalItemsCountEstimate,
        CompressionType = CompressionType,
        Identifier = Identifier,
        Bookmark = Bookmark,
        AckRequested = AckRequested,
        MachineId = MachineId,
    };
}
