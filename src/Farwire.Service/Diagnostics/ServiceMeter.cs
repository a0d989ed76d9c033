using System.Diagnostics;
using System.Diagnostics.Metrics;
using System.Globalization;

namespace Farwire.Service.Diagnostics;

/// <summary>What the service counts and times, under the name <c>Farwire.Service</c>; whoever listens to meters finds it there.</summary>
/// <remarks>OpenTelemetry, "Semantic conventions". Each service of a process has a meter of its own. Nothing is counted while nobody listens.</remarks>
public sealed class ServiceMeter : IDisposable
{
    /// <summary>The name of the meter, and of the source of traces.</summary>
    public const string Name = "Farwire.Service";

    private readonly Histogram<double> _duration;
    private readonly Counter<long> _authentications;

    /// <summary>Makes the meter of one service.</summary>
    /// <param name="running">Requests under way.</param>
    /// <param name="enumerations">Enumerations that are open.</param>
    public ServiceMeter(Func<int> running, Func<int> enumerations)
    {
        Meter = new Meter(Name);
        _duration = Meter.CreateHistogram<double>("farwire.request.duration", "s", "How long requests take, by operation and fault code (0: none)");
        _authentications = Meter.CreateCounter<long>("farwire.authentications", null, "Attempts to prove an identity, by scheme and outcome");
        Meter.CreateObservableGauge("farwire.requests.running", running, null, "Requests under way");
        Meter.CreateObservableGauge("farwire.enumerations.open", enumerations, null, "Enumerations that are open");
    }

    /// <summary>Where the service's traces come from.</summary>
    public static ActivitySource Activities { get; } = new(Name);

    /// <summary>The meter, for those who have more to count.</summary>
    public Meter Meter { get; }

    /// <summary>Somebody wants to know how long requests take.</summary>
    public bool TimesRequests => _duration.Enabled;

    /// <summary>A request has ended.</summary>
    public void Ended(string? action, long started, uint faultCode)
    {
        if (_duration.Enabled)
        {
            _duration.Record(
                Stopwatch.GetElapsedTime(started).TotalSeconds,
                new KeyValuePair<string, object?>("operation", OperationOf(action)),
                new KeyValuePair<string, object?>("fault", faultCode == 0 ? "0" : faultCode.ToString(CultureInfo.InvariantCulture)));
        }
    }

    /// <summary>Somebody tried to prove who they are.</summary>
    public void Authenticated(string scheme, bool accepted) => _authentications.Add(
        1, new KeyValuePair<string, object?>("scheme", scheme), new KeyValuePair<string, object?>("outcome", accepted ? "accepted" : "refused"));

    /// <inheritdoc/>
    public void Dispose() => Meter.Dispose();

    // The last word of an action. Only known ones become labels: what a stranger writes must not fill the memory.
    internal static string OperationOf(string? action)
    {
        var last = action.AsSpan()[((action?.LastIndexOf('/') ?? -1) + 1)..];
        foreach (var name in Operations)
        {
            if (last.Equals(name, StringComparison.OrdinalIgnoreCase))
            {
                return name;
            }
        }

        return action is null ? "none" : "Invoke";
    }

    private static readonly string[] Operations =
    [
        "Get", "Put", "Create", "Delete", "Enumerate", "Pull", "Release", "Subscribe", "Unsubscribe", "Renew", "GetStatus", "Identify",
        "Command", "Send", "Receive", "Signal", "Connect", "Disconnect", "Reconnect", "Events", "Heartbeat", "End",
    ];
}
