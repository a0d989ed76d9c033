namespace Farwire.Client.Automation;

/// <summary>How a session connects.</summary>
/// <remarks>WinRM documentation, "Session Constants": <c>__WSManSessionFlags</c>.</remarks>
[Flags]
internal enum SessionFlags
{
    None = 0,
    Utf8 = 0x1,
    CredUserNamePassword = 0x1000,
    SkipCACheck = 0x2000,
    SkipCNCheck = 0x4000,
    UseNoAuthentication = 0x8000,
    UseDigest = 0x10000,
    UseNegotiate = 0x20000,
    UseBasic = 0x40000,
    UseKerberos = 0x80000,
    NoEncryption = 0x100000,
    UseClientCertificate = 0x200000,
    EnableSpnServerPort = 0x400000,
    Utf16 = 0x800000,
    UseCredSsp = 0x1000000,
    SkipRevocationCheck = 0x2000000,
    AllowNegotiateImplicitCredentials = 0x4000000,
    UseSsl = 0x8000000,

    Encodings = Utf8 | Utf16,
    Methods = UseNoAuthentication | UseDigest | UseNegotiate | UseBasic | UseKerberos | UseClientCertificate | UseCredSsp,
    All = Encodings | Methods | CredUserNamePassword | SkipCACheck | SkipCNCheck | NoEncryption | EnableSpnServerPort | SkipRevocationCheck
        | AllowNegotiateImplicitCredentials | UseSsl,
}

/// <summary>What an enumeration gives.</summary>
/// <remarks>WinRM documentation, "Enumeration Constants": <c>__WSManEnumFlags</c>. Three names share the value 0.</remarks>
[Flags]
internal enum EnumerationFlags
{
    ReturnObject = 0,
    NonXmlText = 0x1,
    ReturnEpr = 0x2,
    ReturnObjectAndEpr = 0x4,
    HierarchyShallow = 0x20,
    HierarchyDeepBasePropsOnly = 0x40,
    AssociationInstance = 0x80,

    All = NonXmlText | ReturnEpr | ReturnObjectAndEpr | HierarchyShallow | HierarchyDeepBasePropsOnly | AssociationInstance,
}
