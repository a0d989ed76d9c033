using System.Formats.Asn1;

namespace Farwire.Security.Spnego;

/// <summary>The first token: mechanisms in the order the client likes them, and the token of the first.</summary>
/// <remarks>RFC 4178, "NegTokenInit".</remarks>
internal sealed record NegTokenInit(IReadOnlyList<string> Mechanisms, ReadOnlyMemory<byte> MechanismList, byte[]? Token, byte[]? Mic)
{
    private const int MaxMechanisms = 32;

    private static readonly Asn1Tag Frame = new(TagClass.Application, 0, isConstructed: true);

    // [APPLICATION 0] { OID spnego, [0] SEQUENCE { [0] mechTypes SEQUENCE OF OID, [1] reqFlags?, [2] mechToken OCTET STRING?, [3] mechListMIC? } }
    public static NegTokenInit Read(ReadOnlyMemory<byte> token)
    {
        try
        {
            var frame = new AsnReader(token, AsnEncodingRules.BER).ReadSequence(Frame);
            if (frame.ReadObjectIdentifier() != MechanismIds.Spnego)
            {
                throw new SecurityTokenException("The token is not of SPNEGO.");
            }

            var body = frame.ReadSequence(TaggedFields.Tag(0)).ReadSequence();
            var list = body.ReadSequence(TaggedFields.Tag(0));
            var encoded = list.PeekEncodedValue();
            var mechanisms = new List<string>();
            for (var oids = list.ReadSequence(); oids.HasData;)
            {
                if (mechanisms.Count == MaxMechanisms)
                {
                    throw new SecurityTokenException($"SPNEGO offers more than {MaxMechanisms} mechanisms.");
                }

                mechanisms.Add(oids.ReadObjectIdentifier());
            }

            byte[]? mechanismToken = null;
            byte[]? mic = null;
            while (body.HasData)
            {
                var field = TaggedFields.Next(body, out var number);
                if (number == 2)
                {
                    mechanismToken = field.ReadOctetString();
                }
                else if (number is 3 or 4 && field.PeekTag().HasSameClassAndValue(Asn1Tag.PrimitiveOctetString))
                {
                    mic = field.ReadOctetString();
                }
            }

            return new NegTokenInit(mechanisms, encoded, mechanismToken, mic);
        }
        catch (AsnContentException e)
        {
            throw new SecurityTokenException("The SPNEGO token is not well formed.", e);
        }
    }

    public byte[] ToBytes()
    {
        var writer = new AsnWriter(AsnEncodingRules.DER);
        using (writer.PushSequence(Frame))
        {
            writer.WriteObjectIdentifier(MechanismIds.Spnego);
            using (writer.PushSequence(TaggedFields.Tag(0)))
            using (writer.PushSequence())
            {
                using (writer.PushSequence(TaggedFields.Tag(0)))
                {
                    writer.WriteEncodedValue(MechanismList.Span);
                }

                TaggedFields.WriteOctets(writer, 2, Token);
                TaggedFields.WriteOctets(writer, 3, Mic);
            }
        }

        return writer.Encode();
    }

    /// <summary>The list as both sides sign it.</summary>
    public static byte[] Encode(IEnumerable<string> mechanisms)
    {
        var writer = new AsnWriter(AsnEncodingRules.DER);
        using (writer.PushSequence())
        {
            foreach (var mechanism in mechanisms)
            {
                writer.WriteObjectIdentifier(mechanism);
            }
        }

        return writer.Encode();
    }
}
