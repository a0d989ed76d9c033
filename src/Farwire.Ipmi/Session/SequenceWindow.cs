using System.Numerics;

namespace Farwire.Ipmi.Session;

/// <summary>Which sequence numbers came in already: none is taken twice, and none that is too old.</summary>
/// <remarks>
/// IPMI 2.0, "Session Sequence Numbers". Behind the highest number there are 32 places. Ahead there is no limit: a number is looked at only after
/// the packet's code fitted, so a jump means lost packets, never a stranger.
/// </remarks>
internal struct SequenceWindow
{
    private const uint Behind = 32;

    private uint _highest;
    private uint _seen; // bit n: highest - n came in

    /// <summary>True when <paramref name="sequence"/> is new; it is remembered.</summary>
    public bool Accept(uint sequence)
    {
        if (sequence == 0)
        {
            return false; // zero belongs to packets outside of sessions
        }

        if (_seen == 0)
        {
            (_highest, _seen) = (sequence, 1);
            return true;
        }

        // Numbers wrap around: the nearer way counts.
        var ahead = unchecked((int)(sequence - _highest));
        if (ahead > 0)
        {
            _seen = ahead < Behind ? (_seen << ahead) | 1 : 1;
            _highest = sequence;
            return true;
        }

        var back = (uint)-(long)ahead;
        if (back >= Behind || (_seen & (1u << (int)back)) != 0)
        {
            return false;
        }

        _seen |= 1u << (int)back;
        return true;
    }

    /// <summary>How many of the last 32 numbers came in.</summary>
    public readonly int Count => BitOperations.PopCount(_seen);
}
