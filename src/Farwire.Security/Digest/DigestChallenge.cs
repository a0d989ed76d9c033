using System.Diagnostics.CodeAnalysis;

namespace Farwire.Security.Digest;

/// <summary>What a service asks of a client that speaks Digest.</summary>
/// <remarks>RFC 7616, "The WWW-Authenticate Response Header Field".</remarks>
public sealed record DigestChallenge
{
    private const int MaxLength = 4096;

    /// <summary>Whose users are meant.</summary>
    public required string Realm { get; init; }

    /// <summary>The service's word to hash.</summary>
    public required string Nonce { get; init; }

    /// <summary>Returned as it came.</summary>
    public string? Opaque { get; init; }

    /// <summary><c>MD5</c> or <c>SHA-256</c>, with <c>-sess</c> or without.</summary>
    public string Algorithm { get; init; } = "MD5";

    /// <summary>The service takes <c>qop=auth</c>; one that names none is of RFC 2069.</summary>
    public bool HasQop { get; init; }

    /// <summary>The nonce was old, the password right.</summary>
    public bool IsStale { get; init; }

    /// <summary>Reads what stands after <c>Digest</c>; false when it is of a kind that this client does not speak.</summary>
    public static bool TryRead(string parameters, [NotNullWhen(true)] out DigestChallenge? challenge)
    {
        challenge = null;
        if (parameters.Length > MaxLength)
        {
            return false;
        }

        var values = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);
        var at = 0;
        while (NextParameter(parameters, ref at, out var name, out var value))
        {
            values[name] = value;
        }

        var algorithm = values.GetValueOrDefault("algorithm", "MD5").ToUpperInvariant();
        var qop = values.GetValueOrDefault("qop");
        if (!values.TryGetValue("realm", out var realm) || !values.TryGetValue("nonce", out var nonce)
            || algorithm is not ("MD5" or "MD5-SESS" or "SHA-256" or "SHA-256-SESS")
            || (qop is not null && !qop.Split(',', StringSplitOptions.TrimEntries).Contains("auth", StringComparer.OrdinalIgnoreCase)))
        {
            return false;
        }

        challenge = new DigestChallenge
        {
            Realm = realm,
            Nonce = nonce,
            Opaque = values.GetValueOrDefault("opaque"),
            Algorithm = algorithm,
            HasQop = qop is not null,
            IsStale = values.GetValueOrDefault("stale", "").Equals("true", StringComparison.OrdinalIgnoreCase),
        };
        return true;
    }

    // name = token | "quoted \" string"
    private static bool NextParameter(string text, ref int at, out string name, out string value)
    {
        name = value = "";
        while (at < text.Length && (text[at] is ' ' or ',' or '\t'))
        {
            at++;
        }

        var equals = text.IndexOf('=', at);
        if (equals < 0)
        {
            return false;
        }

        name = text[at..equals].Trim();
        at = equals + 1;
        if (at >= text.Length || text[at] != '"')
        {
            var comma = text.IndexOf(',', at);
            value = text[at..(comma < 0 ? text.Length : comma)].Trim();
            at = comma < 0 ? text.Length : comma;
            return true;
        }

        var unquoted = new System.Text.StringBuilder();
        for (at++; at < text.Length && text[at] != '"'; at++)
        {
            if (text[at] == '\\' && at + 1 < text.Length)
            {
                at++;
            }

            unquoted.Append(text[at]);
        }

        at = Math.Min(at + 1, text.Length);
        value = unquoted.ToString();
        return true;
    }
}
