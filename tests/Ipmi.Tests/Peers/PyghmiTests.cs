using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using Farwire.Ipmi.Chassis;
using Farwire.Ipmi.Session;

namespace Farwire.Ipmi.Tests.Peers;

/// <summary>pyghmi's <c>fakebmc</c>: a controller written by others, with power and boot device only.</summary>
[Trait("Peer", "pyghmi")]
public sealed class PyghmiTests
{
    private const string Python = "/usr/bin/python3";

    [Fact]
    [Trait("Feature", "IPM-02")]
    public async Task Power_and_boot_device_of_pyghmis_controller_are_read_and_set()
    {
        Assert.SkipUnless(File.Exists("/usr/lib/python3/dist-packages/pyghmi/cmd/fakebmc.py"), "python3-pyghmi is not installed");
        var port = FreePort();
        using var process = Process.Start(new ProcessStartInfo(Python, ["-u", "-m", "pyghmi.cmd.fakebmc", "--port", port.ToString(CultureInfo.InvariantCulture)])
        {
            RedirectStandardOutput = true, RedirectStandardError = true,
        })!;
        try
        {
            await using var client = await ConnectAsync(port, process);
            var off = await client.Chassis.GetStatusAsync();
            await client.Chassis.ControlAsync(ChassisControl.PowerUp);
            var on = await client.Chassis.GetStatusAsync();
            await client.Chassis.SetBootAsync(BootDevice.Network);

            Assert.Equal((false, true), (off.IsPowered, on.IsPowered));
            Assert.Equal(CompletionCode.InvalidCommand, (await client.RawAsync(new IpmiRequest(NetworkFunction.Storage, 0x20))).CompletionCode);
            await using var wrong = IpmiClient.OverLan(IpmiSim.Of(port, "admin", "wrong"));
            Assert.Equal(IpmiTransportFailure.Authentication, (await Assert.ThrowsAsync<IpmiTransportException>(async () => await wrong.GetDeviceIdAsync())).Failure);
        }
        finally
        {
            process.Kill();
            await process.WaitForExitAsync();
        }
    }

    // Until the program listens, the system refuses its datagrams.
    private static async Task<IpmiClient> ConnectAsync(int port, Process process)
    {
        while (true)
        {
            var transport = new LanTransport(IpmiSim.Of(port, "admin", "password"));
            try
            {
                await transport.OpenAsync();
                return new IpmiClient(transport);
            }
            catch (IpmiTransportException e) when (e.Failure == IpmiTransportFailure.Unreachable)
            {
                await transport.DisposeAsync();
                Assert.False(process.HasExited, "pyghmi's controller ended");
                await Task.Delay(20);
            }
        }
    }

    private static int FreePort()
    {
        using var socket = new UdpClient(new IPEndPoint(IPAddress.Loopback, 0));
        return ((IPEndPoint)socket.Client.LocalEndPoint!).Port;
    }
}
