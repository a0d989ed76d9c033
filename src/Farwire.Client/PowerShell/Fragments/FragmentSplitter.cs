namespace Farwire.Client.PowerShell.Fragments;

/// <summary>Numbers the messages of one side and cuts them into fragments.</summary>
/// <remarks>MS-PSRP, "Fragmentation and Reassembly".</remarks>
/// <param name="maxFragmentBytes">The largest fragment, header included.</param>
internal sealed class FragmentSplitter(int maxFragmentBytes)
{
    private readonly int _blobBytes = maxFragmentBytes > Fragment.HeaderBytes
        ? maxFragmentBytes - Fragment.HeaderBytes
        : throw new ArgumentOutOfRangeException(nameof(maxFragmentBytes), maxFragmentBytes, "A fragment must have room for more than its header.");

    private long _objects;

    /// <summary>The fragments of <paramref name="message"/>, one array each.</summary>
    public IReadOnlyList<byte[]> Split(ReadOnlyMemory<byte> message)
    {
        var id = (ulong)Interlocked.Increment(ref _objects);
        var fragments = new List<byte[]>((message.Length / _blobBytes) + 1);
        var start = 0;
        do
        {
            var length = Math.Min(_blobBytes, message.Length - start);
            var fragment = new Fragment(id, (ulong)fragments.Count, start == 0, start + length == message.Length, message.Slice(start, length));
            var bytes = new byte[Fragment.HeaderBytes + length];
            fragment.Write(bytes);
            fragments.Add(bytes);
            start += length;
        }
        while (start < message.Length);
        return fragments;
    }
}
