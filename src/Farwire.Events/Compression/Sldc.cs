namespace Farwire.Events.Compression;

/// <summary>Streaming Lossless Data Compression as event forwarding uses it.</summary>
/// <remarks>
/// ECMA-321, "Streaming Lossless Data Compression Algorithm (SLDC)"; MS-WSMV, "Compression". A body is: reset to scheme 1, the data, end of record,
/// zero bits up to a byte, a zero byte, and the length of the plain data in four bytes, the lowest first.
/// </remarks>
public static class Sldc
{
    /// <summary>The name in <c>Content-Encoding</c> and in the subscription's option <c>Compression</c>.</summary>
    public const string Name = "SLDC";

    /// <summary>Bytes of the history that copies come from.</summary>
    internal const int HistorySize = 1024;

    /// <summary>The longest copy.</summary>
    internal const int MaxMatch = 271;

    /// <summary>Bits of a control symbol: nine ones and four of its kind.</summary>
    internal const int ControlBits = 13;

    /// <summary>
    /// True when the bytes begin as a compressed body does. The header is no proof: Windows labels some plain messages as compressed.
    /// </summary>
    /// <remarks>A reset symbol is FF A8 to FF AF or FF B0 to FF B7; UTF-16 begins with FF FE and UTF-8 with &lt; or a byte order mark.</remarks>
    public static bool Recognises(ReadOnlySpan<byte> body) => body.Length >= 4 && body[0] == 0xFF && body[1] is >= 0xA8 and <= 0xB7;

    /// <summary>Ends and changes that a control symbol stands for.</summary>
    internal enum Control
    {
        Flush = 0,
        Scheme1 = 1,
        Scheme2 = 2,
        FileMark = 3,
        EndOfRecord = 4,
        Reset1 = 5,
        Reset2 = 6,
        EndMarker = 15,
    }
}
