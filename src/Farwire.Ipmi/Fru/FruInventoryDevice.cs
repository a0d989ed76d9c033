namespace Farwire.Ipmi.Fru;

/// <summary>The inventories that a controller keeps.</summary>
/// <remarks>IPMI 2.0, "FRU Inventory Device Commands".</remarks>
public sealed class FruInventoryDevice
{
    private const byte FirstPart = 64;
    private const byte SmallestPart = 8;

    private readonly IpmiClient _client;
    private byte _part = FirstPart;

    internal FruInventoryDevice(IpmiClient client) => _client = client;

    /// <summary>Reads an inventory; 0 is that of the controller's own board.</summary>
    public async ValueTask<FruInventory> ReadAsync(byte deviceId = 0, CancellationToken cancellationToken = default) =>
        FruReader.Read((await ReadBytesAsync(deviceId, cancellationToken).ConfigureAwait(false)).Span);

    /// <summary>Reads the bytes of an inventory.</summary>
    public async ValueTask<ReadOnlyMemory<byte>> ReadBytesAsync(byte deviceId = 0, CancellationToken cancellationToken = default)
    {
        var area = await _client.SendAsync(new GetFruArea(deviceId), cancellationToken).ConfigureAwait(false);
        var unit = area.ByWords ? 2 : 1;
        var bytes = new byte[area.Size];
        for (var offset = 0; offset < bytes.Length;)
        {
            var count = Math.Min(_part, bytes.Length - offset);
            var command = new ReadFruData(deviceId, (ushort)(offset / unit), (byte)Math.Max(1, count / unit), unit);
            var response = await _client.TryAsync(command, cancellationToken).ConfigureAwait(false);
            if (response.CompletionCode != CompletionCode.Ok)
            {
                // Controllers name the refusal of a long read in many ways.
                if (_part <= SmallestPart)
                {
                    throw new IpmiCompletionException(command.Code, response.CompletionCode);
                }

                _part /= 2;
                continue;
            }

            var part = IpmiClient.Read(command, response);
            if (part.Length == 0)
            {
                throw new IpmiFormatException($"{_client.Address} answered nothing for a part of inventory {deviceId}.");
            }

            part.Span[..Math.Min(part.Length, bytes.Length - offset)].CopyTo(bytes.AsSpan(offset));
            offset += part.Length;
        }

        return bytes;
    }
}

internal readonly record struct FruArea(ushort Size, bool ByWords);

/// <remarks>IPMI 2.0, "Get FRU Inventory Area Info Command".</remarks>
internal sealed record GetFruArea(byte DeviceId) : ICommand<FruArea>
{
    public CommandCode Code { get; } = new(NetworkFunction.Storage, 0x10, "Get FRU Inventory Area Info");

    public void Write(ref DataWriter data) => data.Byte(DeviceId);

    public FruArea Read(ref DataReader data) => new(data.UInt16(), (data.Byte() & 0x01) != 0);
}

/// <remarks>IPMI 2.0, "Read FRU Data Command". Offset and count are in bytes, or in words where the device says so.</remarks>
internal sealed record ReadFruData(byte DeviceId, ushort Offset, byte Count, int Unit) : ICommand<ReadOnlyMemory<byte>>
{
    public CommandCode Code { get; } = new(NetworkFunction.Storage, 0x11, "Read FRU Data");

    public void Write(ref DataWriter data)
    {
        data.Byte(DeviceId);
        data.UInt16(Offset);
        data.Byte(Count);
    }

    public ReadOnlyMemory<byte> Read(ref DataReader data)
    {
        var count = data.Byte() * Unit;
        return data.Bytes(Math.Min(count, data.Remaining)).ToArray();
    }
}
