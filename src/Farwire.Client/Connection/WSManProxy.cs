using System.Net;

namespace Farwire.Client.Connection;

/// <summary>How to find the proxy on the way to a service.</summary>
/// <remarks>The values of <c>winrm -proxyaccess</c>.</remarks>
public enum ProxyAccess
{
    /// <summary>What the system says: HTTPS_PROXY, HTTP_PROXY and NO_PROXY on Unix.</summary>
    System,

    /// <summary>No proxy, whatever the system says.</summary>
    None,

    /// <summary>The one given.</summary>
    Explicit,
}

/// <summary>How to prove oneself to a proxy.</summary>
public enum ProxyAuthentication
{
    /// <summary>Not at all.</summary>
    None,

    /// <summary>User and password, readable on the way to the proxy.</summary>
    Basic,

    /// <summary>A hash of user and password.</summary>
    Digest,

    /// <summary>Kerberos where it can be had, else NTLM.</summary>
    Negotiate,
}

/// <summary>The proxy between client and service, and who to be there: its users are not the service's.</summary>
public sealed record WSManProxy
{
    /// <summary>The system's.</summary>
    public static WSManProxy System { get; } = new();

    /// <summary>None.</summary>
    public static WSManProxy None { get; } = new() { Access = ProxyAccess.None };

    /// <summary>How to find it.</summary>
    public ProxyAccess Access { get; init; }

    /// <summary>Its address with <see cref="ProxyAccess.Explicit"/>, such as <c>http://proxy:3128</c>.</summary>
    public Uri? Address { get; init; }

    /// <summary>How to prove oneself there.</summary>
    public ProxyAuthentication Authentication { get; init; }

    /// <summary>The user there; null with Negotiate takes the Kerberos tickets at hand.</summary>
    public string? User { get; init; }

    /// <summary>The password there.</summary>
    public string? Password { get; init; }

    /// <summary>The proxy for <paramref name="address"/>; null goes without.</summary>
    internal Uri? For(Uri address) => Access switch
    {
        ProxyAccess.None => null,
        ProxyAccess.Explicit => Address,
        _ => HttpClient.DefaultProxy.IsBypassed(address) ? null : HttpClient.DefaultProxy.GetProxy(address),
    };

    /// <summary>What the HTTP stack asks; null goes without a proxy.</summary>
    /// <exception cref="WSManTransportException">The proxy wants a proof that everyone on the way to the service could repeat.</exception>
    internal WebProxy? For(Uri address, out Uri? found)
    {
        found = For(address);
        if (Authentication != ProxyAuthentication.None && address.Scheme != Uri.UriSchemeHttps)
        {
            throw new WSManTransportException(
                TransportFailure.Proxy,
                $"Authentication at a proxy goes with https, and {address} is plain HTTP.",
                "Use an https address: the proxy then only opens a way, and the connection behind it stays yours.")
            {
                Code = ClientErrors.ProxySettingsOverHttp,
            };
        }

        if (found is null)
        {
            return null;
        }

        // HTTPS_PROXY may name a user; over HTTP that would be a proof for everyone to repeat.
        var proxy = new WebProxy(found) { Credentials = Access == ProxyAccess.System && address.Scheme == Uri.UriSchemeHttps ? HttpClient.DefaultProxy.Credentials : null };
        if (Authentication != ProxyAuthentication.None)
        {
            // One scheme alone: what the proxy asks beside it must not lure the password out.
            var credential = User is null ? CredentialCache.DefaultNetworkCredentials : new NetworkCredential(User, Password);
            proxy.Credentials = new CredentialCache { { found, Authentication.ToString(), credential } };
        }

        return proxy;
    }

    /// <inheritdoc/>
    public override string ToString() => Access == ProxyAccess.Explicit ? $"{Address}" : Access.ToString(); // never the password
}
