namespace Farwire.Client.Connection;

/// <summary>Where the way to the service broke.</summary>
public enum TransportFailure
{
    /// <summary>The name of the host leads nowhere.</summary>
    NameResolution,

    /// <summary>Nobody listens there, or a firewall is in the way.</summary>
    Connect,

    /// <summary>The other side does not speak TLS, or not as we do.</summary>
    Tls,

    /// <summary>The certificate is not trusted.</summary>
    Certificate,

    /// <summary>The certificate is not the pinned one.</summary>
    CertificatePin,

    /// <summary>The service does not believe who we are.</summary>
    Authentication,

    /// <summary>Clear text is not allowed on this side.</summary>
    ClearText,

    /// <summary>The service would prove nothing about itself, and is not among the trusted hosts.</summary>
    NotTrusted,

    /// <summary>The proxy on the way does not let us through.</summary>
    Proxy,

    /// <summary>The service is elsewhere, and says where. Nobody goes there unasked.</summary>
    Redirected,

    /// <summary>An HTTP status without a SOAP answer.</summary>
    HttpStatus,

    /// <summary>The answer is not a SOAP envelope.</summary>
    NotSoap,

    /// <summary>The answer is larger than allowed.</summary>
    ReplyTooLarge,

    /// <summary>The connection ended in the middle.</summary>
    ConnectionLost,

    /// <summary>No answer in time.</summary>
    TimedOut,
}
