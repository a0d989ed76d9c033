using System.Buffers.Binary;

namespace Farwire.Shells.PowerShell;

/// <summary>Finds the message that ends a pipeline among the fragments that go by.</summary>
/// <remarks>MS-PSRP, "Packet Fragment" and "PIPELINE_STATE".</remarks>
internal sealed class PipelineEnd
{
    private const int HeaderBytes = 21;
    private const uint PipelineState = 0x00041006;

    private static readonly byte[][] EndStates = ["PipelineState\">3<"u8.ToArray(), "PipelineState\">4<"u8.ToArray(), "PipelineState\">5<"u8.ToArray()]; // stopped, completed, failed

    private ulong? _last;

    /// <summary>True when <paramref name="fragments"/> hold the end of the pipeline's last message.</summary>
    // object id u64, fragment id u64, flags u8 (1 first, 2 last), length u32, all big-endian; then, in the first: destination i32, type u32, little-endian …
    public bool IsIn(ReadOnlySpan<byte> fragments)
    {
        while (fragments.Length >= HeaderBytes)
        {
            var message = BinaryPrimitives.ReadUInt64BigEndian(fragments);
            var (isFirst, isLast) = ((fragments[16] & 1) != 0, (fragments[16] & 2) != 0);
            var length = (int)Math.Min(BinaryPrimitives.ReadUInt32BigEndian(fragments[17..]), (uint)(fragments.Length - HeaderBytes));
            var blob = fragments.Slice(HeaderBytes, length);
            if (isFirst && blob.Length >= 8 && BinaryPrimitives.ReadUInt32LittleEndian(blob[4..]) == PipelineState && Ends(blob))
            {
                _last = message;
            }

            if (isLast && message == _last)
            {
                return true;
            }

            fragments = fragments[(HeaderBytes + length)..];
        }

        return false;
    }

    private static bool Ends(ReadOnlySpan<byte> blob)
    {
        foreach (var state in EndStates)
        {
            if (blob.IndexOf(state) >= 0)
            {
                return true;
            }
        }

        return false;
    }
}
