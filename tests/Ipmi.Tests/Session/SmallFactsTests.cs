using Farwire.Ipmi.Device;
using Farwire.Ipmi.Session;
using Farwire.Ipmi.Users;
using Farwire.TestKit.Bmc;

namespace Farwire.Ipmi.Tests.Session;

/// <summary>Refusals that the simulator does not make: it takes any password as tested, and lets every user be administrator.</summary>
public sealed class SmallFactsTests
{
    [Fact]
    public async Task A_password_that_differs_is_told_from_one_that_fits()
    {
        // 80h: the password differs. Bytes 2 to 21 are the password that is tested.
        await using var bmc = new RespondingBmc(request => request is { Function: 0x06, Command: 0x47, Data: [0x82, 0x03, .. var password] }
            ? [password.AsSpan().TrimEnd((byte)0).SequenceEqual("right"u8) ? (byte)0x00 : (byte)0x80]
            : [0xC1]);
        await using var client = IpmiClient.OverLan(Options(bmc));

        Assert.True(await client.Users.TestPasswordAsync(2, "right"u8.ToArray()));
        Assert.False(await client.Users.TestPasswordAsync(2, "wrong"u8.ToArray()));
        await Assert.ThrowsAsync<ArgumentException>(async () => await client.Users.TestPasswordAsync(2, new byte[21]));
    }

    [Fact]
    public async Task A_controller_that_grants_a_lower_level_than_was_asked_for_refuses()
    {
        await using var bmc = new RespondingBmc(_ => [0xC1]) { HighestPrivilege = 0x02 };
        await using var client = IpmiClient.OverLan(Options(bmc));

        var refusal = await Assert.ThrowsAsync<IpmiTransportException>(async () => await client.GetDeviceIdAsync());

        Assert.Equal(IpmiTransportFailure.Privilege, refusal.Failure);
    }

    [Fact]
    public void A_missing_device_says_what_to_do()
    {
        var failure = Assert.Throws<IpmiTransportException>(() => KernelDevice.Open("/dev/no-such-ipmi"));

        Assert.Equal(IpmiTransportFailure.Device, failure.Failure);
        Assert.Contains("modprobe", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_kernels_answers_are_matched_by_number_and_events_are_passed_over()
    {
        var calls = new KernelDouble();
        await using var device = new KernelDevice("/dev/ipmi0", calls, TimeSpan.FromSeconds(5));

        var answer = await device.RequestAsync(new IpmiRequest(NetworkFunction.Application, 0x01));

        Assert.Equal((CompletionCode.Ok, "2001"), (answer.CompletionCode, Convert.ToHexString(answer.Data.Span)));
        Assert.Equal(3, calls.Received);
    }

    private static LanOptions Options(RespondingBmc bmc) => new()
    {
        Host = "127.0.0.1", Port = bmc.Port, User = "admin", Password = "secret-pw"u8.ToArray(), Privilege = PrivilegeLevel.Administrator,
    };

    // First an event, then the answer to a request that was given up, then ours.
    private sealed class KernelDouble : IKernelCalls
    {
        private long _number;

        public int Received { get; private set; }

        public int Send(IpmiRequest request, long number)
        {
            _number = number;
            return 0;
        }

        public int Wait(int milliseconds) => 1;

        public int Receive(Span<byte> data, out Received received)
        {
            byte[] bytes = [0x00, 0x20, 0x01];
            bytes.CopyTo(data);
            received = ++Received switch
            {
                1 => new Received(false, 0, NetworkFunction.SensorEvent, 0x02, 3),
                2 => new Received(true, _number - 1, NetworkFunction.Application, 0x01, 3),
                _ => new Received(true, _number, NetworkFunction.Application, 0x01, 3),
            };
            return 0;
        }

        public void Dispose()
        {
        }
    }
}
