using Farwire.Client.Connection;
using Farwire.CommandLine.Grammar;

namespace Farwire.CommandLine.Connection;

/// <summary>From the switches about a proxy to one: <c>-proxyaccess</c>, <c>-proxyauthentication</c>, <c>-proxyusername</c>, <c>-proxypassword</c>, and our <c>--proxy URL</c>.</summary>
internal static class ProxySwitches
{
    /// <summary>There is a proxy on the way to <paramref name="host"/>.</summary>
    public static bool Finds(Switches switches, string host) => switches.Has("--proxy")
        || (!"no_proxy".Equals(switches["proxyaccess"], StringComparison.OrdinalIgnoreCase)
            && Uri.TryCreate($"https://{host}/", UriKind.Absolute, out var address)
            && !HttpClient.DefaultProxy.IsBypassed(address) && HttpClient.DefaultProxy.GetProxy(address) is { } proxy && proxy != address);

    public static WSManProxy Read(Switches switches, Terminal terminal)
    {
        var access = switches["proxyaccess"]?.ToUpperInvariant() switch
        {
            null => switches.Has("--proxy") ? ProxyAccess.Explicit : ProxyAccess.System,
            "NO_PROXY" => ProxyAccess.None,

            // Where Windows has three places to look, other systems have one: the environment.
            "IE_SETTINGS" or "WINHTTP_SETTINGS" or "AUTO_DETECT" => ProxyAccess.System,
            var other => throw new UsageException($"-proxyaccess:{other} is none of ie_settings, winhttp_settings, auto_detect and no_proxy."),
        };
        if (switches.Has("--proxy") && access != ProxyAccess.Explicit)
        {
            throw new UsageException("--proxy names the proxy; leave out -proxyaccess.");
        }

        var method = switches["proxyauthentication"]?.ToUpperInvariant() switch
        {
            null => ProxyAuthentication.None,
            "BASIC" => ProxyAuthentication.Basic,
            "DIGEST" => ProxyAuthentication.Digest,
            "NEGOTIATE" => ProxyAuthentication.Negotiate,
            var other => throw new UsageException($"-proxyauthentication:{other} is none of basic, digest and negotiate."),
        };
        var user = switches["proxyusername"];
        if (method == ProxyAuthentication.None && (user is not null || switches.Has("proxypassword")))
        {
            throw new UsageException("-proxyusername and -proxypassword need -proxyauthentication.");
        }

        if (method != ProxyAuthentication.None && (access == ProxyAccess.None || (access == ProxyAccess.System && !switches.Has("proxyaccess"))))
        {
            throw new UsageException("-proxyauthentication needs -proxyaccess or --proxy.");
        }

        if (method is ProxyAuthentication.Basic or ProxyAuthentication.Digest && user is null)
        {
            throw new UsageException($"-proxyauthentication:{switches["proxyauthentication"]} needs -proxyusername.");
        }

        return new WSManProxy
        {
            Access = access,
            Address = switches["--proxy"] is { } url ? Address(url) : null,
            Authentication = method,
            User = user,
            Password = user is null ? null : Passwords.FindForProxy(switches, terminal, user),
        };
    }

    private static Uri Address(string url) => Uri.TryCreate(url, UriKind.Absolute, out var address) && address.Scheme is "http" or "https" or "socks5" && address.UserInfo.Length == 0
        ? address
        : throw new UsageException($"--proxy {url} is not of the form http://HOST:PORT or socks5://HOST:PORT.");
}
