using Farwire.Ipmi.Sensor;

namespace Farwire.Ipmi.Sdr;

/// <summary>What the three kinds of sensor records have in common.</summary>
public abstract record SensorRecord : SdrRecord
{
    /// <summary>The slave address (even) or software ID (odd) of the controller that has the sensor; 20h is the BMC.</summary>
    public byte Owner { get; init; }

    /// <summary>The owner's logical unit.</summary>
    public byte Lun { get; init; }

    /// <summary>The channel to the owner.</summary>
    public byte Channel { get; init; }

    /// <summary>The sensor's number at its owner.</summary>
    public byte Number { get; init; }

    /// <summary>The part it watches.</summary>
    public EntityId Entity { get; init; }

    /// <summary>What it measures.</summary>
    public SensorType SensorType { get; init; }

    /// <summary>How its states are read: 01h thresholds, 02h–0Ch generic, 6Fh the sensor type's own, 70h–7Fh a manufacturer's.</summary>
    public byte EventReadingType { get; init; }

    /// <summary>How many sensors with following numbers the record describes.</summary>
    public int ShareCount { get; init; } = 1;

    /// <summary>How the shared sensors are named.</summary>
    internal SensorSharing Sharing { get; init; }

    /// <summary>The name.</summary>
    public string Name { get; init; } = "";

    /// <summary>All states that it can have, in words.</summary>
    public IReadOnlyList<string> PossibleStates => [.. SensorStates.Possible(this)];

    /// <summary>True when it compares a reading with thresholds.</summary>
    public bool HasThresholds => EventReadingType == 0x01;

    /// <summary>The records of the single sensors: one, or with sharing several with numbers and names that count up.</summary>
    internal IEnumerable<SensorRecord> Single()
    {
        for (var i = 0; i < ShareCount; i++)
        {
            yield return ShareCount == 1
                ? this
                : this with
                {
                    Number = (byte)(Number + i),
                    Entity = Sharing.EntityCounts ? Entity with { Instance = (byte)(Entity.Instance + i) } : Entity,
                    Name = Name + Sharing.Suffix(i),
                    ShareCount = 1,
                };
        }
    }

    // owner · channel, LUN · number
    private protected static (byte Owner, byte Channel, byte Lun, byte Number) ReadKey(ref DataReader data)
    {
        var owner = data.Byte();
        var where = data.Byte();
        return (owner, (byte)(where >> 4), (byte)(where & 0x03), data.Byte());
    }
}

/// <summary>How sensors that share one record are told apart.</summary>
/// <remarks>IPMI 2.0, "Compact Sensor Record", record sharing.</remarks>
internal readonly record struct SensorSharing(bool Alphabetic, byte Offset, bool EntityCounts)
{
    public string Suffix(int index)
    {
        var number = Offset + index;
        return Alphabetic
            ? number < 26 ? ((char)('A' + number)).ToString() : $"{(char)('A' + ((number / 26) - 1) % 26)}{(char)('A' + (number % 26))}"
            : number.ToString(System.Globalization.CultureInfo.InvariantCulture);
    }

    // bits 5:4 of the first: kind of suffix · bits 3:0: count · bit 7 of the second: entity counts · bits 6:0: first number
    public static (int Count, SensorSharing Sharing) Read(ref DataReader data)
    {
        var first = data.Byte();
        var second = data.Byte();
        return (Math.Max(1, first & 0x0F), new SensorSharing((first & 0x30) == 0x10, (byte)(second & 0x7F), (second & 0x80) != 0));
    }
}
