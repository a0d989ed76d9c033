namespace Farwire.Protocol.Compression;

/// <summary>The numbers of LZ77+Huffman, and its two directions for one block of at most 64 KiB.</summary>
/// <remarks>MS-XCA, "LZ77+Huffman Compression Algorithm Details".</remarks>
internal static class XpressHuffman
{
    /// <summary>The most plain bytes of a block: also how far a match reaches back.</summary>
    public const int BlockBytes = 64 * 1024;

    /// <summary>256 literals, and 256 matches: four bits of length and four of the distance's size.</summary>
    public const int Symbols = 512;

    /// <summary>A code's bits at most: a length is four bits in the table.</summary>
    public const int MaxCodeBits = 15;

    /// <summary>The table before the data: a length for each symbol, two to a byte.</summary>
    public const int TableBytes = Symbols / 2;

    /// <summary>Nothing shorter is a match.</summary>
    public const int MinMatch = 3;

    /// <summary>After the last byte; anywhere else the symbol is a match of length 3 and distance 1.</summary>
    public const int EndOfData = 256;

    /// <summary>The shortest length that does not fit into the symbol's four bits.</summary>
    public const int LongLength = 15;
}
