namespace Farwire.Client.Connection;

/// <summary>A way to send one message and get its answer, as somebody.</summary>
internal interface IHttpExchange : IDisposable
{
    /// <summary>Sends <paramref name="message"/>; an answer 401 means that the service does not believe us.</summary>
    Task<HttpAnswer> SendAsync(OutgoingMessage message, CancellationToken cancellationToken);

    /// <summary>What to say of a 401.</summary>
    WSManTransportException Refused(HttpAnswer answer);
}

/// <summary>A message on its way out.</summary>
/// <param name="Body">The bytes.</param>
/// <param name="ContentType">What they are.</param>
/// <param name="IsIdentify">It asks what the service is, and nobody needs to be known for that.</param>
internal sealed record OutgoingMessage(ReadOnlyMemory<byte> Body, string ContentType, bool IsIdentify)
{
    /// <summary>Called when a part of an answer without a length has come: the service lives.</summary>
    public Action? Heard { get; init; }

    /// <summary>Nothing: what clients send while they prove themselves.</summary>
    public static OutgoingMessage Empty { get; } = new(ReadOnlyMemory<byte>.Empty, "application/soap+xml;charset=UTF-8", false);

    /// <summary>How the bytes were packed; null when they are plain.</summary>
    public string? ContentEncoding { get; init; }
}
