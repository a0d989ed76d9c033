using System.Security.Cryptography;
using System.Text;

namespace Farwire.Providers.Contract;

/// <summary>Ids for things that have none on Linux: the same parts always give the same id.</summary>
/// <remarks>RFC 9562, "UUID Version 8".</remarks>
internal static class StableId
{
    public static Guid Of(params ReadOnlySpan<string> parts)
    {
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(Encoding.UTF8.GetBytes(string.Join('\n', parts)), hash);
        hash[6] = (byte)((hash[6] & 0x0F) | 0x80);
        hash[8] = (byte)((hash[8] & 0x3F) | 0x80);
        return new Guid(hash[..16], bigEndian: true);
    }
}
