using System.Net;
using System.Net.Sockets;

namespace Farwire.Service.Configuration;

/// <summary>Ranges of addresses, as IPv4Filter and IPv6Filter name them.</summary>
/// <remarks>MS-WSMV, "IPv4Filter", "IPv6Filter": ranges with commas, <c>*</c> for all, empty for none.</remarks>
public sealed class IpFilter
{
    private readonly List<(UInt128 From, UInt128 To)>? _ranges;

    private IpFilter(List<(UInt128, UInt128)>? ranges) => _ranges = ranges;

    /// <summary>Every address.</summary>
    public bool IsAll => _ranges is null;

    /// <summary>Reads the text form.</summary>
    public static bool TryParse(string text, bool isV6, out IpFilter filter)
    {
        filter = new IpFilter(null);
        if (text.Trim() == "*")
        {
            return true;
        }

        var ranges = new List<(UInt128, UInt128)>();
        foreach (var part in text.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))
        {
            var ends = part.Split('-', StringSplitOptions.TrimEntries);
            if (ends.Length > 2 || !TryNumber(ends[0], isV6, out var from) || !TryNumber(ends[^1], isV6, out var to) || from > to)
            {
                return false;
            }

            ranges.Add((from, to));
        }

        filter = new IpFilter(ranges);
        return true;
    }

    /// <summary>True for an address inside of a range.</summary>
    public bool Allows(IPAddress address)
    {
        if (_ranges is null)
        {
            return true;
        }

        var number = NumberOf(address);
        return _ranges.Any(range => range.From <= number && number <= range.To);
    }

    private static bool TryNumber(string text, bool isV6, out UInt128 number)
    {
        number = default;
        if (!IPAddress.TryParse(text.Trim('[', ']'), out var address) || address.AddressFamily != (isV6 ? AddressFamily.InterNetworkV6 : AddressFamily.InterNetwork))
        {
            return false;
        }

        number = NumberOf(address);
        return true;
    }

    private static UInt128 NumberOf(IPAddress address)
    {
        UInt128 number = 0;
        foreach (var octet in address.GetAddressBytes())
        {
            number = (number << 8) | octet;
        }

        return number;
    }
}
