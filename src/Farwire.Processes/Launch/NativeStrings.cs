using System.Runtime.InteropServices;
using System.Text;

namespace Farwire.Processes.Launch;

/// <summary>A list of strings as C knows it: pointers to UTF-8 that ends with zero, a null pointer last. One block of memory.</summary>
internal sealed unsafe class NativeStrings : IDisposable
{
    public NativeStrings(IReadOnlyList<string> strings)
    {
        var table = (strings.Count + 1) * sizeof(byte*);
        var size = table;
        foreach (var text in strings)
        {
            if (text.Contains('\0', StringComparison.Ordinal))
            {
                // Cut at the zero it would mean something else than what was checked.
                throw new ArgumentException("An argument or a variable holds a zero character.", nameof(strings));
            }

            size += Encoding.UTF8.GetByteCount(text) + 1;
        }

        var block = (byte*)NativeMemory.Alloc((nuint)size);
        Pointer = (byte**)block;
        var at = block + table;
        for (var i = 0; i < strings.Count; i++)
        {
            Pointer[i] = at;
            at += Encoding.UTF8.GetBytes(strings[i], new Span<byte>(at, size - (int)(at - block)));
            *at++ = 0;
        }

        Pointer[strings.Count] = null;
    }

    public byte** Pointer { get; private set; }

    public void Dispose()
    {
        NativeMemory.Free(Pointer);
        Pointer = null;
    }
}
