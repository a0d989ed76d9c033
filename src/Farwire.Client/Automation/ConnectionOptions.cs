using System.Diagnostics.CodeAnalysis;
using Farwire.Client.Connection;

namespace Farwire.Client.Automation;

/// <summary>Who a session is, and through which proxy it goes.</summary>
/// <remarks>WinRM documentation, "ConnectionOptions"; the interfaces IWSManConnectionOptions, …Ex and …Ex2.</remarks>
[SuppressMessage("Performance", "CA1822", Justification = "Scripts ask the object for constants.")]
public sealed class ConnectionOptions
{
    private const int IEConfig = 1;
    private const int WinHttpConfig = 2;
    private const int AutoDetect = 4;
    private const int NoProxyServer = 8;

    /// <summary>The user: <c>name</c>, <c>domain\name</c> or <c>name@domain</c>.</summary>
    public string UserName { get; set; } = "";

    /// <summary>The password. It can be set and never be read.</summary>
    [SuppressMessage("Design", "CA1044", Justification = "Nobody reads a password back.")]
    public string Password
    {
        set => Secret = value;
    }

    /// <summary>The SHA-1 of a client certificate in the machine's or the user's store, in hexadecimal; blanks may stand in it.</summary>
    public string CertificateThumbprint { get; set; } = "";

    internal string Secret { get; private set; } = "";

    internal WSManProxy Proxy { get; private set; } = WSManProxy.System;

    /// <summary>Says how to find the proxy, and who to be there. Authentication at a proxy goes with https.</summary>
    /// <param name="accessType">One of <c>Proxy…Config</c>, <c>ProxyAutoDetect</c>, <c>ProxyNoProxyServer</c>; on Unix the first three are HTTPS_PROXY and NO_PROXY.</param>
    /// <param name="authenticationMechanism">One of <c>ProxyAuthenticationUse…</c>, or 0 for none.</param>
    /// <param name="userName">The user at the proxy; empty with Negotiate takes the tickets at hand.</param>
    /// <param name="password">The password there.</param>
    /// <exception cref="ArgumentException">A number is none of these, or they contradict each other.</exception>
    public void SetProxy(int accessType, int authenticationMechanism = 0, string userName = "", string password = "")
    {
        if (accessType is not (IEConfig or WinHttpConfig or AutoDetect or NoProxyServer))
        {
            throw new ArgumentException($"{accessType} is no way to find a proxy: 1, 2, 4 and 8 are.", nameof(accessType));
        }

        if (!Enum.IsDefined((Mechanism)authenticationMechanism))
        {
            throw new ArgumentException($"{authenticationMechanism} is no way to prove oneself to a proxy: 0, 1, 2 and 4 are.", nameof(authenticationMechanism));
        }

        if (accessType == NoProxyServer && (authenticationMechanism != 0 || userName.Length > 0))
        {
            throw new ArgumentException("Without a proxy there is nobody to prove anything to.", nameof(authenticationMechanism));
        }

        if (authenticationMechanism == 0 && userName.Length > 0)
        {
            throw new ArgumentException("A user at the proxy goes with a way to prove it.", nameof(userName));
        }

        Proxy = new WSManProxy
        {
            Access = accessType == NoProxyServer ? ProxyAccess.None : ProxyAccess.System,
            Authentication = (Mechanism)authenticationMechanism switch
            {
                Mechanism.Negotiate => ProxyAuthentication.Negotiate,
                Mechanism.Basic => ProxyAuthentication.Basic,
                Mechanism.Digest => ProxyAuthentication.Digest,
                _ => ProxyAuthentication.None,
            },
            User = userName.Length > 0 ? userName : null,
            Password = userName.Length > 0 ? password : null,
        };
    }

    /// <summary>1: the browser's settings; on Unix HTTPS_PROXY and NO_PROXY.</summary>
    public int ProxyIEConfig() => IEConfig;

    /// <summary>2: the system's settings; on Unix HTTPS_PROXY and NO_PROXY.</summary>
    public int ProxyWinHttpConfig() => WinHttpConfig;

    /// <summary>4: looked for in the network; on Unix HTTPS_PROXY and NO_PROXY.</summary>
    public int ProxyAutoDetect() => AutoDetect;

    /// <summary>8: no proxy, whatever the system says.</summary>
    public int ProxyNoProxyServer() => NoProxyServer;

    /// <summary>1: Negotiate at the proxy.</summary>
    public int ProxyAuthenticationUseNegotiate() => (int)Mechanism.Negotiate;

    /// <summary>2: Basic at the proxy.</summary>
    public int ProxyAuthenticationUseBasic() => (int)Mechanism.Basic;

    /// <summary>4: Digest at the proxy.</summary>
    public int ProxyAuthenticationUseDigest() => (int)Mechanism.Digest;

    /// <summary>As it is now: what is changed later does not reach sessions that were made from it.</summary>
    internal ConnectionOptions Copy() => (ConnectionOptions)MemberwiseClone();

    private enum Mechanism
    {
        None = 0,
        Negotiate = 1,
        Basic = 2,
        Digest = 4,
    }
}
