using Microsoft.Win32.SafeHandles;

namespace Farwire.Collector.Store;

/// <summary>The segment that is written now: bytes go to its end, and count from the moment they are synced and in the catalogue.</summary>
internal sealed class SegmentFile : IDisposable
{
    private readonly SafeFileHandle _file;

    private SegmentFile(SafeFileHandle file, long committed)
    {
        _file = file;
        Committed = committed;
    }

    /// <summary>Bytes that count.</summary>
    public long Committed { get; private set; }

    public static string NameOf(string folder, long id) => Path.Combine(folder, $"{id:D10}.events");

    /// <summary>Opens a segment and cuts off what was written after the last commit.</summary>
    public static SegmentFile Open(string path, long committed)
    {
        var file = File.OpenHandle(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.Read | FileShare.Delete);
        var length = RandomAccess.GetLength(file);
        if (length < committed)
        {
            file.Dispose();
            throw new InvalidDataException($"{path} has {length} bytes, but {committed} were committed: the disk has lost data. Restore the file, or move the store away to begin a new one.");
        }

        if (length > committed)
        {
            RandomAccess.SetLength(file, committed);
        }

        return new SegmentFile(file, committed);
    }

    /// <summary>Writes bytes behind the committed ones and syncs them.</summary>
    public void Append(ReadOnlySpan<byte> bytes)
    {
        RandomAccess.Write(_file, bytes, Committed);
        RandomAccess.FlushToDisk(_file);
    }

    /// <summary>The bytes appended last count from now on.</summary>
    public void Commit(int length) => Committed += length;

    public void Dispose() => _file.Dispose();
}
