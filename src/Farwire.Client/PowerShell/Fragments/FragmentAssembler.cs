using System.Buffers;

namespace Farwire.Client.PowerShell.Fragments;

/// <summary>Puts messages together again; fragments of several may come mixed, those of one come in order.</summary>
/// <remarks>MS-PSRP, "Fragmentation and Reassembly". Whoever sends can hold here no more than <paramref name="maxBytes"/>, in all open messages together.</remarks>
/// <param name="maxBytes">The largest message, and all that are not whole yet.</param>
internal sealed class FragmentAssembler(int maxBytes = FragmentAssembler.DefaultMaxBytes)
{
    /// <summary>What PowerShell itself allows a client to receive as one object.</summary>
    public const int DefaultMaxBytes = 200 * 1024 * 1024;

    /// <summary>Messages that may be open at once: one for each pipeline of a large pool.</summary>
    public const int MaxOpen = 256;

    private readonly Dictionary<ulong, Open> _open = [];
    private long _held;

    /// <summary>Messages that have begun and not ended.</summary>
    public int OpenCount => _open.Count;

    /// <summary>Takes what one piece of a stream holds: any number of whole fragments.</summary>
    /// <returns>The messages that are whole with it, in the order of their ends. One that came in one fragment is a part of <paramref name="bytes"/>.</returns>
    /// <exception cref="PowerShellProtocolException">The fragments are broken, or too many.</exception>
    public IReadOnlyList<ReadOnlyMemory<byte>> Add(ReadOnlyMemory<byte> bytes)
    {
        var whole = new List<ReadOnlyMemory<byte>>(1);
        while (!bytes.IsEmpty)
        {
            var fragment = Fragment.Read(ref bytes);
            if (fragment is { IsStart: true, IsEnd: true, FragmentId: 0 } && !_open.ContainsKey(fragment.ObjectId))
            {
                whole.Add(Fits(fragment.Blob.Length) ? fragment.Blob : throw TooLarge(fragment));
            }
            else if (Add(fragment) is { } message)
            {
                whole.Add(message);
            }
        }

        return whole;
    }

    private ReadOnlyMemory<byte>? Add(Fragment fragment)
    {
        _open.TryGetValue(fragment.ObjectId, out var open);
        if (fragment.IsStart)
        {
            open = open is null
                ? Begin(fragment)
                : throw new PowerShellProtocolException($"Object {fragment.ObjectId} begins again before its end.");
        }
        else if (open is null)
        {
            throw new PowerShellProtocolException($"Fragment {fragment.FragmentId} belongs to object {fragment.ObjectId}, which has no beginning.");
        }

        if (fragment.FragmentId != open.Next)
        {
            throw new PowerShellProtocolException($"Object {fragment.ObjectId} has fragment {fragment.FragmentId} where {open.Next} must be.");
        }

        if (!Fits(_held + fragment.Blob.Length))
        {
            throw TooLarge(fragment);
        }

        open.Next++;
        open.Bytes.Write(fragment.Blob.Span);
        _held += fragment.Blob.Length;
        if (!fragment.IsEnd)
        {
            return null;
        }

        _open.Remove(fragment.ObjectId);
        _held -= open.Bytes.WrittenCount;
        return open.Bytes.WrittenMemory;
    }

    private Open Begin(Fragment fragment)
    {
        if (_open.Count == MaxOpen)
        {
            throw new PowerShellProtocolException($"More than {MaxOpen} objects have begun and not ended.");
        }

        var open = new Open();
        _open.Add(fragment.ObjectId, open);
        return open;
    }

    private bool Fits(long bytes) => bytes <= maxBytes;

    private PowerShellProtocolException TooLarge(Fragment fragment) =>
        new($"Object {fragment.ObjectId} is larger than the {maxBytes} bytes that are allowed, alone or with others that have not ended. Let the command send less at once.");

    private sealed class Open
    {
        public ArrayBufferWriter<byte> Bytes { get; } = new();

        public ulong Next { get; set; }
    }
}
