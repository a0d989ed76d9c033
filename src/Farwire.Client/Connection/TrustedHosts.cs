namespace Farwire.Client.Connection;

/// <summary>The services that may be talked to over HTTP though they do not prove who they are.</summary>
/// <remarks>
/// MS-WSMV, "TrustedHosts": names and addresses with commas between; <c>*</c> stands for any characters, <c>&lt;local&gt;</c> for names without a dot;
/// IPv6 addresses stand in brackets. This machine itself needs no entry, nor does anyone over TLS or by Kerberos: they prove themselves.
/// </remarks>
public sealed class TrustedHosts
{
    private const int MaxPatterns = 1000;
    private const int MaxLength = 255;
    private const string Local = "<local>";

    private readonly string[] _patterns;

    private TrustedHosts(string[] patterns) => _patterns = patterns;

    /// <summary>Nobody.</summary>
    public static TrustedHosts None { get; } = new([]);

    /// <summary>Reads a list.</summary>
    /// <exception cref="FormatException">An entry cannot be the name or the address of a host.</exception>
    public static TrustedHosts Parse(string list)
    {
        var patterns = list.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
        return patterns.Length > MaxPatterns ? throw new FormatException($"There are more than {MaxPatterns} trusted hosts.")
            : Array.Find(patterns, p => !IsPattern(p)) is { } wrong ? throw new FormatException($"'{wrong}' is neither a host, nor one with '*' in it, nor {Local}.")
            : new TrustedHosts(patterns);
    }

    /// <summary>True when the host of <paramref name="address"/> is on the list.</summary>
    public bool Holds(Uri address) => Array.Exists(_patterns, p => p.Equals(Local, StringComparison.OrdinalIgnoreCase) ? IsLocal(address) : Fits(p, address.Host));

    /// <inheritdoc/>
    public override string ToString() => string.Join(',', _patterns);

    // A name without a dot is one of the own network; a number never is.
    private static bool IsLocal(Uri address) => address.HostNameType == UriHostNameType.Dns && !address.Host.Contains('.', StringComparison.Ordinal);

    private static bool IsPattern(string text) =>
        text.Equals(Local, StringComparison.OrdinalIgnoreCase)
        || (text.Length <= MaxLength && (text[0] == '[') == (text[^1] == ']') && text.All(c => char.IsLetterOrDigit(c) || c is '.' or '-' or '_' or '*' || (text[0] == '[' && c is '[' or ']' or ':' or '%')));

    // The star backs up to where it stood last, so that no pattern costs more than length times length.
    private static bool Fits(string pattern, string host)
    {
        var (p, h, star, retry) = (0, 0, -1, 0);
        while (h < host.Length)
        {
            if (p < pattern.Length && pattern[p] == '*')
            {
                (star, retry) = (p++, h);
            }
            else if (p < pattern.Length && char.ToUpperInvariant(pattern[p]) == char.ToUpperInvariant(host[h]))
            {
                (p, h) = (p + 1, h + 1);
            }
            else if (star >= 0)
            {
                (p, h) = (star + 1, ++retry);
            }
            else
            {
                return false;
            }
        }

        return pattern.AsSpan(p).IndexOfAnyExcept('*') < 0;
    }
}
