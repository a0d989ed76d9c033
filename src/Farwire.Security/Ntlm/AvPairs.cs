using System.Buffers.Binary;
using System.Text;

namespace Farwire.Security.Ntlm;

/// <summary>The kinds of <see cref="AvPairs"/>.</summary>
/// <remarks>MS-NLMP, "AV_PAIR".</remarks>
internal enum AvId : ushort
{
    End = 0,
    NbComputerName = 1,
    NbDomainName = 2,
    DnsComputerName = 3,
    DnsDomainName = 4,
    Flags = 6,
    Timestamp = 7,
    TargetName = 9,
    ChannelBindings = 10,
}

/// <summary>The list of attributes that the service states and the client signs.</summary>
/// <remarks>MS-NLMP, "AV_PAIR": id u16, length u16, value; ends with id 0.</remarks>
internal sealed class AvPairs
{
    /// <summary>The client's flag that its last message carries a MIC.</summary>
    public const uint MicPresent = 0x2;

    private const int MaxPairs = 64;

    private readonly List<(AvId Id, byte[] Value)> _pairs = [];

    public int Count => _pairs.Count;

    public byte[]? this[AvId id]
    {
        get => _pairs.Find(p => p.Id == id).Value;
        set
        {
            _pairs.RemoveAll(p => p.Id == id);
            _pairs.Add((id, value!));
        }
    }

    public uint Flags => this[AvId.Flags] is { Length: 4 } value ? BinaryPrimitives.ReadUInt32LittleEndian(value) : 0;

    public static AvPairs Read(ReadOnlySpan<byte> bytes)
    {
        var pairs = new AvPairs();
        while (bytes.Length >= 4)
        {
            var id = (AvId)BinaryPrimitives.ReadUInt16LittleEndian(bytes);
            int length = BinaryPrimitives.ReadUInt16LittleEndian(bytes[2..]);
            if (id == AvId.End)
            {
                return pairs;
            }

            if (length > bytes.Length - 4 || pairs._pairs.Count == MaxPairs)
            {
                break;
            }

            pairs._pairs.Add((id, bytes.Slice(4, length).ToArray()));
            bytes = bytes[(4 + length)..];
        }

        throw new SecurityTokenException("The list of attributes of an NTLM message does not end where it should.");
    }

    public void SetText(AvId id, string text) => this[id] = Encoding.Unicode.GetBytes(text);

    public byte[] ToBytes()
    {
        var bytes = new byte[_pairs.Sum(p => 4 + p.Value.Length) + 4];
        var at = 0;
        foreach (var (id, value) in _pairs)
        {
            BinaryPrimitives.WriteUInt16LittleEndian(bytes.AsSpan(at), (ushort)id);
            BinaryPrimitives.WriteUInt16LittleEndian(bytes.AsSpan(at + 2), (ushort)value.Length);
            value.CopyTo(bytes, at + 4);
            at += 4 + value.Length;
        }

        return bytes;
    }
}
