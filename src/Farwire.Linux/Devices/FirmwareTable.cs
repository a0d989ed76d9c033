using System.Buffers.Binary;
using System.Text;
using Farwire.Linux.Files;

namespace Farwire.Linux.Devices;

/// <summary>A structure of the firmware's table.</summary>
/// <param name="Type">What it describes: 16 an array of memory, 17 a memory device …</param>
/// <param name="Handle">Its number, by which others refer to it.</param>
/// <param name="Data">Its bytes, from the header on.</param>
/// <param name="Texts">The texts behind it, which its bytes name by number.</param>
/// <remarks>DSP0134, "SMBIOS structures".</remarks>
public sealed record FirmwareStructure(byte Type, ushort Handle, ReadOnlyMemory<byte> Data, IReadOnlyList<string> Texts)
{
    /// <summary>The byte at an offset; 0 in a structure of an older version that ends before.</summary>
    public byte Byte(int offset) => offset < Data.Length ? Data.Span[offset] : (byte)0;

    /// <summary>The word at an offset.</summary>
    public ushort Word(int offset) => offset + 2 <= Data.Length ? BinaryPrimitives.ReadUInt16LittleEndian(Data.Span[offset..]) : (ushort)0;

    /// <summary>The double word at an offset.</summary>
    public uint DoubleWord(int offset) => offset + 4 <= Data.Length ? BinaryPrimitives.ReadUInt32LittleEndian(Data.Span[offset..]) : 0;

    /// <summary>The quadruple word at an offset.</summary>
    public ulong QuadWord(int offset) => offset + 8 <= Data.Length ? BinaryPrimitives.ReadUInt64LittleEndian(Data.Span[offset..]) : 0;

    /// <summary>The text that the byte at an offset names; null when there is none.</summary>
    public string? Text(int offset) => Byte(offset) is > 0 and var number && number <= Texts.Count ? Texts[number - 1].Trim() : null;
}

/// <summary>The firmware's table of what the computer consists of; only root may read it.</summary>
/// <remarks>DSP0134, "SMBIOS structures"; the kernel's "/sys/firmware/dmi/tables/DMI".</remarks>
public static class FirmwareTable
{
    private const int MaxBytes = 1024 * 1024;
    private const int HeaderBytes = 4;
    private const byte End = 127;

    /// <summary>The structures; none where there is no table, or it is not for us.</summary>
    public static IReadOnlyList<FirmwareStructure> Read(LinuxPaths paths)
    {
        try
        {
            var file = new FileInfo(paths.Sys + "/firmware/dmi/tables/DMI");
            return file.Exists && file.Length <= MaxBytes ? [.. Parse(File.ReadAllBytes(file.FullName))] : [];
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return [];
        }
    }

    // type 1, length 1, handle 2, data; then texts, each with a zero byte at its end, and one zero byte more.
    private static IEnumerable<FirmwareStructure> Parse(byte[] table)
    {
        for (var at = 0; at + HeaderBytes <= table.Length;)
        {
            var length = table[at + 1];
            if (length < HeaderBytes || at + length > table.Length || table[at] == End)
            {
                yield break;
            }

            var texts = new List<string>();
            var next = at + length;
            while (next < table.Length && table[next] != 0)
            {
                var end = Array.IndexOf(table, (byte)0, next);
                if (end < 0)
                {
                    yield break;
                }

                texts.Add(Encoding.Latin1.GetString(table, next, end - next));
                next = end + 1;
            }

            yield return new FirmwareStructure(table[at], BinaryPrimitives.ReadUInt16LittleEndian(table.AsSpan(at + 2)), table.AsMemory(at, length), texts);
            next += texts.Count == 0 ? 2 : 1;
            at = next;
        }
    }
}
