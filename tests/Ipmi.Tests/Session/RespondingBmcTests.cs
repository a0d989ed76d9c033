using System.Text;
using Farwire.Ipmi.Sdr;
using Farwire.Ipmi.Sel;
using Farwire.Ipmi.Session;
using Farwire.TestKit;
using Farwire.TestKit.Bmc;

namespace Farwire.Ipmi.Tests.Session;

/// <summary>What no simulator does: a controller of our own with suite 17, a K_g, odd answers and silence.</summary>
public sealed class RespondingBmcTests
{
    private static readonly byte[] DeviceIdAnswer = [0x00, 0x20, 0x01, 0x02, 0x15, 0x02, 0xBF, 0xB7, 0xA2, 0x00, 0x02, 0x01];

    [Fact]
    public async Task Suite_17_is_chosen_where_both_have_it()
    {
        await using var bmc = new RespondingBmc(_ => DeviceIdAnswer);
        await using (var transport = new LanTransport(Options(bmc)))
        {
            await using var client = new IpmiClient(transport);
            Assert.Equal("2.15", (await client.GetDeviceIdAsync()).Firmware);
            Assert.Equal((CipherSuite.Suite17, (byte)17), (transport.CipherSuite, bmc.LastSuite));
        }

        await EventuallyAsync(() => bmc.Closed == 1);
    }

    [Theory]
    [InlineData(17)]
    [InlineData(3)]
    [Trait("Peer", "ipmitool")]
    public async Task Ipmitool_confirms_that_this_controller_speaks_the_suite(byte suite)
    {
        Assert.SkipUnless(File.Exists("/usr/bin/ipmitool"), "/usr/bin/ipmitool is not installed");
        await using var bmc = new RespondingBmc(request => request is { Function: 0x06, Command: 0x01 } ? DeviceIdAnswer : [0xC1]) { Suites = [suite] };

        var output = await SimulatedBmc.ToolAsync(
            "/usr/bin/ipmitool",
            ["-I", "lanplus", "-C", suite.ToString(System.Globalization.CultureInfo.InvariantCulture), "-H", "127.0.0.1", "-p", bmc.Port.ToString(System.Globalization.CultureInfo.InvariantCulture), "-U", "admin", "-P", "secret-pw", "raw", "6", "1"]);

        Assert.Equal("20 01 02 15 02 bf b7 a2 00 02 01", output.Trim());
        Assert.Equal(suite, bmc.LastSuite);
    }

    [Theory]
    [InlineData(3)]
    [InlineData(17)]
    public async Task A_controller_with_a_key_of_its_own_needs_it(byte suite)
    {
        await using var bmc = new RespondingBmc(_ => DeviceIdAnswer) { Suites = [suite], Kg = "a key of the machine"u8.ToArray() };
        await using var without = IpmiClient.OverLan(Options(bmc));
        await using var wrong = IpmiClient.OverLan(Options(bmc) with { Kg = "another key"u8.ToArray() });
        await using var right = IpmiClient.OverLan(Options(bmc) with { Kg = "a key of the machine"u8.ToArray() });

        Assert.Contains("K_g", (await Assert.ThrowsAsync<IpmiTransportException>(async () => await without.GetDeviceIdAsync())).Message, StringComparison.Ordinal);
        Assert.Equal(IpmiTransportFailure.Authentication, (await Assert.ThrowsAsync<IpmiTransportException>(async () => await wrong.GetDeviceIdAsync())).Failure);
        Assert.Equal("2.15", (await right.GetDeviceIdAsync()).Firmware);
    }

    [Theory]
    [InlineData(true, 20)]
    [InlineData(false, 16)]
    [InlineData(true, 16)]
    public async Task Controllers_that_compute_codes_their_own_way_are_understood(bool roleWithoutLookup, int passwordBytes)
    {
        await using var bmc = new RespondingBmc(_ => DeviceIdAnswer)
        {
            Password = "a password of 20 ch.", HashesRoleWithoutLookup = roleWithoutLookup, PasswordBytes = passwordBytes,
        };
        await using var client = IpmiClient.OverLan(Options(bmc) with { Password = Encoding.UTF8.GetBytes(bmc.Password) });

        Assert.Equal("2.15", (await client.GetDeviceIdAsync()).Firmware);
    }

    [Fact]
    public async Task The_answer_of_a_controller_behind_may_follow_as_a_message_of_its_own()
    {
        await using var bmc = new RespondingBmc(_ => DeviceIdAnswer) { Behind = (address, request) => [0x00, address, request.Function, request.Command, .. request.Data] };
        await using var client = IpmiClient.OverLan(Options(bmc));

        var answer = await client.RawAsync(new IpmiRequest((NetworkFunction)0x2E, 0x11, new byte[] { 7, 8 }) { Responder = 0x52 });

        Assert.Equal(CompletionCode.Ok, answer.CompletionCode);
        Assert.Equal([0x52, 0x2E, 0x11, 7, 8], answer.Data.ToArray());
        Assert.Equal("2.15", (await client.GetDeviceIdAsync()).Firmware);
    }

