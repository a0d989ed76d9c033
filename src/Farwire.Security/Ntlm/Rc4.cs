using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Security.Cryptography;

namespace Farwire.Security.Ntlm;

/// <summary>The key stream of NTLM; the framework has it no more.</summary>
/// <remarks>MS-NLMP, "RC4": one stream runs on through all messages of a direction.</remarks>
internal sealed class Rc4 : IDisposable
{
    private readonly byte[] _state = new byte[256];
    private int _i;
    private int _j;

    public Rc4(ReadOnlySpan<byte> key) => Start(key);

    /// <summary>Encrypts or decrypts without keeping a stream.</summary>
    public static byte[] Once(ReadOnlySpan<byte> key, ReadOnlySpan<byte> data)
    {
        using var cipher = new Rc4(key);
        var result = data.ToArray();
        cipher.Transform(result);
        return result;
    }

    /// <summary>Begins the stream anew.</summary>
    public void Start(ReadOnlySpan<byte> key)
    {
        for (var n = 0; n < 256; n++)
        {
            _state[n] = (byte)n;
        }

        var j = 0;
        for (var n = 0; n < 256; n++)
        {
            j = (j + _state[n] + key[n % key.Length]) & 0xFF;
            (_state[n], _state[j]) = (_state[j], _state[n]);
        }

        _i = _j = 0;
    }

    /// <summary>Encrypts or decrypts the next bytes of the stream in place.</summary>
    public void Transform(Span<byte> data)
    {
        // A byte cannot point outside of 256 places: no bounds are left to check.
        ref var s = ref MemoryMarshal.GetArrayDataReference(_state);
        var (i, j) = ((byte)_i, (byte)_j);
        foreach (ref var text in data)
        {
            ref var atI = ref Unsafe.Add(ref s, (nint)(++i));
            uint a = atI;
            j += (byte)a;
            ref var atJ = ref Unsafe.Add(ref s, (nint)j);
            uint b = atJ;
            atI = (byte)b;
            atJ = (byte)a;
            text ^= Unsafe.Add(ref s, (nint)(byte)(a + b));
        }

        (_i, _j) = (i, j);
    }

    public void Dispose() => CryptographicOperations.ZeroMemory(_state);
}
