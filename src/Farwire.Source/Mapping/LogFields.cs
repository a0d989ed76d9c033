using System.Globalization;
using System.Text;
using Farwire.Source.Syslog;

namespace Farwire.Source.Mapping;

/// <summary>What a machine logged at once: fields with values, a name as often as it was given.</summary>
/// <remarks>systemd.journal-fields(7); what comes by syslog takes the same names.</remarks>
public sealed class LogFields
{
    /// <summary>Fields of one entry that are kept.</summary>
    public const int MaxFields = 1024;

    /// <summary>Bytes of one field that are kept; what is longer is cut.</summary>
    public const int MaxField = 64 * 1024;

    private const long Year2100 = 4_102_444_800_000_000;

    private readonly List<(string Name, byte[] Value)> _all = [];

    /// <summary>Every field, in order.</summary>
    public IReadOnlyList<(string Name, byte[] Value)> All => _all;

    /// <summary>When it was taken.</summary>
    public required DateTimeOffset Received { get; init; }

    /// <summary>The machine that it is from; null is this one.</summary>
    public string? Computer { get; init; }

    /// <summary>The first value of a field as text; null without one.</summary>
    public string? this[string name]
    {
        get
        {
            foreach (var (field, value) in _all)
            {
                if (field == name)
                {
                    return Encoding.UTF8.GetString(value);
                }
            }

            return null;
        }
    }

    /// <summary>When it happened as the machine that it is from says; of a time that cannot be one, when it was taken.</summary>
    public DateTimeOffset Time => Number(Computer is null ? "_SOURCE_REALTIME_TIMESTAMP" : SyslogJournal.HappenedAt) is { } microseconds and > 0 and < Year2100
        && DateTimeOffset.UnixEpoch.AddTicks(microseconds * TimeSpan.TicksPerMicrosecond) is var said && said < Received.AddDays(1) ? said : Received;

    /// <summary>Adds a field; behind <see cref="MaxFields"/> nothing is added.</summary>
    public void Add(string name, ReadOnlySpan<byte> value)
    {
        if (_all.Count < MaxFields)
        {
            _all.Add((name, value[..Math.Min(value.Length, MaxField)].ToArray()));
        }
    }

    /// <summary>Adds a field of text.</summary>
    public void Add(string name, string value) => Add(name, Encoding.UTF8.GetBytes(value));

    /// <summary>A field as a number; null when it is none.</summary>
    public long? Number(string name) => long.TryParse(this[name], NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : null;
}
