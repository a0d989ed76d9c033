using System.Security.Cryptography;
using System.Text;

namespace Farwire.Protocol.Addressing;

/// <summary>Identifiers: the form in which WS-Management peers write them, <c>uuid:</c> and an upper-case GUID, and those that follow from a name.</summary>
/// <remarks>DSP0226, "wsa:MessageID". Any non-empty string is a legal identifier; this is the one that every known peer accepts.</remarks>
public static class Uuid
{
    /// <summary>Writes <paramref name="value"/> as <c>uuid:XXXXXXXX-XXXX-XXXX-XXXX-XXXXXXXXXXXX</c>.</summary>
    public static string Format(Guid value) => string.Create(41, value, static (span, guid) =>
    {
        "uuid:".CopyTo(span);
        guid.TryFormat(span[5..], out _, "D");
        for (var i = 5; i < span.Length; i++)
        {
            span[i] = char.ToUpperInvariant(span[i]);
        }
    });

    /// <summary>The identifier of a name: the same wherever and whenever it is asked for.</summary>
    /// <remarks>RFC 9562, "UUID Version 5".</remarks>
    /// <param name="space">The name space, which keeps equal names of different things apart.</param>
    /// <param name="name">The name, as UTF-8.</param>
    public static Guid OfName(Guid space, string name)
    {
        Span<byte> start = stackalloc byte[16];
        space.TryWriteBytes(start, bigEndian: true, out _);

        // SHA-1 is what version 5 is made of; nothing here rests on its strength.
#pragma warning disable CA5350
        var hash = SHA1.HashData([.. start, .. Encoding.UTF8.GetBytes(name)]);
#pragma warning restore CA5350
        hash[6] = (byte)((hash[6] & 0x0F) | 0x50);
        hash[8] = (byte)((hash[8] & 0x3F) | 0x80);
        return new Guid(hash.AsSpan(0, 16), bigEndian: true);
    }
}
