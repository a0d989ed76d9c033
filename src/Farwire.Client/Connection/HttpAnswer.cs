using System.Net;

namespace Farwire.Client.Connection;

/// <summary>An answer over HTTP, read whole.</summary>
internal sealed record HttpAnswer(HttpStatusCode Status, string? Reason)
{
    public string? ContentType { get; init; }

    /// <summary>Where the service says it is instead.</summary>
    public string? Location { get; init; }

    /// <summary>How long it asks to be left alone; null when it does not say.</summary>
    public TimeSpan? RetryAfter { get; init; }

    public ArraySegment<byte> Body { get; init; } = ArraySegment<byte>.Empty;

    /// <summary>It came in chunks: there may be several messages in it.</summary>
    public bool IsChunked { get; init; }

    /// <summary>What the service offers or answers: the scheme and what follows it.</summary>
    public IReadOnlyList<(string Scheme, string Token)> Challenges { get; init; } = [];

    public bool IsSuccess => (int)Status is >= 200 and < 300;

    /// <summary>The token for <paramref name="scheme"/>; empty when it is offered without one; null when it is not.</summary>
    public string? ChallengeOf(string scheme)
    {
        string? found = null;
        foreach (var (name, token) in Challenges)
        {
            if (name.Equals(scheme, StringComparison.OrdinalIgnoreCase) && (found is null || token.Length > 0))
            {
                found = token;
            }
        }

        return found;
    }

    /// <summary>The schemes on offer, for a message.</summary>
    public string Offered => string.Join(", ", Challenges.Select(c => c.Scheme).Distinct(StringComparer.OrdinalIgnoreCase));
}
