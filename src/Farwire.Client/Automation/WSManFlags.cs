using System.Diagnostics.CodeAnalysis;

namespace Farwire.Client.Automation;

/// <content>The flags: methods of the object, because a script has no other way to constants.</content>
[SuppressMessage("Performance", "CA1822", Justification = "Scripts ask the object for them.")]
public sealed partial class WSMan
{
    /// <summary>0x1: requests in UTF-8, which is how they are written anyway.</summary>
    public int SessionFlagUTF8() => (int)SessionFlags.Utf8;

    /// <summary>0x800000: requests in UTF-16.</summary>
    public int SessionFlagUTF16() => (int)SessionFlags.Utf16;

    /// <summary>0x1000: user and password of the <see cref="ConnectionOptions"/>; what is missing there is asked for at the first operation.</summary>
    public int SessionFlagCredUsernamePassword() => (int)SessionFlags.CredUserNamePassword;

    /// <summary>0x2000: over HTTPS, takes a certificate of any issuer.</summary>
    public int SessionFlagSkipCACheck() => (int)SessionFlags.SkipCACheck;

    /// <summary>0x4000: over HTTPS, takes a certificate made for another name.</summary>
    public int SessionFlagSkipCNCheck() => (int)SessionFlags.SkipCNCheck;

    /// <summary>0x2000000: over HTTPS, does not ask whether the certificate was revoked.</summary>
    public int SessionFlagSkipRevocationCheck() => (int)SessionFlags.SkipRevocationCheck;

    /// <summary>0x8000: without a user, for <see cref="Session.Identify"/>; goes with no other flag.</summary>
    public int SessionFlagUseNoAuthentication() => (int)SessionFlags.UseNoAuthentication;

    /// <summary>0x10000: Digest.</summary>
    public int SessionFlagUseDigest() => (int)SessionFlags.UseDigest;

    /// <summary>0x20000: Negotiate, which is Kerberos where it can be had and else NTLM.</summary>
    public int SessionFlagUseNegotiate() => (int)SessionFlags.UseNegotiate;

    /// <summary>0x40000: Basic.</summary>
    public int SessionFlagUseBasic() => (int)SessionFlags.UseBasic;

    /// <summary>0x80000: Kerberos.</summary>
    public int SessionFlagUseKerberos() => (int)SessionFlags.UseKerberos;

    /// <summary>0x200000: the client certificate of <see cref="ConnectionOptions.CertificateThumbprint"/>.</summary>
    public int SessionFlagUseClientCertificate() => (int)SessionFlags.UseClientCertificate;

    /// <summary>0x1000000: CredSSP, which hands the password on; only to hosts in <see cref="AutomationSettings.DelegateTo"/>.</summary>
    public int SessionFlagUseCredSsp() => (int)SessionFlags.UseCredSsp;

    /// <summary>0x4000000: the tickets of whoever runs the program, with Negotiate over HTTPS.</summary>
    public int SessionFlagAllowNegotiateImplicitCredentials() => (int)SessionFlags.AllowNegotiateImplicitCredentials;

    /// <summary>0x100000: messages may be readable on the way, where <see cref="AutomationSettings.AllowUnencrypted"/> does not forbid it.</summary>
    public int SessionFlagNoEncryption() => (int)SessionFlags.NoEncryption;

    /// <summary>0x400000: the port is part of the service's name, as with a management controller behind the computer's own address.</summary>
    public int SessionFlagEnableSPNServerPort() => (int)SessionFlags.EnableSpnServerPort;

    /// <summary>0x8000000: a bare host is meant over HTTPS.</summary>
    public int SessionFlagUseSsl() => (int)SessionFlags.UseSsl;

    /// <summary>0x1: the filter is text though it begins as XML does.</summary>
    public int EnumerationFlagNonXmlText() => (int)EnumerationFlags.NonXmlText;

    /// <summary>0: items are representations.</summary>
    public int EnumerationFlagReturnObject() => (int)EnumerationFlags.ReturnObject;

    /// <summary>0x2: items are references.</summary>
    public int EnumerationFlagReturnEPR() => (int)EnumerationFlags.ReturnEpr;

    /// <summary>0x4: items are both, in one <c>wsman:Item</c>.</summary>
    public int EnumerationFlagReturnObjectAndEPR() => (int)EnumerationFlags.ReturnObjectAndEpr;

    /// <summary>0: derived instances come with all their properties.</summary>
    public int EnumerationFlagHierarchyDeep() => 0;

    /// <summary>0x20: instances of exactly the class asked for.</summary>
    public int EnumerationFlagHierarchyShallow() => (int)EnumerationFlags.HierarchyShallow;

    /// <summary>0x40: derived instances come with the properties of the class asked for.</summary>
    public int EnumerationFlagHierarchyDeepBasePropsOnly() => (int)EnumerationFlags.HierarchyDeepBasePropsOnly;

    /// <summary>0: an association query gives the instances that associations lead to.</summary>
    public int EnumerationFlagAssociatedInstance() => 0;

    /// <summary>0x80: an association query gives the associations themselves.</summary>
    public int EnumerationFlagAssociationInstance() => (int)EnumerationFlags.AssociationInstance;
}
