using Farwire.Protocol.Xml;

namespace Farwire.Protocol.Eventing;

/// <summary>How a source proves itself when it delivers.</summary>
/// <param name="Profile">The security profile's URI.</param>
/// <param name="IssuerThumbprint">For certificates: SHA-1 of the authority that issued the client's, in hexadecimal.</param>
/// <remarks>
/// MS-WSMV, "Policy". The authentication namespace must be Microsoft's: Windows answers any other with 2150859101, and a thumbprint that is not the
/// issuer's with 2150859102.
/// </remarks>
public sealed record DeliveryPolicy(string Profile, string? IssuerThumbprint = null)
{
    internal const string PolicyNamespace = "http://schemas.xmlsoap.org/ws/2002/12/policy";
    internal const string AuthenticationNamespace = "http://schemas.microsoft.com/wbem/wsman/1/authentication";

    /// <summary>Kerberos over HTTP, sealed.</summary>
    public const string HttpKerberos = "http://schemas.dmtf.org/wbem/wsman/1/wsman/secprofile/http/spnego-kerberos";

    /// <summary>Kerberos over HTTPS.</summary>
    public const string HttpsKerberos = "http://schemas.dmtf.org/wbem/wsman/1/wsman/secprofile/https/spnego-kerberos";

    /// <summary>Client certificates over HTTPS.</summary>
    public const string HttpsMutual = "http://schemas.dmtf.org/wbem/wsman/1/wsman/secprofile/https/mutual";

    /// <summary>Basic, over <paramref name="scheme"/>.</summary>
    public static DeliveryPolicy Basic(string scheme) => new($"http://schemas.dmtf.org/wbem/wsman/1/wsman/secprofile/{scheme}/basic");

    // <c:Policy><c:ExactlyOne><c:All>
    //   <auth:Authentication Profile="">
    //     <auth:ClientCertificate><auth:Thumbprint Role="issuer"/></auth:ClientCertificate>?
    //   </auth:Authentication>
    // </c:All></c:ExactlyOne></c:Policy>

    internal static DeliveryPolicy Read(BodyReader body)
    {
        var policy = new DeliveryPolicy("");
        void Walk()
        {
            body.Enter();
            while (body.NextChild())
            {
                if (body.Is("Thumbprint", AuthenticationNamespace))
                {
                    policy = policy with { IssuerThumbprint = body.ReadText() };
                    continue;
                }

                if (body.Is("Authentication", AuthenticationNamespace) && policy.Profile.Length == 0)
                {
                    policy = policy with { Profile = body.Attribute("Profile")?.Trim() ?? "" };
                }

                Walk(); // the reader's depth is bounded, and with it this
            }
        }

        Walk();
        return policy;
    }

    internal void Write(XmlUtf8Writer xml)
    {
        xml.Start("c:Policy"u8);
        xml.Attribute("xmlns:c"u8, PolicyNamespace);
        xml.Attribute("xmlns:auth"u8, AuthenticationNamespace);
        xml.Start("c:ExactlyOne"u8);
        xml.Start("c:All"u8);
        xml.Start("auth:Authentication"u8);
        xml.Attribute("Profile"u8, Profile);
        if (IssuerThumbprint is not null)
        {
            xml.Start("auth:ClientCertificate"u8);
            xml.Start("auth:Thumbprint"u8);
            xml.Attribute("Role"u8, "issuer"u8);
            xml.Text(IssuerThumbprint);
            xml.End("auth:Thumbprint"u8);
            xml.End("auth:ClientCertificate"u8);
        }

        xml.End("auth:Authentication"u8);
        xml.End("c:All"u8);
        xml.End("c:ExactlyOne"u8);
        xml.End("c:Policy"u8);
    }
}