    [Fact]
    public async Task A_controller_of_IPMI_1_5_is_refused_with_the_reason()
    {
        await using var bmc = new RespondingBmc(_ => DeviceIdAnswer) { HasRmcpPlus = false };
        await using var client = IpmiClient.OverLan(Options(bmc));

        Assert.Contains("1.5", (await Assert.ThrowsAsync<IpmiTransportException>(async () => await client.GetDeviceIdAsync())).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task No_common_suite_is_said()
    {
        await using var bmc = new RespondingBmc(_ => DeviceIdAnswer) { Suites = [] };
        await using var client = IpmiClient.OverLan(Options(bmc));

        Assert.Equal(IpmiTransportFailure.CipherSuite, (await Assert.ThrowsAsync<IpmiTransportException>(async () => await client.GetDeviceIdAsync())).Failure);
    }

    [Fact]
    public async Task A_silent_controller_is_asked_again_with_longer_waits_and_then_given_up()
    {
        using var silent = new System.Net.Sockets.UdpClient(new System.Net.IPEndPoint(System.Net.IPAddress.Loopback, 0));
        var port = ((System.Net.IPEndPoint)silent.Client.LocalEndPoint!).Port;
        var time = new ManualTime();
        await using var client = IpmiClient.OverLan(Options(port) with { KeepAlive = TimeSpan.Zero }, time);

        var asked = client.GetDeviceIdAsync().AsTask();
        foreach (var wait in (int[])[500, 1000, 2000, 4000])
        {
            await silent.ReceiveAsync();
            await EventuallyAsync(() => time.WaitingTimers == 1);
            time.Advance(TimeSpan.FromMilliseconds(wait - 1));
            Assert.Equal(0, silent.Available);
            time.Advance(TimeSpan.FromMilliseconds(1));
        }

        Assert.Equal(IpmiTransportFailure.NoAnswer, (await Assert.ThrowsAsync<IpmiTransportException>(() => asked)).Failure);
    }

    [Fact]
    public async Task A_question_to_a_silent_controller_can_be_given_up_at_once()
    {
        using var silent = new System.Net.Sockets.UdpClient(new System.Net.IPEndPoint(System.Net.IPAddress.Loopback, 0));
        await using var client = IpmiClient.OverLan(Options(((System.Net.IPEndPoint)silent.Client.LocalEndPoint!).Port));
        using var patience = new CancellationTokenSource();

        var asked = client.GetDeviceIdAsync(patience.Token).AsTask();
        await silent.ReceiveAsync();
        await patience.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => asked);
    }

    [Fact]
    public async Task A_busy_controller_is_asked_again()
    {
        var busy = 3;
        await using var bmc = new RespondingBmc(_ => busy-- > 0 ? [0xC0] : DeviceIdAnswer);
        await using var client = IpmiClient.OverLan(Options(bmc));

        Assert.Equal("2.15", (await client.GetDeviceIdAsync()).Firmware);
        Assert.Equal(-1, busy);
    }

    [Theory]
    [InlineData(0xC3, 2)]
    [InlineData(0xC0, 2)]
    [InlineData(0xD4, 1)]
    [InlineData(0xFF, 1)]
    public async Task What_the_controller_refuses_is_an_error_with_its_code(byte code, int leastQuestions)
    {
        var questions = 0;
        await using var bmc = new RespondingBmc(_ =>
        {
            questions++;
            return [code];
        });
        await using var client = IpmiClient.OverLan(Options(bmc));

        var refusal = await Assert.ThrowsAsync<IpmiCompletionException>(async () => await client.GetDeviceIdAsync());

        Assert.Equal(code, (byte)refusal.Code);
        Assert.Contains("Get Device ID", refusal.Message, StringComparison.Ordinal);
        Assert.True(questions >= leastQuestions);
    }

    [Fact]
    public async Task After_a_time_out_nothing_is_changed_twice()
    {
        var questions = 0;
        await using var bmc = new RespondingBmc(_ =>
        {
            questions++;
            return [0xC3];
        });
        await using var client = IpmiClient.OverLan(Options(bmc));

        await Assert.ThrowsAsync<IpmiCompletionException>(async () => await client.Chassis.ControlAsync(Farwire.Ipmi.Chassis.ChassisControl.PowerCycle));

        Assert.Equal(1, questions);
    }

    [Fact]
    public async Task A_restarted_controller_is_met_with_a_new_session()
    {
        await using var bmc = new RespondingBmc(_ => DeviceIdAnswer);
        await using var transport = new LanTransport(Options(bmc) with { FirstWait = TimeSpan.FromMilliseconds(20), Attempts = 2 });
        await using var client = new IpmiClient(transport);
        await client.GetDeviceIdAsync();

        bmc.Restart();

        Assert.Equal("2.15", (await client.GetDeviceIdAsync()).Firmware);
        Assert.Equal(2, transport.Sessions);
    }

    [Fact]
    public async Task An_idle_session_is_kept_alive()
    {
        var questions = 0;
        await using var bmc = new RespondingBmc(_ =>
        {
            Interlocked.Increment(ref questions);
            return DeviceIdAnswer;
        });
        var time = new ManualTime();
        await using var client = IpmiClient.OverLan(Options(bmc), time);
        await client.GetDeviceIdAsync();

        time.Advance(TimeSpan.FromSeconds(24));
        Assert.Equal(1, Volatile.Read(ref questions));
        time.Advance(TimeSpan.FromSeconds(1));

        await EventuallyAsync(() => Volatile.Read(ref questions) == 2);
    }

    [Theory]
    [InlineData("CA")]
    [InlineData("FF")]
    [InlineData("C7")]
    public async Task Records_are_read_in_parts_where_the_controller_gives_no_more(string refusal)
    {
        var model = new SdrModel { MaxPart = 16, Refusal = Convert.FromHexString(refusal)[0] };
        await using var bmc = new RespondingBmc(model.Answer);
        await using var client = IpmiClient.OverLan(Options(bmc));

        var repository = await client.Sdr.ReadAsync();

        Assert.Equal(["One", "Two", "Three"], repository.Sensors.Select(s => s.Name));
    }

    [Fact]
    public async Task Records_that_change_while_they_are_read_are_read_again()
    {
        var model = new SdrModel { MaxPart = 16, ChangeAtRead = 7 };
        await using var bmc = new RespondingBmc(model.Answer);
        await using var client = IpmiClient.OverLan(Options(bmc));

        var repository = await client.Sdr.ReadAsync();

        Assert.Equal(["One", "Two", "Changed"], repository.Sensors.Select(s => s.Name));
        Assert.Same(repository, await client.Sdr.ReadAsync());
    }

    [Fact]
    public async Task Records_that_never_stand_still_are_an_error()
    {
        var model = new SdrModel { ChangesAlways = true };
        await using var bmc = new RespondingBmc(model.Answer);
        await using var client = IpmiClient.OverLan(Options(bmc));

        await Assert.ThrowsAsync<IpmiFormatException>(async () => await client.Sdr.ReadAsync());
    }

    [Fact]
    public async Task Lists_that_lead_back_come_to_an_end()
    {
        // Get SDR and Get SEL Entry always name record 1 as the next
        await using var bmc = new RespondingBmc(request => request.Command switch
        {
            0x20 => [0, 0x51, 3, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0],
            0x23 => [0, 1, 0, .. SdrModel.Record(1, "A")],
            0x43 => [0, 1, 0, .. new byte[16]],
            _ => [0xC1],
        });
        await using var client = IpmiClient.OverLan(Options(bmc));

        await Assert.ThrowsAsync<IpmiFormatException>(async () => await client.Sdr.ReadAsync());
        await Assert.ThrowsAsync<IpmiFormatException>(async () => await client.Sel.ReadAsync().ToListAsync());
    }

    [Fact]
    public async Task Cut_answers_are_an_error_that_names_the_command()
    {
        await using var bmc = new RespondingBmc(_ => [0x00, 0x20]);
        await using var client = IpmiClient.OverLan(Options(bmc));

        Assert.Contains("Get Device ID", (await Assert.ThrowsAsync<IpmiFormatException>(async () => await client.GetDeviceIdAsync())).Message, StringComparison.Ordinal);
        Assert.Contains("Get SEL Info", (await Assert.ThrowsAsync<IpmiFormatException>(async () => await client.Sel.GetInfoAsync())).Message, StringComparison.Ordinal);
        await Assert.ThrowsAsync<IpmiFormatException>(async () => await client.Fru.ReadAsync());
        await Assert.ThrowsAsync<IpmiFormatException>(async () => await client.Chassis.GetStatusAsync());
    }

    private static LanOptions Options(RespondingBmc bmc) => Options(bmc.Port);

    private static LanOptions Options(int port) => new()
    {
        Host = "127.0.0.1", Port = port, User = "admin", Password = "secret-pw"u8.ToArray(), Privilege = PrivilegeLevel.Administrator,
    };

    private static async Task EventuallyAsync(Func<bool> condition)
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(20));
        while (!condition())
        {
            await Task.Delay(5, patience.Token);
        }
    }
}
