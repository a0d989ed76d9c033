using System.Buffers.Binary;
using System.Text;
using System.Text.Unicode;

namespace Farwire.Security.Ntlm;

/// <summary>The client's last message: its names, its proof and the key of the session.</summary>
/// <remarks>MS-NLMP, "AUTHENTICATE_MESSAGE".</remarks>
internal readonly ref struct AuthenticateMessage
{
    public const int MicAt = 72;
    public const int MicBytes = 16;

    // Signature[8] Type=3 LmFields[8] NtFields[8] DomainFields[8] UserFields[8] WorkstationFields[8] KeyFields[8] Flags Version[8] MIC[16] Payload
    private const int LmAt = 12;
    private const int NtAt = 20;
    private const int DomainAt = 28;
    private const int UserAt = 36;
    private const int WorkstationAt = 44;
    private const int KeyAt = 52;
    private const int FlagsAt = 60;
    private const int VersionAt = 64;
    private const int PayloadAt = MicAt + MicBytes;

    public ReadOnlySpan<byte> LmResponse { get; init; }

    public ReadOnlySpan<byte> NtResponse { get; init; }

    public string Domain { get; init; }

    public string User { get; init; }

    public string Workstation { get; init; }

    public ReadOnlySpan<byte> EncryptedKey { get; init; }

    public NtlmFlags Flags { get; init; }

    public static AuthenticateMessage Read(ReadOnlySpan<byte> message)
    {
        NtlmFields.Check(message, 3, 64);
        var flags = (NtlmFlags)BinaryPrimitives.ReadUInt32LittleEndian(message[FlagsAt..]);
        var unicode = flags.HasFlag(NtlmFlags.Unicode);
        return new AuthenticateMessage
        {
            LmResponse = NtlmFields.Read(message, LmAt),
            NtResponse = NtlmFields.Read(message, NtAt),
            Domain = Text(NtlmFields.Read(message, DomainAt), unicode),
            User = Text(NtlmFields.Read(message, UserAt), unicode),
            Workstation = Text(NtlmFields.Read(message, WorkstationAt), unicode),
            EncryptedKey = NtlmFields.Read(message, KeyAt),
            Flags = flags,
        };
    }

    /// <summary>The message, with room for the MIC.</summary>
    public byte[] ToBytes()
    {
        var domain = Bytes(Domain);
        var user = Bytes(User);
        var workstation = Bytes(Workstation);
        var message = new byte[PayloadAt + domain.Length + user.Length + workstation.Length + LmResponse.Length + NtResponse.Length + EncryptedKey.Length];
        NtlmFields.Begin(message, 3);
        BinaryPrimitives.WriteUInt32LittleEndian(message.AsSpan(FlagsAt), (uint)Flags);
        ChallengeMessage.Version.CopyTo(message.AsSpan(VersionAt));
        var next = NtlmFields.Write(message, DomainAt, PayloadAt, domain);
        next = NtlmFields.Write(message, UserAt, next, user);
        next = NtlmFields.Write(message, WorkstationAt, next, workstation);
        next = NtlmFields.Write(message, LmAt, next, LmResponse);
        next = NtlmFields.Write(message, NtAt, next, NtResponse);
        NtlmFields.Write(message, KeyAt, next, EncryptedKey);
        return message;
    }

    private byte[] Bytes(string text) => Flags.HasFlag(NtlmFlags.Unicode) ? Encoding.Unicode.GetBytes(text) : Encoding.UTF8.GetBytes(text);

    // OEM is "what the client's code page says": UTF-8 if it can be, else Latin-1.
    private static string Text(ReadOnlySpan<byte> bytes, bool unicode) =>
        unicode ? Encoding.Unicode.GetString(bytes) : Utf8.IsValid(bytes) ? Encoding.UTF8.GetString(bytes) : Encoding.Latin1.GetString(bytes);
}
