namespace Farwire.Security.Sealing;

/// <summary>The content type of a sealed message.</summary>
/// <remarks>MS-WSMV, "Encrypted message types"; RFC 2045, "Content-Type".</remarks>
public sealed record SealedContentType(string Protocol, string Boundary)
{
    /// <summary>The boundary that all clients know; some search for these very bytes.</summary>
    public const string UsualBoundary = "Encrypted Boundary";

    private const string Single = "multipart/encrypted";
    private const string Multi = "multipart/x-multi-encrypted";
    private const int MaxLength = 512;

    /// <summary>True when <paramref name="contentType"/> is that of a sealed message, well formed or not.</summary>
    public static bool IsSealed(string? contentType) =>
        contentType is not null
        && (contentType.StartsWith(Single, StringComparison.OrdinalIgnoreCase) || contentType.StartsWith(Multi, StringComparison.OrdinalIgnoreCase));

    /// <summary>Reads <c>multipart/encrypted;protocol="…";boundary="…"</c>, parameters in any order.</summary>
    /// <exception cref="SecurityTokenException">It is something else.</exception>
    public static SealedContentType Read(string contentType)
    {
        string? protocol = null;
        string? boundary = null;
        var parameters = contentType.Split(';');
        if (contentType.Length <= MaxLength && parameters[0].Trim() is var type
            && (type.Equals(Single, StringComparison.OrdinalIgnoreCase) || type.Equals(Multi, StringComparison.OrdinalIgnoreCase)))
        {
            foreach (var parameter in parameters.Skip(1))
            {
                var equals = parameter.IndexOf('=', StringComparison.Ordinal);
                var name = (equals < 0 ? parameter : parameter[..equals]).Trim();
                var value = equals < 0 ? "" : parameter[(equals + 1)..].Trim().Trim('"');
                if (name.Equals("protocol", StringComparison.OrdinalIgnoreCase))
                {
                    protocol = value;
                }
                else if (name.Equals("boundary", StringComparison.OrdinalIgnoreCase))
                {
                    boundary = value;
                }
            }
        }

        return protocol is { Length: > 0 } && boundary is { Length: > 0 }
            ? new SealedContentType(protocol, boundary)
            : throw new SecurityTokenException("The content type of a sealed message has no protocol or no boundary.");
    }

    /// <summary>Writes the type; more parts than one have a type of their own.</summary>
    public string ToString(int parts) => $"{(parts > 1 ? Multi : Single)};protocol=\"{Protocol}\";boundary=\"{Boundary}\"";
}
