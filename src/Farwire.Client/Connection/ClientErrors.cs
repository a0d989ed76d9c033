namespace Farwire.Client.Connection;

/// <summary>The numbers that Windows' own client gives for what it refuses itself.</summary>
/// <remarks>MS-WSMV, "WSMAN error codes"; names as there.</remarks>
internal static class ClientErrors
{
    public const uint BasicDisabled = 0x803380DF;
    public const uint DigestDisabled = 0x803380E0;
    public const uint NegotiateDisabled = 0x803380E1;
    public const uint KerberosDisabled = 0x803380E2;
    public const uint CertificatesDisabled = 0x803380E3;
    public const uint ServerNotTrusted = 0x803380E4;
    public const uint ExplicitCredentialsRequired = 0x803380E5;
    public const uint KerberosByAddress = 0x8033810B;
    public const uint RedirectRequested = 0x80338199;
    public const uint CredSspDisabled = 0x803381A2;
    public const uint RedirectLocationNotAvailable = 0x803381AA;
    public const uint ProxySettingsOverHttp = 0x803381B1;
    public const uint DefaultAuthenticationByAddress = 0x803381BB;
}
