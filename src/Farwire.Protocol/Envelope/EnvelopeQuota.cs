namespace Farwire.Protocol.Envelope;

/// <summary>What a message may cost to read.</summary>
public sealed record EnvelopeQuota
{
    /// <summary>Bytes of the envelope. The service's default is MaxEnvelopeSizekb = 500.</summary>
    public int MaxBytes { get; init; } = 500 * 1024;

    /// <summary>Elements inside elements.</summary>
    public int MaxDepth { get; init; } = 64;

    /// <summary>Header elements, known and unknown.</summary>
    public int MaxHeaders { get; init; } = 128;

    /// <summary>The limits that suit most messages.</summary>
    public static EnvelopeQuota Default { get; } = new();
}
