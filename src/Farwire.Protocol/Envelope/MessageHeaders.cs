using Farwire.Protocol.Addressing;

namespace Farwire.Protocol.Envelope;

/// <summary>What a message says about itself, before its body.</summary>
/// <remarks>DSP0226, "Addressing" and "WS-Management control headers"; MS-WSMV, "SOAP headers". Null means: not there.</remarks>
public sealed record MessageHeaders
{
    /// <summary><c>a:To</c>: the endpoint as the sender wrote it; never validated.</summary>
    public string? To { get; init; }

    /// <summary><c>a:Action</c>: the operation. Null only for Identify.</summary>
    public string? Action { get; init; }

    /// <summary><c>a:MessageID</c>, byte for byte.</summary>
    public string? MessageId { get; init; }

    /// <summary><c>a:RelatesTo</c>: the request's <see cref="MessageId"/>.</summary>
    public string? RelatesTo { get; init; }

    /// <summary><c>a:ReplyTo/a:Address</c>; only the anonymous address can be served.</summary>
    public string? ReplyTo { get; init; }

    /// <summary><c>a:FaultTo/a:Address</c>; only the anonymous address can be served.</summary>
    public string? FaultTo { get; init; }

    /// <summary><c>w:ResourceURI</c>: the class or kind of resource.</summary>
    public string? ResourceUri { get; init; }

    /// <summary><c>w:SelectorSet</c>: the keys of the instance.</summary>
    public SelectorSet Selectors { get; init; } = SelectorSet.Empty;

    /// <summary><c>w:OptionSet</c>: switches of the request.</summary>
    public OptionSet Options { get; init; } = OptionSet.Empty;

    /// <summary><c>w:MaxEnvelopeSize</c>: bytes the answer may have.</summary>
    public long? MaxEnvelopeSize { get; init; }

    /// <summary><c>w:OperationTimeout</c>: how long the service may work on the request.</summary>
    public TimeSpan? OperationTimeout { get; init; }

    /// <summary><c>w:Locale</c>: the language of texts and faults.</summary>
    public string? Locale { get; init; }

    /// <summary><c>p:DataLocale</c>: the language of numbers and dates.</summary>
    public string? DataLocale { get; init; }

    /// <summary><c>p:SessionId</c>: the client's session.</summary>
    public string? SessionId { get; init; }

    /// <summary><c>p:OperationID</c>: names the operation over a broken connection.</summary>
    public string? OperationId { get; init; }

    /// <summary>The <see cref="OperationId"/> came with mustUnderstand: the request repeats an earlier one.</summary>
    public bool OperationIdIsRetry { get; init; }

    /// <summary><c>p:SequenceId</c>: the message's number within its operation, from 1.</summary>
    public long? SequenceId { get; init; }

    /// <summary><c>p:ActivityId</c>: a mark for traces on both sides.</summary>
    public string? ActivityId { get; init; }

    /// <summary><c>w:FragmentTransfer</c>.</summary>
    public FragmentTransfer? FragmentTransfer { get; init; }

    /// <summary><c>w:RequestEPR</c>: the sender wants the reference of the resource back.</summary>
    public bool RequestEpr { get; init; }

    /// <summary><c>w:RequestTotalItemsCountEstimate</c>.</summary>
    public bool RequestTotalItemsCountEstimate { get; init; }

    /// <summary><c>w:TotalItemsCountEstimate</c> of an answer.</summary>
    public long? TotalItemsCountEstimate { get; init; }

    /// <summary><c>rsp:CompressionType</c> of a shell's Create.</summary>
    public string? CompressionType { get; init; }

    /// <summary><c>e:Identifier</c>: the subscription a message belongs to.</summary>
    public string? Identifier { get; init; }

    /// <summary>Other properties of the reference that the message is sent to, as XML. Written, never read.</summary>
    public string? ReferenceProperties { get; init; }

    /// <summary>What <c>w:Bookmark</c> holds: opaque XML to resume from.</summary>
    public string? Bookmark { get; init; }

    /// <summary><c>w:AckRequested</c>: the sender waits for an acknowledgement.</summary>
    public bool AckRequested { get; init; }

    /// <summary><c>m:MachineID</c>: the machine that sends events.</summary>
    public string? MachineId { get; init; }
}
