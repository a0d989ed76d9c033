namespace Farwire.Security.Sealing;

/// <summary>The names of sealed messages.</summary>
/// <remarks>MS-WSMV, "Encrypted message types".</remarks>
public static class SealedProtocol
{
    /// <summary>Sealed by what Negotiate agreed on.</summary>
    public const string Negotiate = "application/HTTP-SPNEGO-session-encrypted";

    /// <summary>Sealed by Kerberos.</summary>
    public const string Kerberos = "application/HTTP-Kerberos-session-encrypted";

    /// <summary>Sealed by the TLS inside of CredSSP.</summary>
    public const string CredSsp = "application/HTTP-CredSSP-session-encrypted";
}
