using Farwire.Client;
using Farwire.CommandLine.Bmc.Managed;
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
internal sealed class BmcTarget(string host, IpmiClient client, WSManClient? web = null, CimController? cim = null) : IAsyncDisposable
{
    public string Host => host;

    public IpmiClient Client => client;

    /// <summary>Its CIM instances, with <c>--protocol wsman</c>.</summary>
    public CimController Cim => cim ?? throw new InvalidOperationException("Only a controller that is asked by WS-Management has CIM instances.");

    /// <summary>What a verb keeps from round to round.</summary>
    public object? State { get; set; }

    public async ValueTask DisposeAsync()
    {
        await client.DisposeAsync().ConfigureAwait(false);
        if (web is not null)
        {
            await web.DisposeAsync().ConfigureAwait(false);
        }
    }
}
