using Farwire.CommandLine.Grammar;
using Farwire.Ipmi.Sdr;
using Farwire.Ipmi.Sel;
using Farwire.Ipmi.Sensor;
using Farwire.Ipmi.Session;

namespace Farwire.CommandLine.Bmc;

/// <summary><c>farwire bmc sel [list|info|clear]</c>: the event log; watched, it goes on with what is new.</summary>
internal sealed class SelVerb : BmcVerb
{
    private readonly string _what;
    private SensorHealth _worst;

    public SelVerb(BmcLine line)
    {
        _what = line.Words.ElementAtOrDefault(1) ?? "list";
        if (_what is not ("list" or "info" or "clear") || line.Words.Count > 2)
        {
            throw new UsageException($"farwire bmc sel takes list, info or clear, not '{string.Join(' ', line.Words.Skip(1))}'.");
        }
    }

    public override PrivilegeLevel Privilege => _what == "clear" ? PrivilegeLevel.Operator : PrivilegeLevel.User;

    public override bool CanBeWatched => _what == "list";

    public override SensorHealth Worst => _worst;

    public override async ValueTask<BmcRows> RunAsync(BmcTarget target, CancellationToken cancellationToken)
    {
        switch (_what)
        {
            case "list":
                return await ListAsync(target, cancellationToken).ConfigureAwait(false);
            case "clear":
                await target.Client.Sel.ClearAsync(cancellationToken).ConfigureAwait(false);
                break;
        }

        var info = await target.Client.Sel.GetInfoAsync(cancellationToken).ConfigureAwait(false);
        var rows = new BmcRows("entries", "freeBytes", "overflow", "clock");
        rows.Add(info.Entries, info.FreeBytes, info.Overflow, await target.Client.Sel.GetTimeAsync(cancellationToken).ConfigureAwait(false));
        return rows;
    }

    private async ValueTask<BmcRows> ListAsync(BmcTarget target, CancellationToken cancellationToken)
    {
        var follower = (SelFollower)(target.State ??= target.Client.Sel.Follow());
        var repository = await target.Client.Sdr.ReadAsync(cancellationToken).ConfigureAwait(false);
        var rows = new BmcRows("record", "time", "sensor", "type", "event", "direction", "health", "reading", "threshold", "unit");
        foreach (var record in await follower.ReadNewAsync(cancellationToken).ConfigureAwait(false))
        {
            if (record is SelEvent e)
            {
                var sensor = repository.FindSensor(e.SensorNumber, (byte)e.GeneratorId, (byte)((e.GeneratorId >> 8) & 0x03));
                var factors = (sensor as FullSensorRecord)?.Factors;
                _worst = e.Health > _worst ? e.Health : _worst;
                rows.Add(
                    (int)e.RecordId, TimeOf(e), sensor?.Name ?? $"#{e.SensorNumber}", e.SensorType.Name(), e.Text, e.IsAssertion ? "asserted" : "deasserted",
                    SensorsVerb.HealthText(e.Health), e.TriggerReading is { } reading ? factors?.Convert(reading) : null,
                    e.TriggerThreshold is { } threshold ? factors?.Convert(threshold) : null, (sensor as FullSensorRecord)?.Unit.ToString() ?? "");
            }
            else
            {
                rows.Add((int)record.RecordId, TimeOf(record), "", "OEM", record.Text, "", "", null, null, "");
            }
        }

        return rows;
    }

    // Before its clock is set, a controller counts from its start.
    private static object? TimeOf(SelRecord record) => record.Time is { } time && Ipmi.IpmiTime.IsSinceStart((uint)time.ToUnixTimeSeconds())
        ? $"+{time.ToUnixTimeSeconds()} s"
        : record.Time;
}
