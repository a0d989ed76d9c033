using System.Buffers;
using System.Buffers.Binary;
using System.Text;

namespace Farwire.Service.Roles;

/// <summary>What goes over the socket between the edge and a role.</summary>
/// <remarks>
/// There: <c>u32 caller, u32 path, u32 message</c>, and these as bytes. Back: <c>u8 kind, u32</c>, and with an answer its bytes. One question at a time;
/// who does not wait any longer closes the socket. All numbers are little-endian.
/// </remarks>
internal static class RoleFrames
{
    public const int HeadLength = 12;

    /// <summary>Answers with more than this, and questions, are refused: their makers have smaller limits.</summary>
    public const int MaxBytes = 16 * 1024 * 1024;

    public const byte Answer = 0;
    public const byte Fault = 1;
    public const byte Busy = 2;

    public static async ValueTask WriteQuestionAsync(Stream stream, ReadOnlyMemory<byte> caller, string path, ReadOnlyMemory<byte> message, CancellationToken cancellationToken)
    {
        var length = HeadLength + caller.Length + Encoding.UTF8.GetMaxByteCount(path.Length) + message.Length;
        var buffer = ArrayPool<byte>.Shared.Rent(length);
        try
        {
            var pathLength = Encoding.UTF8.GetBytes(path, buffer.AsSpan(HeadLength + caller.Length));
            BinaryPrimitives.WriteInt32LittleEndian(buffer, caller.Length);
            BinaryPrimitives.WriteInt32LittleEndian(buffer.AsSpan(4), pathLength);
            BinaryPrimitives.WriteInt32LittleEndian(buffer.AsSpan(8), message.Length);
            caller.CopyTo(buffer.AsMemory(HeadLength));
            message.CopyTo(buffer.AsMemory(HeadLength + caller.Length + pathLength));
            await stream.WriteAsync(buffer.AsMemory(0, HeadLength + caller.Length + pathLength + message.Length), cancellationToken).ConfigureAwait(false);
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    public static async ValueTask WriteAnswerAsync(Stream stream, byte kind, int number, ReadOnlyMemory<byte> message, CancellationToken cancellationToken)
    {
        var buffer = ArrayPool<byte>.Shared.Rent(5 + message.Length);
        try
        {
            buffer[0] = kind;
            BinaryPrimitives.WriteInt32LittleEndian(buffer.AsSpan(1), number);
            message.CopyTo(buffer.AsMemory(5));
            await stream.WriteAsync(buffer.AsMemory(0, 5 + message.Length), cancellationToken).ConfigureAwait(false);
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    public static int Length(ReadOnlySpan<byte> number) => BinaryPrimitives.ReadInt32LittleEndian(number) is >= 0 and <= MaxBytes and var length
        ? length
        : throw new InvalidDataException("What came over the socket of the role is no frame.");
}
