using Farwire.Ipmi.Chassis;
using Farwire.Ipmi.Session;
using Farwire.TestKit.Bmc;

namespace Farwire.Ipmi.Tests.Peers;

/// <summary>Who gets in, who does not, and what a bad network does.</summary>
[Trait("Peer", "ipmi_sim")]
public sealed class SessionsWithIpmiSimTests(IpmiSim sim) : IClassFixture<IpmiSim>
{
    [Fact]
    [Trait("Feature", "IPM-02")]
    public async Task A_session_is_encrypted_with_the_best_suite_that_both_have()
    {
        IpmiSim.Need();
        await using var transport = new LanTransport(sim.Options());

        await transport.OpenAsync();

        Assert.Equal(CipherSuite.Suite3, transport.CipherSuite); // the simulator has no suite 17
    }

    [Theory]
    [InlineData("admin", "wrong")]
    [InlineData("nobody", "secret-pw")]
    public async Task Who_may_not_is_told_why(string user, string password)
    {
        IpmiSim.Need();
        await using var client = IpmiClient.OverLan(IpmiSim.Of(sim.Bmc.Port, user, password));

        var refusal = await Assert.ThrowsAsync<IpmiTransportException>(async () => await client.GetDeviceIdAsync());

        Assert.Equal(IpmiTransportFailure.Authentication, refusal.Failure);
        Assert.Contains(user, refusal.Message, StringComparison.Ordinal);
        Assert.DoesNotContain(password, refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    [Trait("Peer", "ipmitool")]
    public async Task A_controller_behind_the_first_is_reached_through_it()
    {
        IpmiSim.Need();
        await using var client = IpmiClient.OverLan(sim.Options());

        var answer = await client.RawAsync(new IpmiRequest(NetworkFunction.Application, 0x01) { Responder = 0x30 });
        var nobody = await client.RawAsync(new IpmiRequest(NetworkFunction.Application, 0x01) { Responder = 0x44 });

        Assert.Equal(CompletionCode.Ok, answer.CompletionCode);
        Assert.Equal(
            (await sim.Bmc.IpmitoolAsync("-t", "0x30", "raw", "6", "1")).Trim(),
            string.Join(' ', answer.Data.ToArray().Select(b => b.ToString("x2", System.Globalization.CultureInfo.InvariantCulture))));
        Assert.Equal(0x31, answer.Data.Span[0]);
        Assert.Equal(CompletionCode.DestinationUnavailable, nobody.CompletionCode);
        Assert.Equal(0x20, (await client.GetDeviceIdAsync()).Id);
    }

    [Fact]
    public async Task A_user_who_may_only_read_cannot_switch_power()
    {
        IpmiSim.Need();
        await using var client = IpmiClient.OverLan(IpmiSim.Of(sim.Bmc.Port, SimulatedBmc.Viewer, SimulatedBmc.ViewerPassword, PrivilegeLevel.User));

        var refusal = await Assert.ThrowsAsync<IpmiCompletionException>(async () => await client.Chassis.ControlAsync(ChassisControl.PowerDown));

        Assert.Equal(CompletionCode.InsufficientPrivilege, refusal.Code);
        Assert.True((await client.Chassis.GetStatusAsync()).IsPowered);
    }

    [Fact]
    public async Task A_port_where_nobody_listens_is_told_at_once()
    {
        await using var client = IpmiClient.OverLan(IpmiSim.Of(FreePort(), "a", "b"));

        var failure = await Assert.ThrowsAsync<IpmiTransportException>(async () => await client.GetDeviceIdAsync());

        Assert.Equal(IpmiTransportFailure.Unreachable, failure.Failure);
    }

    public static TheoryData<string> Mishaps => ["lost", "doubled", "late", "cut", "forged", "replayed"];

    [Theory]
    [MemberData(nameof(Mishaps))]
    public async Task A_bad_network_changes_no_reading(string mishap)
    {
        IpmiSim.Need();
        var held = new Queue<byte[]>();
        await using var proxy = new DatagramProxy(sim.Bmc.Port, passing => mishap switch
        {
            // every fourth datagram of each direction vanishes
            "lost" => passing.Index % 4 == 2 ? [] : [passing.Bytes],

            // answers only: the simulator does a request as often as it comes, against the rules of sequence numbers
            "doubled" when passing.IsAnswer => [passing.Bytes, passing.Bytes],

            // every third answer comes only after the next one: out of order, and long after its question was repeated
            "late" when passing is { IsAnswer: true } => Hold(held, passing),
            "cut" when passing is { IsAnswer: true, Index: > 4 } && passing.Index % 3 == 0 => [passing.Bytes[..^(1 + (passing.Index % 20))]],

            // before every answer of the session a stranger's: changed in one bit
            "forged" when passing is { IsAnswer: true, Index: > 4 } => [Changed(passing), passing.Bytes],
            "replayed" when passing.IsAnswer => Again(held, passing),
            _ => [passing.Bytes],
        });
        await using var transport = new LanTransport(sim.Options() with { Port = proxy.Port, FirstWait = TimeSpan.FromMilliseconds(60), Attempts = 8, MaxWait = TimeSpan.FromMilliseconds(250) });
        await using var client = new IpmiClient(transport);
        await using var undisturbed = IpmiClient.OverLan(sim.Options());

        var readings = await client.Sensors.ReadAllAsync(withThresholds: true);

        Assert.Equal(
            (await undisturbed.Sensors.ReadAllAsync(withThresholds: true)).Select(r => (r.Sensor.Name, r.Value, r.States, r.Thresholds)),
            readings.Select(r => (r.Sensor.Name, r.Value, r.States, r.Thresholds)));
        if (mishap is not "lost")
        {
            Assert.True(transport.Dropped > 0, "nothing was dropped");
        }
    }

    private static IEnumerable<byte[]> Hold(Queue<byte[]> held, Passing passing)
    {
        if (passing.Index % 3 == 1)
        {
            held.Enqueue(passing.Bytes);
            return [];
        }

        return held.TryDequeue(out var late) ? [passing.Bytes, late] : [passing.Bytes];
    }

    private static IEnumerable<byte[]> Again(Queue<byte[]> kept, Passing passing)
    {
        var old = kept.ToArray();
        kept.Enqueue(passing.Bytes);
        if (kept.Count > 5)
        {
            kept.Dequeue();
        }

        return [.. old, passing.Bytes];
    }

    private static byte[] Changed(Passing passing)
    {
        var bytes = passing.Bytes.ToArray();
        bytes[4 + (passing.Index % (bytes.Length - 4))] ^= (byte)(1 << (passing.Index % 8));
        return bytes;
    }

    private static int FreePort()
    {
        using var socket = new System.Net.Sockets.UdpClient(0, System.Net.Sockets.AddressFamily.InterNetwork);
        return ((System.Net.IPEndPoint)socket.Client.LocalEndPoint!).Port;
    }
}
