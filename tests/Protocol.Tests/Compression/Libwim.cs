using System.Runtime.InteropServices;

namespace Farwire.Protocol.Tests.Compression;

/// <summary>The LZ77+Huffman codec of wimlib, written by others for Windows' image files.</summary>
internal sealed partial class Libwim : IDisposable
{
    private const string Library = "libwim.so.15";
    private const int Xpress = 1;
    private const int BlockBytes = 64 * 1024;

    private readonly nint _compressor;
    private readonly nint _decompressor;

    public Libwim()
    {
        Assert.SkipUnless(NativeLibrary.TryLoad(Library, out _), "libwim15 is not installed");
        Assert.Equal(0, CreateCompressor(Xpress, BlockBytes, 50, out _compressor));
        Assert.Equal(0, CreateDecompressor(Xpress, BlockBytes, out _decompressor));
    }

    /// <summary>The block packed; null when it would not become shorter.</summary>
    public byte[]? Compress(byte[] plain)
    {
        var stored = new byte[plain.Length];
        var length = (int)Compress(plain, (nuint)plain.Length, stored, (nuint)(plain.Length - 1), _compressor);
        return length == 0 ? null : stored[..length];
    }

    public byte[] Decompress(byte[] stored, int plainBytes)
    {
        var plain = new byte[plainBytes];
        Assert.Equal(0, Decompress(stored, (nuint)stored.Length, plain, (nuint)plainBytes, _decompressor));
        return plain;
    }

    public void Dispose()
    {
        FreeCompressor(_compressor);
        FreeDecompressor(_decompressor);
    }

    [LibraryImport(Library, EntryPoint = "wimlib_create_compressor")]
    private static partial int CreateCompressor(int type, nuint blockBytes, uint level, out nint compressor);

    [LibraryImport(Library, EntryPoint = "wimlib_create_decompressor")]
    private static partial int CreateDecompressor(int type, nuint blockBytes, out nint decompressor);

    [LibraryImport(Library, EntryPoint = "wimlib_compress")]
    private static partial nuint Compress(byte[] plain, nuint plainBytes, byte[] stored, nuint room, nint compressor);

    [LibraryImport(Library, EntryPoint = "wimlib_decompress")]
    private static partial int Decompress(byte[] stored, nuint storedBytes, byte[] plain, nuint plainBytes, nint decompressor);

    [LibraryImport(Library, EntryPoint = "wimlib_free_compressor")]
    private static partial void FreeCompressor(nint compressor);

    [LibraryImport(Library, EntryPoint = "wimlib_free_decompressor")]
    private static partial void FreeDecompressor(nint decompressor);
}
