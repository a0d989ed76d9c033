using System.Net;
using System.Text.RegularExpressions;
using Farwire.Service.Access;

namespace Farwire.Service.Configuration;

/// <summary>The forms that texts of the configuration must have. Each check answers what is wrong, or null.</summary>
internal static partial class SettingChecks
{
    public static string? Required(string text) => text.Length > 0 ? null : "a value is required.";

    public static string? Sddl(string text)
    {
        try
        {
            SecurityDescriptor.Parse(text);
            return null;
        }
        catch (SddlException e)
        {
            return e.Message;
        }
    }

    public static Func<string, string?> OneOf(params string[] choices) => text =>
        choices.Contains(text) ? null : $"'{text}' is none of {string.Join(", ", choices)}.";

    public static string? UrlPrefix(string text) =>
        Prefix().IsMatch(text) ? null : $"'{text}' may have letters, digits, '_', '-' and '/', with no '/' at its ends.";

    public static string? Filter4(string text) => IpFilter.TryParse(text, isV6: false, out _) ? null : $"'{text}' is not '*', empty, or ranges of IPv4 addresses such as 10.0.0.1-10.0.0.99.";

    public static string? Filter6(string text) => IpFilter.TryParse(text, isV6: true, out _) ? null : $"'{text}' is not '*', empty, or ranges of IPv6 addresses such as fe80::1-fe80::ff.";

    public static string? ListenerAddress(string text) =>
        text == "*"
        || (text.StartsWith("IP:", StringComparison.OrdinalIgnoreCase) && IPAddress.TryParse(text[3..].Trim('[', ']'), out _))
        || (text.StartsWith("MAC:", StringComparison.OrdinalIgnoreCase) && Mac().IsMatch(text[4..]))
            ? null
            : $"'{text}' is not '*', IP:address or MAC:aa-bb-cc-dd-ee-ff.";

    public static string? HostName(string text) =>
        text.Length == 0 || IPAddress.TryParse(text.Trim('[', ']'), out _) || (text.Length <= 253 && Name().IsMatch(text))
            ? null
            : $"'{text}' is not a host name, an address or a wildcard such as *.example.com.";

    public static string? File(string text) => text.Length == 0 || text.StartsWith('/') ? null : $"'{text}' is not the whole path of a file, such as /etc/farwire/http.keytab.";

    public static string? Thumbprint(string text) => text.Length == 0 ? null : RequiredThumbprint(text);

    public static string? RequiredThumbprint(string text) =>
        Hex().IsMatch(text.Replace(" ", "", StringComparison.Ordinal)) ? null : $"'{text}' is not a thumbprint: 40 (SHA-1) or 64 (SHA-256) hexadecimal digits.";

    public static string? TrustedHosts(string text)
    {
        foreach (var host in text.Split(',', StringSplitOptions.TrimEntries))
        {
            if (!(text.Length == 0 || host is "*" or "<local>" || IPAddress.TryParse(host.Trim('[', ']'), out _) || Pattern().IsMatch(host)))
            {
                return $"'{host}' is not a host name, an address, '*' or '<local>'; several are separated by commas.";
            }
        }

        return null;
    }

    public static string? PrefixUri(string text) =>
        text.Length > 0 && (text == "*" || Uri.IsWellFormedUriString(text.TrimEnd('*'), UriKind.Absolute)) && !text.TrimEnd('*').Contains('*', StringComparison.Ordinal)
            ? null
            : $"'{text}' is not a resource URI, which may end in '*'.";

    public static string? Subject(string text)
    {
        var star = text.IndexOf('*', StringComparison.Ordinal);
        return text.Length > 0 && (star < 0 || ((star == 0 || star == text.Length - 1) && star == text.LastIndexOf('*')))
            ? null
            : $"'{text}' is not a name; '*' may stand once, at its beginning or its end.";
    }

    public static string? ShellUri(string text) =>
        Uri.IsWellFormedUriString(text, UriKind.Absolute) && !text.Contains('?', StringComparison.Ordinal) ? null : $"'{text}' is not an absolute URI.";

    [GeneratedRegex(@"^[A-Za-z0-9_\-]+(/[A-Za-z0-9_\-]+)*\z", RegexOptions.CultureInvariant)]
    private static partial Regex Prefix();

    [GeneratedRegex(@"^[0-9A-Fa-f]{2}(-[0-9A-Fa-f]{2}){5}\z", RegexOptions.CultureInvariant)]
    private static partial Regex Mac();

    [GeneratedRegex(@"^(\*\.)?[A-Za-z0-9_]([A-Za-z0-9_\-]{0,62})(\.[A-Za-z0-9_][A-Za-z0-9_\-]{0,62})*\z", RegexOptions.CultureInvariant)]
    private static partial Regex Name();

    [GeneratedRegex(@"^[A-Za-z0-9_\-.*]+\z", RegexOptions.CultureInvariant)]
    private static partial Regex Pattern();

    [GeneratedRegex(@"^([0-9A-Fa-f]{40}|[0-9A-Fa-f]{64})\z", RegexOptions.CultureInvariant)]
    private static partial Regex Hex();
}
