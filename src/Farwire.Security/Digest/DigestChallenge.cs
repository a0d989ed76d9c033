using System.Diagnostics.CodeAnalysis;

namespace Farwire.Security.Digest;

/// <summary>What a service asks of a client that speaks Digest.</summary>
/// <remarks>RFC 7616, "The WWW-Authenticate Response Header Field".</remarks>
public sealed record DigestChallenge
{
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
        if (DigestParameters.Read(parameters) is not { } values)
        {
            return false;
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
}
