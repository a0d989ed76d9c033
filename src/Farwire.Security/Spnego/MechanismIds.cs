using System.Formats.Asn1;

namespace Farwire.Security.Spnego;

/// <summary>The object identifiers of mechanisms, and what a token says it is.</summary>
/// <remarks>RFC 4178; RFC 4121; MS-SPNG; MS-NLMP.</remarks>
public static class MechanismIds
{
    /// <summary>SPNEGO itself.</summary>
    public const string Spnego = "1.3.6.1.5.5.2";

    /// <summary>Kerberos.</summary>
    public const string Kerberos = "1.2.840.113554.1.2.2";

    /// <summary>Kerberos again, as Windows 2000 mistyped it; its successors put it first.</summary>
    public const string KerberosOfWindows = "1.2.840.48018.1.2.2";

    /// <summary>NTLM.</summary>
    public const string Ntlm = "1.3.6.1.4.1.311.2.2.10";

    /// <summary>The mechanism that a first token is framed for (RFC 2743, "Mechanism-independent token format"); empty when it is not.</summary>
    public static string OfToken(ReadOnlySpan<byte> token)
    {
        try
        {
            // [APPLICATION 0] { mechanism, … }: only the beginning is looked at, for what follows is the mechanism's own.
            if (!AsnDecoder.TryReadEncodedValue(token, AsnEncodingRules.BER, out var tag, out var offset, out _, out _)
                || !tag.HasSameClassAndValue(new Asn1Tag(TagClass.Application, 0)))
            {
                return "";
            }

            return AsnDecoder.ReadObjectIdentifier(token[offset..], AsnEncodingRules.BER, out _);
        }
        catch (AsnContentException)
        {
            return "";
        }
    }
}
