using Farwire.Ipmi.Sel;
using Farwire.Ipmi.Sensor;

namespace Farwire.Ipmi.Tests.Peers;

/// <summary>New records of the log, each once, whatever happens to log and clock.</summary>
[Trait("Peer", "ipmi_sim")]
public sealed class FollowingOfIpmiSimTests(IpmiSim sim) : IClassFixture<IpmiSim>
{
    [Fact]
    public async Task New_records_come_once_over_a_clock_set_back_and_a_cleared_log()
    {
        IpmiSim.Need();
        await using var client = IpmiClient.OverLan(sim.Options());
        var follower = client.Sel.Follow();

        Assert.Equal(8, (await follower.ReadNewAsync()).Count);
        Assert.Empty(await follower.ReadNewAsync());

        await client.Sel.SetTimeAsync(new DateTimeOffset(2026, 1, 1, 0, 0, 0, TimeSpan.Zero));
        await AddAsync(client, 1);
        await client.Sel.SetTimeAsync(new DateTimeOffset(2020, 1, 1, 0, 0, 0, TimeSpan.Zero));
        await AddAsync(client, 2);
        Assert.Equal([1, 2], (await follower.ReadNewAsync()).Cast<SelEvent>().Select(e => (int)e.SensorNumber));

        await client.Sel.ClearAsync();
        Assert.Empty(await follower.ReadNewAsync());
        await AddAsync(client, 3);
        Assert.Equal([3], (await follower.ReadNewAsync()).Cast<SelEvent>().Select(e => (int)e.SensorNumber));

        // cleared and filled again between two looks
        await client.Sel.ClearAsync();
        await AddAsync(client, 4);
        await AddAsync(client, 5);
        Assert.Equal([4, 5], (await follower.ReadNewAsync()).Cast<SelEvent>().Select(e => (int)e.SensorNumber));
        Assert.Empty(await follower.ReadNewAsync());
    }

    private static async Task AddAsync(IpmiClient client, byte sensor) => await client.Sel.AddAsync(new SelEvent
    {
        GeneratorId = 0x0041, SensorType = SensorType.SystemEvent, SensorNumber = sensor, IsAssertion = true, EventType = 0x6F, Data1 = 0x01,
    });
}
