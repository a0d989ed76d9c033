using System.Globalization;

namespace Farwire.Source.Policy;

/// <summary>One collector that this machine serves, as the policy line says it.</summary>
/// <param name="Server">Where the collector hands out its subscriptions; the path is free, and collectors may choose by it.</param>
/// <remarks>Windows policy "Configure target Subscription Manager". Names are not case-sensitive; blanks around parts do not count.</remarks>
public sealed record CollectorPolicy(Uri Server)
{
    /// <summary>The longest line that is read.</summary>
    public const int MaxCharacters = 4096;

    /// <summary>Time between two questions for subscriptions.</summary>
    public TimeSpan Refresh { get; init; } = TimeSpan.FromMinutes(15);

    /// <summary>SHA-1 of the authority that issued the certificate to show, in upper-case hex; null shows none.</summary>
    public string? IssuerCA { get; init; }

    // Server=http[s]://HOST:PORT/PATH[,Refresh=SECONDS][,IssuerCA=SHA1HEX]

    /// <summary>Reads a line.</summary>
    /// <exception cref="FormatException">It is none; the message says why.</exception>
    public static CollectorPolicy Parse(string line)
    {
        if (line.Length > MaxCharacters)
        {
            throw new FormatException($"a policy line has at most {MaxCharacters} characters.");
        }

        Uri? server = null;
        TimeSpan? refresh = null;
        string? issuer = null;
        foreach (var part in line.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))
        {
            var equals = part.IndexOf('=', StringComparison.Ordinal);
            var (name, value) = equals < 0 ? (part, "") : (part[..equals].TrimEnd(), part[(equals + 1)..].TrimStart());
            switch (name.ToUpperInvariant())
            {
                case "SERVER": server = Once(server, name) ?? ServerOf(value); break;
                case "REFRESH": refresh = Once(refresh, name) ?? RefreshOf(value); break;
                case "ISSUERCA": issuer = Once(issuer, name) ?? ThumbprintOf(value); break;
                default: throw new FormatException($"'{name}' is no part of a policy line: it has Server, Refresh and IssuerCA.");
            }
        }

        if (server is null)
        {
            throw new FormatException("a policy line names its collector: Server=https://HOST:5986/wsman/SubscriptionManager/WEC");
        }

        var policy = new CollectorPolicy(server) { IssuerCA = issuer };
        return issuer is not null && server.Scheme != Uri.UriSchemeHttps
            ? throw new FormatException("IssuerCA chooses a certificate, and plain http shows none: write Server=https://…")
            : refresh is { } seconds ? policy with { Refresh = seconds } : policy;
    }

    /// <summary>The line.</summary>
    public override string ToString() => string.Create(
        CultureInfo.InvariantCulture, $"Server={Server},Refresh={(long)Refresh.TotalSeconds}{(IssuerCA is null ? "" : $",IssuerCA={IssuerCA}")}");

    private static T? Once<T>(T? before, string name) => before is null ? before : throw new FormatException($"'{name}' stands twice in the line.");

    private static Uri ServerOf(string value) =>
        !Uri.TryCreate(value, UriKind.Absolute, out var server) || server.Scheme is not ("http" or "https") || server.Host.Length == 0
            ? throw new FormatException($"Server is an http or https address, not '{value}'.")
        : server.UserInfo.Length > 0 ? throw new FormatException("Server holds no user and no password: those stand in the source's own file.")
        : server;

    // A second at least: less would be a storm of questions.
    private static TimeSpan RefreshOf(string value) =>
        int.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out var seconds) && seconds > 0
            ? TimeSpan.FromSeconds(seconds)
            : throw new FormatException($"Refresh is a number of seconds from 1, not '{value}'.");

    private static string ThumbprintOf(string value)
    {
        // As it is copied from the certificate's page: in pairs, with the invisible mark in front.
        var hex = string.Concat(value.Where(c => c is not (' ' or ':' or '\u200E'))).ToUpperInvariant();
        return hex.Length == 40 && hex.All(char.IsAsciiHexDigit) ? hex : throw new FormatException($"IssuerCA is the SHA-1 of a certificate in 40 hex digits, not '{value}'.");
    }
}
