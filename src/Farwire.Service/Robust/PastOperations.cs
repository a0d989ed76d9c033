using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Security.Cryptography;

namespace Farwire.Service.Robust;

/// <summary>The newest operations that are over and forgotten: a message that was held up on its way and comes only now must not run them again.</summary>
/// <remarks>Fingerprints alone, as many as fit into three megabytes: what a busy service does in the time for which a client tries again.</remarks>
internal sealed class PastOperations
{
    private const int Max = 64 * 1024;

    private readonly HashSet<UInt128> _known = [];
    private readonly Queue<UInt128> _order = [];

    public void Add(string key)
    {
        var print = Fingerprint(key);
        lock (_known)
        {
            if (!_known.Add(print))
            {
                return;
            }

            _order.Enqueue(print);
            if (_order.Count > Max)
            {
                _known.Remove(_order.Dequeue());
            }
        }
    }

    public bool Contains(string key)
    {
        var print = Fingerprint(key);
        lock (_known)
        {
            return _known.Contains(print);
        }
    }

    // Users choose the ids of their operations: none may be made to look like another's.
    private static UInt128 Fingerprint(string key)
    {
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(MemoryMarshal.AsBytes(key.ToUpperInvariant().AsSpan()), hash);
        return BinaryPrimitives.ReadUInt128LittleEndian(hash);
    }
}
