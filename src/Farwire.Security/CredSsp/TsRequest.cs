using System.Formats.Asn1;

namespace Farwire.Security.CredSsp;

/// <summary>What both sides of CredSSP say to each other inside TLS.</summary>
/// <remarks>MS-CSSP, "TSRequest".</remarks>
internal sealed record TsRequest
{
    /// <summary>The newest version there is.</summary>
    public const int NewestVersion = 6;

    /// <summary>From here on a nonce keeps the key's proof from being used again.</summary>
    public const int NonceVersion = 5;

    private const int MaxTokens = 4;

    public required int Version { get; init; }

    public byte[]? Token { get; init; }

    public byte[]? AuthInfo { get; init; }

    public byte[]? PubKeyAuth { get; init; }

    public uint? ErrorCode { get; init; }

    public byte[]? ClientNonce { get; init; }

    // SEQUENCE { [0] version, [1] negoTokens SEQUENCE OF SEQUENCE { [0] negoToken }?, [2] authInfo?, [3] pubKeyAuth?, [4] errorCode?, [5] clientNonce? }
    public static TsRequest Read(ReadOnlyMemory<byte> bytes)
    {
        try
        {
            var reader = new AsnReader(bytes, AsnEncodingRules.BER);
            var fields = reader.ReadSequence();
            reader.ThrowIfNotEmpty();
            var request = new TsRequest { Version = 0 };
            while (fields.HasData)
            {
                var field = TaggedFields.Next(fields, out var number);
                request = number switch
                {
                    0 => request with { Version = field.TryReadInt32(out var version) ? version : 0 },
                    1 => request with { Token = ReadTokens(field) },
                    2 => request with { AuthInfo = field.ReadOctetString() },
                    3 => request with { PubKeyAuth = field.ReadOctetString() },
                    4 => request with { ErrorCode = field.TryReadInt64(out var code) ? (uint)code : 0 },
                    5 => request with { ClientNonce = field.ReadOctetString() },
                    _ => request,
                };
            }

            return request.Version >= 2 ? request : throw new SecurityTokenException("CredSSP begins at version 2.");
        }
        catch (AsnContentException e)
        {
            throw new SecurityTokenException("The CredSSP message is not well formed.", e);
        }
    }

    public byte[] ToBytes()
    {
        var writer = new AsnWriter(AsnEncodingRules.DER);
        using (writer.PushSequence())
        {
            using (writer.PushSequence(TaggedFields.Tag(0)))
            {
                writer.WriteInteger(Version);
            }

            if (Token is not null)
            {
                using (writer.PushSequence(TaggedFields.Tag(1)))
                using (writer.PushSequence())
                using (writer.PushSequence())
                {
                    TaggedFields.WriteOctets(writer, 0, Token);
                }
            }

            TaggedFields.WriteOctets(writer, 2, AuthInfo);
            TaggedFields.WriteOctets(writer, 3, PubKeyAuth);
            if (ErrorCode is { } code)
            {
                using (writer.PushSequence(TaggedFields.Tag(4)))
                {
                    writer.WriteInteger((int)code);
                }
            }

            TaggedFields.WriteOctets(writer, 5, ClientNonce);
        }

        return writer.Encode();
    }

    private static byte[]? ReadTokens(AsnReader field)
    {
        byte[]? first = null;
        var list = field.ReadSequence();
        for (var count = 0; list.HasData; count++)
        {
            if (count == MaxTokens)
            {
                throw new AsnContentException("Too many tokens.");
            }

            var token = TaggedFields.Next(list.ReadSequence(), out _).ReadOctetString();
            first ??= token;
        }

        return first;
    }
}
