using System.Buffers;
using System.Buffers.Text;
using System.Text;
using Farwire.Linux.Files;

namespace Farwire.Linux.Host;

/// <summary>The system's memory at one moment, in KiB.</summary>
/// <remarks>proc(5), "/proc/meminfo".</remarks>
public readonly record struct MemoryFacts(ulong Total, ulong Available, ulong SwapTotal, ulong SwapFree)
{
    /// <summary>Reads it now.</summary>
    public static MemoryFacts Read(LinuxPaths paths)
    {
        var buffer = ArrayPool<byte>.Shared.Rent(8192);
        try
        {
            var length = ProcFile.Read(Encoding.UTF8.GetBytes(paths.Proc + "/meminfo\0"), buffer);
            var text = buffer.AsSpan(0, Math.Max(0, length));
            return new MemoryFacts(Field(text, "MemTotal:"u8), Field(text, "MemAvailable:"u8), Field(text, "SwapTotal:"u8), Field(text, "SwapFree:"u8));
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    private static ulong Field(ReadOnlySpan<byte> text, ReadOnlySpan<byte> name)
    {
        var at = text.IndexOf(name);
        if (at < 0)
        {
            return 0;
        }

        var value = text[(at + name.Length)..].TrimStart((byte)' ');
        return Utf8Parser.TryParse(value, out ulong number, out _) ? number : 0;
    }
}
