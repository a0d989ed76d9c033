using System.Buffers.Binary;

namespace Farwire.Client.PowerShell.Messages;

/// <summary>One message between a client and a runspace pool.</summary>
/// <remarks>MS-PSRP, "PowerShell Remoting Protocol Message". Its numbers are little-endian.</remarks>
/// <param name="Destination">Who it is for.</param>
/// <param name="Type">What it is.</param>
/// <param name="RunspacePoolId">RPID; some of a service's messages have none.</param>
/// <param name="PipelineId">PID; empty in messages about the pool.</param>
/// <param name="Data">An object as CLIXML, in UTF-8; some have none.</param>
internal readonly record struct RemotingMessage(MessageDestination Destination, MessageType Type, Guid RunspacePoolId, Guid PipelineId, ReadOnlyMemory<byte> Data)
{
    /// <summary>What comes before the data.</summary>
    public const int HeaderBytes = 4 + 4 + 16 + 16;

    private static ReadOnlySpan<byte> ByteOrderMark => [0xEF, 0xBB, 0xBF];

    // Destination i32 · MessageType u32 · RPID · PID · Data

    /// <summary>Reads a whole message; the mark that a service writes before its data is left out.</summary>
    /// <exception cref="PowerShellProtocolException">It is shorter than its header, or for nobody.</exception>
    public static RemotingMessage Read(ReadOnlyMemory<byte> bytes)
    {
        var span = bytes.Span;
        if (span.Length < HeaderBytes)
        {
            throw new PowerShellProtocolException($"A message is shorter than its header: {span.Length} bytes instead of {HeaderBytes}.");
        }

        var destination = (MessageDestination)BinaryPrimitives.ReadInt32LittleEndian(span);
        if (destination is not (MessageDestination.Client or MessageDestination.Server))
        {
            throw new PowerShellProtocolException($"A message is neither for a client nor for a server, but for {(int)destination}.");
        }

        var data = bytes[HeaderBytes..];
        return new RemotingMessage(
            destination,
            (MessageType)BinaryPrimitives.ReadUInt32LittleEndian(span[4..]),
            new Guid(span[8..24]),
            new Guid(span[24..40]),
            data.Span.StartsWith(ByteOrderMark) ? data[ByteOrderMark.Length..] : data);
    }

    /// <summary>The bytes; without a mark, as clients send it.</summary>
    public byte[] ToBytes()
    {
        var bytes = new byte[HeaderBytes + Data.Length];
        BinaryPrimitives.WriteInt32LittleEndian(bytes, (int)Destination);
        BinaryPrimitives.WriteUInt32LittleEndian(bytes.AsSpan(4), (uint)Type);
        RunspacePoolId.TryWriteBytes(bytes.AsSpan(8));
        PipelineId.TryWriteBytes(bytes.AsSpan(24));
        Data.Span.CopyTo(bytes.AsSpan(HeaderBytes));
        return bytes;
    }
}

/// <summary>Who a message is for.</summary>
internal enum MessageDestination
{
    Client = 1,
    Server = 2,
}
