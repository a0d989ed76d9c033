using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;
using Farwire.Security.Sealing;

namespace Farwire.Security.Ntlm;

/// <summary>Signs and seals with the keys of a session, each direction with its own.</summary>
/// <remarks>MS-NLMP, "Session security details" with extended session security: SIGNKEY, SEALKEY, MAC.</remarks>
internal sealed class NtlmSeal : IMessageSeal, IDisposable
{
    public const int SignatureBytes = 16;

    private readonly Direction _out;
    private readonly Direction _in;

    public NtlmSeal(ReadOnlySpan<byte> sessionKey, NtlmFlags flags, bool isClient)
    {
        var toService = new Direction(sessionKey, flags, "client-to-server");
        var toClient = new Direction(sessionKey, flags, "server-to-client");
        (_out, _in) = isClient ? (toService, toClient) : (toClient, toService);
    }

    public string Protocol => SealedProtocol.Negotiate;

    public int MaxPartBytes => int.MaxValue;

    public int MaxSealedBytes(int plainBytes) => plainBytes + SignatureBytes;

    public SealedLength Seal(ReadOnlySpan<byte> plain, Span<byte> target)
    {
        // 1. seal the data, 2. sign the plain text: both from one key stream, in this order
        var data = target.Slice(SignatureBytes, plain.Length);
        plain.CopyTo(data);
        _out.Stream.Transform(data);
        _out.Sign(plain, target[..SignatureBytes]);
        return new SealedLength(SignatureBytes, SignatureBytes + plain.Length);
    }

    public long PartLength(ReadOnlySpan<byte> rest, int headerBytes, int plainBytes) => (long)headerBytes + plainBytes;

    public Span<byte> Open(Span<byte> part, int headerBytes)
    {
        if (headerBytes != SignatureBytes || part.Length < SignatureBytes)
        {
            throw new SecurityTokenException("A sealed message has no NTLM signature.");
        }

        var data = part[SignatureBytes..];
        _in.Stream.Transform(data);
        Verify(data, part[..SignatureBytes]);
        return data;
    }

    public byte[] Sign(ReadOnlySpan<byte> message)
    {
        var signature = new byte[SignatureBytes];
        _out.Sign(message, signature);
        return signature;
    }

    public void Verify(ReadOnlySpan<byte> message, ReadOnlySpan<byte> signature)
    {
        Span<byte> expected = stackalloc byte[SignatureBytes];
        _in.Sign(message, expected);
        if (!CryptographicOperations.FixedTimeEquals(expected, signature))
        {
            throw new SecurityTokenException("An NTLM signature does not fit: the message was changed, repeated or left out.");
        }
    }

    public void RestartKeyStreams()
    {
        _out.Restart();
        _in.Restart();
    }

    public void Dispose()
    {
        _out.Dispose();
        _in.Dispose();
    }

    private sealed class Direction : IDisposable
    {
        private readonly byte[] _signKey;
        private readonly byte[] _sealKey;
        private readonly bool _sealsSignature;
        private readonly IncrementalHash _hmac;
        private uint _number;

        public Direction(ReadOnlySpan<byte> sessionKey, NtlmFlags flags, string direction)
        {
            var sealBytes = flags.HasFlag(NtlmFlags.Key128) ? 16 : flags.HasFlag(NtlmFlags.Key56) ? 7 : 5;
            _signKey = Derive(sessionKey, $"session key to {direction} signing key magic constant\0");
            _sealKey = Derive(sessionKey[..sealBytes], $"session key to {direction} sealing key magic constant\0");
            _sealsSignature = flags.HasFlag(NtlmFlags.KeyExchange);
            _hmac = IncrementalHash.CreateHMAC(HashAlgorithmName.MD5, _signKey);
            Stream = new Rc4(_sealKey);
        }

        public Rc4 Stream { get; }

        // 01 00 00 00 | HMAC over number and message, 8 bytes of it, sealed | number
        public void Sign(ReadOnlySpan<byte> message, Span<byte> signature)
        {
            BinaryPrimitives.WriteUInt32LittleEndian(signature, 1);
            BinaryPrimitives.WriteUInt32LittleEndian(signature[12..], _number++);
            Span<byte> hash = stackalloc byte[16];
            _hmac.AppendData(signature[12..]);
            _hmac.AppendData(message);
            _hmac.GetHashAndReset(hash);
            var checksum = signature.Slice(4, 8);
            hash[..8].CopyTo(checksum);
            if (_sealsSignature)
            {
                Stream.Transform(checksum);
            }
        }

        public void Restart() => Stream.Start(_sealKey);

        public void Dispose()
        {
            _hmac.Dispose();
            Stream.Dispose();
            CryptographicOperations.ZeroMemory(_signKey);
            CryptographicOperations.ZeroMemory(_sealKey);
        }

        private static byte[] Derive(ReadOnlySpan<byte> key, string magic)
        {
            var text = Encoding.ASCII.GetBytes(magic);
            var joined = new byte[key.Length + text.Length];
            key.CopyTo(joined);
            text.CopyTo(joined, key.Length);
            var derived = Legacy.Md5(joined);
            CryptographicOperations.ZeroMemory(joined);
            return derived;
        }
    }
}
