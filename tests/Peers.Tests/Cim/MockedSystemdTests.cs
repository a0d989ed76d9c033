using System.Diagnostics;

namespace Farwire.Peers.Tests.Cim;

/// <summary>Win32_Service where no systemd can be run: python-dbusmock stands in, or a bus has none, or there is no bus.</summary>
public sealed class MockedSystemdTests
{
    [Fact]
    [Trait("Peer", "python-dbusmock")]
    public async Task The_services_of_a_mocked_systemd_are_read()
    {
        await using var mock = await Mock.StartAsync();
        await using var service = await mock.ServeAsync();

        var services = await service.Running.ListAsync("Win32_Service");
        var keyed = await service.Running.GetAsync("Win32_Service?Name=beta-2");

        Assert.Equal(["alpha", "beta-2", "gamma"], services.Select(s => s.Text("Name")));
        Assert.Equal([("Running", "Auto", "41", "nobody", "0"), ("Stopped", "Manual", "0", "root", "3"), ("Stopped", "Manual", "0", "root", "1077")],
            services.Select(s => (s.Text("State")!, s.Text("StartMode")!, s.Text("ProcessId")!, s.Text("StartName")!, s.Text("ExitCode")!)));
        Assert.Equal(("Error", "/bin/beta-2 \"a b\""), (keyed.Text("Status"), keyed.Text("PathName")));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Without_systemd_there_are_no_services_and_no_fault(bool withBus)
    {
        await using var mock = withBus ? await Mock.StartAsync("empty") : null;
        await using var service = await (mock?.ServeAsync() ?? Mock.ServeAsync("unix:path=/nowhere/bus"));

        Assert.Empty(await service.Running.ListAsync("Win32_Service"));
        Assert.Contains("2150858752", await service.Running.FaultAsync("get", "wmicimv2/Win32_Service?Name=ssh"), StringComparison.Ordinal);
    }

    private sealed class Served(RunningService running) : IAsyncDisposable
    {
        public RunningService Running { get; } = running;

        public ValueTask DisposeAsync() => Running.DisposeAsync();
    }

    private sealed class Mock(Process process, string address) : IAsyncDisposable
    {
        public static async Task<Mock> StartAsync(params string[] arguments)
        {
            var probe = await Commands.RunAsync("/usr/bin/python3", ["-c", "import dbusmock"]);
            Assert.SkipUnless(probe.ExitCode == 0, "python3-dbusmock is not installed");
            var script = Path.Combine(AppContext.BaseDirectory, "Peers", "systemd_mock.py");
            var process = Process.Start(new ProcessStartInfo("/usr/bin/python3", [script, .. arguments]) { RedirectStandardOutput = true, RedirectStandardInput = true })!;
            var address = await process.StandardOutput.ReadLineAsync();
            Assert.StartsWith("unix:", address, StringComparison.Ordinal);
            return new Mock(process, address!);
        }

        public static async Task<Served> ServeAsync(string address)
        {
            var service = new RunningService { Settings = new Dictionary<string, string> { ["DBUS_SYSTEM_BUS_ADDRESS"] = address } };
            await service.InitializeAsync();
            return new Served(service);
        }

        public Task<Served> ServeAsync() => ServeAsync(address);

        public async ValueTask DisposeAsync()
        {
            process.StandardInput.Close();
            await process.WaitForExitAsync();
            process.Dispose();
        }
    }
}
