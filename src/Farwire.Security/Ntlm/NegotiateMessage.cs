using System.Buffers.Binary;

namespace Farwire.Security.Ntlm;

/// <summary>The client's first message: what it can do.</summary>
/// <remarks>MS-NLMP, "NEGOTIATE_MESSAGE".</remarks>
internal readonly ref struct NegotiateMessage(NtlmFlags flags)
{
    // Signature[8] Type=1 NegotiateFlags DomainNameFields[8] WorkstationFields[8] Version[8]?
    private const int WithoutVersion = 32;
    private const int WithVersion = 40;

    public NtlmFlags Flags { get; } = flags;

    public static NegotiateMessage Read(ReadOnlySpan<byte> message)
    {
        // Some clients stop after the flags; nothing behind them matters here.
        NtlmFields.Check(message, 1, 16);
        return new NegotiateMessage((NtlmFlags)BinaryPrimitives.ReadUInt32LittleEndian(message[12..]));
    }

    public byte[] ToBytes()
    {
        var message = new byte[Flags.HasFlag(NtlmFlags.Version) ? WithVersion : WithoutVersion];
        NtlmFields.Begin(message, 1);
        BinaryPrimitives.WriteUInt32LittleEndian(message.AsSpan(12), (uint)Flags);
        NtlmFields.Write(message, 16, WithoutVersion, []);
        NtlmFields.Write(message, 24, WithoutVersion, []);
        if (message.Length == WithVersion)
        {
            ChallengeMessage.Version.CopyTo(message.AsSpan(WithoutVersion));
        }

        return message;
    }
}
