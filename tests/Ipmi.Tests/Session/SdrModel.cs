using System.Text;
using Farwire.TestKit.Bmc;

namespace Farwire.Ipmi.Tests.Session;

/// <summary>Three sensor data records at a controller that gives them in parts only, and changes them when it is told to.</summary>
internal sealed class SdrModel
{
    private readonly string[] _names = ["One", "Two", "Three"];
    private ushort _reservation;
    private byte _changes;
    private int _reads;

    /// <summary>The most bytes it gives at once.</summary>
    public int MaxPart { get; init; } = 255;

    /// <summary>What it says to those who want more.</summary>
    public byte Refusal { get; init; } = 0xCA;

    /// <summary>The read before which the last record changes.</summary>
    public int ChangeAtRead { get; init; } = -1;

    /// <summary>True when the time of the last change is always another.</summary>
    public bool ChangesAlways { get; init; }

    public static byte[] Record(ushort id, string name) =>
    [
        (byte)id, (byte)(id >> 8), 0x51, 0x03, (byte)(12 + name.Length),
        0x20, 0x00, (byte)id, 0x07, 0x01, 0x12, 0x6F, 0x01, 0x00, 0x00, 0x00, (byte)(0xC0 | name.Length), .. Encoding.ASCII.GetBytes(name),
    ];

    public byte[] Answer(BmcRequest request) => request switch
    {
        { Function: 0x06, Command: 0x01 } => [0x00, 0x20, 0x01, 0x02, 0x15, 0x02, 0xBF, 0xB7, 0xA2, 0x00, 0x02, 0x01],
        { Function: 0x0A, Command: 0x20 } => [0, 0x51, 3, 0, 0xFF, 0xFF, ChangesAlways ? ++_changes : _changes, 0, 0, 0, 0, 0, 0, 0, 0x02],
        { Function: 0x0A, Command: 0x22 } => [0, (byte)++_reservation, 0],
        { Function: 0x0A, Command: 0x23 } => Read(request.Data),
        _ => [0xC1],
    };

    // reservation (2) · record (2) · offset · count
    private byte[] Read(byte[] data)
    {
        if (_reads++ == ChangeAtRead)
        {
            _names[2] = "Changed";
            _changes++;
            _reservation++;
        }

        var (id, offset, count) = (Math.Max((ushort)1, BitConverter.ToUInt16(data, 2)), data[4], data[5]);
        if (offset > 0 && data[0] != (byte)_reservation)
        {
            return [0xC5];
        }

        if (count > MaxPart)
        {
            return [Refusal];
        }

        var record = Record(id, _names[id - 1]);
        var next = id == 3 ? 0xFFFF : id + 1;
        return [0, (byte)next, (byte)(next >> 8), .. record.Skip(offset).Take(count)];
    }
}
