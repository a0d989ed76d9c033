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
        Span<byte> s = _state;
        var (i, j) = ((byte)_i, (byte)_j);
        for (var n = 0; n < data.Length; n++)
        {
            var a = s[++i];
            j += a;
            var b = s[j];
            s[i] = b;
            s[j] = a;
            data[n] ^= s[(byte)(a + b)];
        }

        (_i, _j) = (i, j);
    }

    public void Dispose() => CryptographicOperations.ZeroMemory(_state);
}
