using System.Buffers.Binary;
using System.Globalization;
using System.Security.Cryptography;

namespace Farwire.Security.Digest;

/// <summary>Nonces of the service's own making, and how far each has been counted: a header that was seen does not count again.</summary>
/// <remarks>
/// RFC 7616, "nonce" and "nc". A nonce is its time and a keyed hash of it: nothing is kept for who only asks. From its first use on it is kept, with the
/// counts that came, until it is old. Counts may come out of order by as much as a window holds, for a client may have several connections.
/// </remarks>
internal sealed class NonceTable(TimeProvider time)
{
    private const int MaxKept = 10_000;
    private const int Window = 64;

    private static readonly TimeSpan Life = TimeSpan.FromMinutes(5);

    private readonly Lock _lock = new();
    private readonly Dictionary<string, Counted> _kept = [];
    private byte[] _key = RandomNumberGenerator.GetBytes(32);

    /// <summary>A new one.</summary>
    public string Make()
    {
        Span<byte> ticks = stackalloc byte[8];
        BinaryPrimitives.WriteInt64BigEndian(ticks, time.GetUtcNow().UtcTicks);
        return Convert.ToHexStringLower(ticks) + Convert.ToHexStringLower(HMACSHA256.HashData(_key, ticks).AsSpan(0, 16));
    }

    /// <summary>The nonce is one of ours.</summary>
    public bool IsOurs(string nonce, out bool isOld)
    {
        isOld = true;
        Span<byte> bytes = stackalloc byte[24];
        if (nonce.Length != 48 || Convert.FromHexString(nonce, bytes, out _, out var length) != System.Buffers.OperationStatus.Done || length != 24
            || !CryptographicOperations.FixedTimeEquals(bytes[8..], HMACSHA256.HashData(_key, bytes[..8]).AsSpan(0, 16)))
        {
            return false;
        }

        isOld = time.GetUtcNow().UtcTicks - BinaryPrimitives.ReadInt64BigEndian(bytes) > Life.Ticks;
        return true;
    }

    /// <summary>Counts a use of a nonce that <see cref="IsOurs"/>; false when this count was there, or is too far behind.</summary>
    public bool Count(string nonce, string count)
    {
        if (!uint.TryParse(count, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var number) || number == 0)
        {
            return false;
        }

        lock (_lock)
        {
            if (!_kept.TryGetValue(nonce, out var counted))
            {
                MakeRoom();
                _kept[nonce] = counted = new Counted(time.GetTimestamp());
            }

            return counted.Take(number);
        }
    }

    // A flood of logins within one life: nonces of the old key are none from now on, and everybody asks for a new one.
    private void MakeRoom()
    {
        if (_kept.Count < MaxKept)
        {
            return;
        }

        foreach (var (nonce, counted) in _kept)
        {
            if (time.GetElapsedTime(counted.Since) > Life)
            {
                _kept.Remove(nonce);
            }
        }

        if (_kept.Count >= MaxKept)
        {
            _kept.Clear();
            _key = RandomNumberGenerator.GetBytes(32);
        }
    }

    private sealed class Counted(long since)
    {
        private uint _highest;
        private ulong _seen; // bit n: the count that is n behind the highest

        public long Since => since;

        public bool Take(uint number)
        {
            if (number > _highest)
            {
                var step = number - _highest;
                _seen = step >= Window ? 1 : (_seen << (int)step) | 1;
                _highest = number;
                return true;
            }

            var behind = _highest - number;
            var bit = behind < Window ? 1UL << (int)behind : 0;
            if (bit == 0 || (_seen & bit) != 0)
            {
                return false;
            }

            _seen |= bit;
            return true;
        }
    }
}
