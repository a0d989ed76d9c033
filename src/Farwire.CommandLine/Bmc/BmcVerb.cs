using Farwire.Ipmi;
using Farwire.Ipmi.Sensor;
using Farwire.Ipmi.Session;

namespace Farwire.CommandLine.Bmc;

/// <summary>A verb of <c>farwire bmc</c> on one controller.</summary>
internal abstract class BmcVerb
{
    /// <summary>The lowest level that the verb can do with.</summary>
    public abstract PrivilegeLevel Privilege { get; }

    /// <summary>True when the verb only reads, so that it can be watched.</summary>
    public virtual bool CanBeWatched => false;

    /// <summary>What the verb has to say about a controller; asked again in each round of a watch.</summary>
    public abstract ValueTask<BmcRows> RunAsync(BmcTarget target, CancellationToken cancellationToken);

    /// <summary>The worst that the last round saw.</summary>
    public virtual SensorHealth Worst => SensorHealth.Ok;
}

/// <summary>A controller that a verb works on.</summary>
internal sealed class BmcTarget(string host, IpmiClient client) : IAsyncDisposable
{
    public string Host => host;

    public IpmiClient Client => client;

    /// <summary>What a verb keeps from round to round.</summary>
    public object? State { get; set; }

    public ValueTask DisposeAsync() => client.DisposeAsync();
}
