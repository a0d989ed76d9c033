namespace Farwire.Protocol.Compression;

/// <summary>From how often symbols occur to their codes.</summary>
/// <remarks>MS-XCA, "Huffman Code Construction Phase": Huffman's code with at most 15 bits, in canonical order.</remarks>
internal static class PrefixCode
{
    /// <summary>Builds the lengths and codes of all symbols that occur; at least one must.</summary>
    public static void Build(ReadOnlySpan<int> frequencies, Span<byte> lengths, Span<ushort> codes)
    {
        lengths.Clear();
        Span<int> symbols = stackalloc int[frequencies.Length];
        Span<int> weights = stackalloc int[frequencies.Length];
        var count = 0;
        for (var symbol = 0; symbol < frequencies.Length; symbol++)
        {
            if (frequencies[symbol] > 0)
            {
                symbols[count] = symbol;
                weights[count++] = frequencies[symbol];
            }
        }

        if (count == 1)
        {
            // A tree has two leaves: an unused neighbour makes the code complete.
            lengths[symbols[0]] = 1;
            lengths[symbols[0] ^ 1] = 1;
        }
        else
        {
            weights[..count].Sort(symbols[..count]);

            // Flatter weights give a flatter tree; the code loses next to nothing, for only very rare symbols are that deep.
            while (!TrySetLengths(symbols[..count], weights[..count], lengths))
            {
                for (var i = 0; i < count; i++)
                {
                    weights[i] = (weights[i] + 1) / 2;
                }
            }
        }

        SetCodes(lengths, codes);
    }

    // Two queues, both in order of weight: the leaves, and the nodes made so far.
    private static bool TrySetLengths(ReadOnlySpan<int> symbols, ReadOnlySpan<int> weights, Span<byte> lengths)
    {
        var leaves = symbols.Length;
        Span<int> parents = stackalloc int[2 * leaves];
        Span<int> sums = stackalloc int[leaves];
        var (leaf, node, made) = (0, 0, 0);
        for (; made < leaves - 1; made++)
        {
            var sum = 0;
            for (var i = 0; i < 2; i++)
            {
                if (leaf < leaves && (node == made || weights[leaf] <= sums[node]))
                {
                    sum += weights[leaf];
                    parents[leaf++] = made;
                }
                else
                {
                    sum += sums[node];
                    parents[leaves + node++] = made;
                }
            }

            sums[made] = sum;
        }

        Span<byte> depths = stackalloc byte[leaves];
        for (var i = made - 2; i >= 0; i--)
        {
            depths[i] = (byte)Math.Min(depths[parents[leaves + i]] + 1, 200);
        }

        for (var i = 0; i < leaves; i++)
        {
            var depth = depths[parents[i]] + 1;
            if (depth > XpressHuffman.MaxCodeBits)
            {
                return false;
            }

            lengths[symbols[i]] = (byte)depth;
        }

        return true;
    }

    private static void SetCodes(ReadOnlySpan<byte> lengths, Span<ushort> codes)
    {
        var code = 0;
        for (var bits = 1; bits <= XpressHuffman.MaxCodeBits; bits++)
        {
            for (var symbol = 0; symbol < lengths.Length; symbol++)
            {
                if (lengths[symbol] == bits)
                {
                    codes[symbol] = (ushort)code++;
                }
            }

            code <<= 1;
        }
    }
}
