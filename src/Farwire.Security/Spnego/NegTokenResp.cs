using System.Formats.Asn1;

namespace Farwire.Security.Spnego;

/// <summary>How far the negotiation is.</summary>
/// <remarks>RFC 4178, "NegTokenResp", negState.</remarks>
internal enum NegState
{
    AcceptCompleted,
    AcceptIncomplete,
    Reject,
    RequestMic,
}

/// <summary>Every token after the first.</summary>
/// <remarks>RFC 4178, "NegTokenResp".</remarks>
internal sealed record NegTokenResp
{
    public NegState? State { get; init; }

    public string? Mechanism { get; init; }

    public byte[]? Token { get; init; }

    public byte[]? Mic { get; init; }

    // [1] SEQUENCE { [0] negState ENUMERATED?, [1] supportedMech OID?, [2] responseToken OCTET STRING?, [3] mechListMIC OCTET STRING? }
    public static NegTokenResp Read(ReadOnlyMemory<byte> token)
    {
        try
        {
            var body = new AsnReader(token, AsnEncodingRules.BER).ReadSequence(TaggedFields.Tag(1)).ReadSequence();
            var result = new NegTokenResp();
            while (body.HasData)
            {
                var field = TaggedFields.Next(body, out var number);
                result = number switch
                {
                    0 => result with { State = field.ReadEnumeratedValue<NegState>() },
                    1 => result with { Mechanism = field.ReadObjectIdentifier() },
                    2 => result with { Token = field.ReadOctetString() },
                    3 => result with { Mic = field.ReadOctetString() },
                    _ => result,
                };
            }

            return result;
        }
        catch (AsnContentException e)
        {
            throw new SecurityTokenException("The SPNEGO answer is not well formed.", e);
        }
    }

    public byte[] ToBytes()
    {
        var writer = new AsnWriter(AsnEncodingRules.DER);
        using (writer.PushSequence(TaggedFields.Tag(1)))
        using (writer.PushSequence())
        {
            if (State is { } state)
            {
                using (writer.PushSequence(TaggedFields.Tag(0)))
                {
                    writer.WriteEnumeratedValue(state);
                }
            }

            if (Mechanism is not null)
            {
                using (writer.PushSequence(TaggedFields.Tag(1)))
                {
                    writer.WriteObjectIdentifier(Mechanism);
                }
            }

            TaggedFields.WriteOctets(writer, 2, Token);
            TaggedFields.WriteOctets(writer, 3, Mic);
        }

        return writer.Encode();
    }
}
