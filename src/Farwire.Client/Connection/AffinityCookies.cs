using System.Net.Http.Headers;

namespace Farwire.Client.Connection;

/// <summary>The cookies by which a load balancer knows a session: those named <c>MS-WSMAN…</c>, kept as long as the session, whatever they say of their end.</summary>
/// <remarks>WinRM, "IIS host plug-in configuration". All other cookies are dropped: nobody may mark this client.</remarks>
internal sealed class AffinityCookies
{
    private const string Prefix = "MS-WSMAN";
    private const int MaxCookies = 20;
    private const int MaxLength = 4096;

    private readonly Lock _lock = new();
    private readonly Dictionary<string, string> _values = new(StringComparer.Ordinal);
    private volatile string? _header;

    /// <summary>Takes what an answer sets.</summary>
    public void Take(HttpResponseHeaders headers)
    {
        if (!headers.NonValidated.TryGetValues("Set-Cookie", out var all))
        {
            return;
        }

        lock (_lock)
        {
            foreach (var cookie in all)
            {
                var end = cookie.IndexOf(';', StringComparison.Ordinal);
                var pair = (end < 0 ? cookie : cookie[..end]).Trim();
                var equals = pair.IndexOf('=', StringComparison.Ordinal);
                if (equals > 0 && pair.Length <= MaxLength && pair.StartsWith(Prefix, StringComparison.OrdinalIgnoreCase)
                    && (_values.Count < MaxCookies || _values.ContainsKey(pair[..equals])))
                {
                    _values[pair[..equals]] = pair[(equals + 1)..];
                }
            }

            _header = _values.Count == 0 ? null : string.Join("; ", _values.Select(cookie => $"{cookie.Key}={cookie.Value}"));
        }
    }

    /// <summary>Gives them to a request.</summary>
    public void Give(HttpRequestHeaders headers)
    {
        if (_header is { } header)
        {
            headers.TryAddWithoutValidation("Cookie", header);
        }
    }
}
