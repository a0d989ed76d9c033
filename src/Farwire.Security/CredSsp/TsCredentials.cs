using System.Formats.Asn1;
using System.Security.Cryptography;
using System.Text;

namespace Farwire.Security.CredSsp;

/// <summary>A user and the password, as they travel under two layers of encryption.</summary>
/// <remarks>MS-CSSP, "TSCredentials" and "TSPasswordCreds". Smart cards are not taken.</remarks>
internal sealed record TsCredentials(string Domain, string User, string Password)
{
    private const int PasswordKind = 1;

    // SEQUENCE { [0] credType 1, [1] OCTET STRING of SEQUENCE { [0] domain, [1] user, [2] password: OCTET STRING of UTF-16 } }
    public static TsCredentials Read(ReadOnlyMemory<byte> bytes)
    {
        try
        {
            var fields = new AsnReader(bytes, AsnEncodingRules.BER).ReadSequence();
            if (!TaggedFields.Next(fields, out _).TryReadInt32(out var kind) || kind != PasswordKind)
            {
                throw new SecurityTokenException("CredSSP delegates something else than a password.");
            }

            var inner = TaggedFields.Next(fields, out _).ReadOctetString();
            var password = new AsnReader(inner, AsnEncodingRules.BER).ReadSequence();
            var credentials = new TsCredentials(Text(password), Text(password), Text(password));
            CryptographicOperations.ZeroMemory(inner);
            return credentials;
        }
        catch (AsnContentException e)
        {
            throw new SecurityTokenException("The credentials of CredSSP are not well formed.", e);
        }
    }

    public byte[] ToBytes()
    {
        var password = new AsnWriter(AsnEncodingRules.DER);
        using (password.PushSequence())
        {
            TaggedFields.WriteOctets(password, 0, Encoding.Unicode.GetBytes(Domain));
            TaggedFields.WriteOctets(password, 1, Encoding.Unicode.GetBytes(User));
            TaggedFields.WriteOctets(password, 2, Encoding.Unicode.GetBytes(Password));
        }

        var writer = new AsnWriter(AsnEncodingRules.DER);
        using (writer.PushSequence())
        {
            using (writer.PushSequence(TaggedFields.Tag(0)))
            {
                writer.WriteInteger(PasswordKind);
            }

            TaggedFields.WriteOctets(writer, 1, password.Encode());
        }

        return writer.Encode();
    }

    /// <inheritdoc/>
    public override string ToString() => $"{Domain}\\{User}"; // never the password

    private static string Text(AsnReader fields) => Encoding.Unicode.GetString(TaggedFields.Next(fields, out _).ReadOctetString());
}
