namespace Farwire.Client.Connection;

/// <summary>How the client proves who it is.</summary>
/// <remarks>MS-WSMV, "Authentication"; the values of <c>winrm -authentication</c>.</remarks>
public enum AuthenticationMethod
{
    /// <summary>Not at all: for identify alone.</summary>
    None,

    /// <summary>User and password with every request; whoever reads the connection has them.</summary>
    Basic,

    /// <summary>A hash of user and password with every request; messages are not sealed.</summary>
    Digest,

    /// <summary>Kerberos where it can be had, else NTLM; messages are sealed.</summary>
    Negotiate,

    /// <summary>Tickets of a domain; messages are sealed, and the service proves itself too.</summary>
    Kerberos,

    /// <summary>The password goes to the service, under TLS, for it to go on to others; messages are sealed.</summary>
    CredSsp,

    /// <summary>A certificate of the client's, in TLS.</summary>
    Certificate,
}
