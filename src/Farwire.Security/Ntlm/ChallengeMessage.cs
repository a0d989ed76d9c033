using System.Buffers.Binary;
using System.Text;

namespace Farwire.Security.Ntlm;

/// <summary>The service's message: its challenge and its names.</summary>
/// <remarks>MS-NLMP, "CHALLENGE_MESSAGE".</remarks>
internal readonly ref struct ChallengeMessage
{
    public const int ChallengeBytes = 8;

    // Signature[8] Type=2 TargetNameFields[8] NegotiateFlags ServerChallenge[8] Reserved[8] TargetInfoFields[8] Version[8] Payload
    private const int TargetNameAt = 12;
    private const int FlagsAt = 20;
    private const int ChallengeAt = 24;
    private const int TargetInfoAt = 40;
    private const int VersionAt = 48;
    private const int PayloadAt = 56;

    public NtlmFlags Flags { get; init; }

    public ReadOnlySpan<byte> Challenge { get; init; }

    public string TargetName { get; init; }

    public ReadOnlySpan<byte> TargetInfo { get; init; }

    /// <summary>Version 10.0 build 0, revision 15: the form counts, the number is for debugging alone.</summary>
    public static ReadOnlySpan<byte> Version => [10, 0, 0, 0, 0, 0, 0, 15];

    public static ChallengeMessage Read(ReadOnlySpan<byte> message)
    {
        NtlmFields.Check(message, 2, 32);
        var flags = (NtlmFlags)BinaryPrimitives.ReadUInt32LittleEndian(message[FlagsAt..]);
        return new ChallengeMessage
        {
            Flags = flags,
            Challenge = message.Slice(ChallengeAt, ChallengeBytes),
            TargetName = "",
            TargetInfo = flags.HasFlag(NtlmFlags.TargetInfo) ? NtlmFields.Read(message, TargetInfoAt) : [],
        };
    }

    public byte[] ToBytes()
    {
        var name = Flags.HasFlag(NtlmFlags.Unicode) ? Encoding.Unicode.GetBytes(TargetName) : Encoding.UTF8.GetBytes(TargetName);
        var message = new byte[PayloadAt + name.Length + TargetInfo.Length];
        NtlmFields.Begin(message, 2);
        BinaryPrimitives.WriteUInt32LittleEndian(message.AsSpan(FlagsAt), (uint)Flags);
        Challenge.CopyTo(message.AsSpan(ChallengeAt));
        Version.CopyTo(message.AsSpan(VersionAt));
        var next = NtlmFields.Write(message, TargetNameAt, PayloadAt, name);
        NtlmFields.Write(message, TargetInfoAt, next, TargetInfo);
        return message;
    }
}
