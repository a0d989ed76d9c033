using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Farwire.TestKit.Bmc;

/// <summary>OpenIPMI's <c>ipmi_sim</c> with the controller of <c>tests/Ipmi.Tests/Fixtures/bmc</c>, on ports that the system gave.</summary>
public sealed class SimulatedBmc : IAsyncDisposable
{
    public const string Administrator = "admin";
    public const string AdministratorPassword = "secret-pw";
    public const string Operator = "operator";
    public const string OperatorPassword = "oper-pw";
    public const string Viewer = "viewer";
    public const string ViewerPassword = "view-pw";

    private const int Attempts = 5;

    private readonly string _folder;
    private readonly Process _process;
    private readonly int _console;

    private SimulatedBmc(string folder, Process process, int port, int console) => (_folder, _process, Port, _console) = (folder, process, port, console);

    /// <summary>The TCP port of the system interface, as QEMU's ipmi-bmc-extern speaks.</summary>
    public int SystemPort { get; private init; }

    /// <summary>The UDP port.</summary>
    public int Port { get; }

    /// <summary>Why it cannot be started here, or null.</summary>
    public static string? Missing { get; } = new[] { "/usr/bin/ipmi_sim", "/usr/bin/sdrcomp", "/usr/bin/python3", "/usr/bin/ipmitool" }
        .FirstOrDefault(path => !File.Exists(path)) is { } path ? $"{path} is not installed" : null;

    /// <param name="withSystemInterface">A machine in QEMU may connect to <see cref="SystemPort"/>, and has the controller as its own.</param>
    public static async Task<SimulatedBmc> StartAsync(bool withSystemInterface = false)
    {
        // Between finding ports and using them somebody else may take one: then others are tried.
        for (var attempt = 1; ; attempt++)
        {
            if (await TryStartAsync(withSystemInterface) is { } started)
            {
                return started;
            }

            if (attempt == Attempts)
            {
                throw new InvalidOperationException("ipmi_sim ended before it answered.");
            }
        }
    }

    /// <summary>What <c>chassiscontrol.sh</c> was asked to do.</summary>
    public string ChassisLog => File.Exists(_folder + "/chassis.state.log") ? File.ReadAllText(_folder + "/chassis.state.log") : "";

    /// <summary>Sets what the sensor DIMM Temp reads once a second.</summary>
    public void SetDimmTemperature(int degrees) => File.WriteAllText(_folder + "/dimm_temp", degrees.ToString(CultureInfo.InvariantCulture));

    /// <summary>Runs a command of the emulator, such as <c>sensor_set_value 0x20 0 4 5 1</c>.</summary>
    public async Task CommandAsync(string command)
    {
        using var client = new TcpClient();
        await client.ConnectAsync(IPAddress.Loopback, _console);
        var stream = client.GetStream();
        await ReadPromptAsync(stream);
        await stream.WriteAsync(Encoding.ASCII.GetBytes(command + "\r"));
        await ReadPromptAsync(stream); // the simulator echoes the line and ends with a new prompt
    }

    /// <summary>Runs ipmitool as a user of this controller, and answers what it wrote.</summary>
    public Task<string> IpmitoolAsync(params string[] arguments) => ToolAsync(
        "/usr/bin/ipmitool",
        ["-I", "lanplus", "-C", "3", "-H", "127.0.0.1", "-p", Port.ToString(CultureInfo.InvariantCulture), "-U", Administrator, "-P", AdministratorPassword, .. arguments]);

    /// <summary>Runs a tool of FreeIPMI as a user of this controller, and answers what it wrote.</summary>
    public Task<string> FreeIpmiAsync(string tool, params string[] arguments) => ToolAsync(
        "/usr/sbin/" + tool,
        ["-D", "LAN_2_0", "-W", "opensesspriv", "-h", $"127.0.0.1:{Port}", "-u", Administrator, "-p", AdministratorPassword, "-l", "ADMIN", .. arguments]);

    public async ValueTask DisposeAsync()
    {
        _process.Kill();
        await _process.WaitForExitAsync();
        _process.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    public static async Task<string> ToolAsync(string program, IEnumerable<string> arguments)
    {
        var start = new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true, RedirectStandardError = true, RedirectStandardInput = true };
        start.Environment["TZ"] = "UTC";
        using var process = Process.Start(start)!;
        process.StandardInput.Close();
        var errors = process.StandardError.ReadToEndAsync();
        var output = await process.StandardOutput.ReadToEndAsync();
        await process.WaitForExitAsync();
        return process.ExitCode == 0
            ? output
            : throw new InvalidOperationException($"{program} {string.Join(' ', arguments)} ended with {process.ExitCode}: {output}{await errors}");
    }

    private static async Task<SimulatedBmc?> TryStartAsync(bool withSystemInterface)
    {
        var fixtures = Path.Combine(Root(), "tests", "Ipmi.Tests", "Fixtures", "bmc");
        var folder = Directory.CreateTempSubdirectory("farwire-bmc-").FullName;
        var state = Directory.CreateDirectory(Path.Combine(folder, "state", "ipmi_sim", "testbmc")).FullName;
        foreach (var file in Directory.EnumerateFiles(fixtures))
        {
            File.Copy(file, Path.Combine(folder, Path.GetFileName(file)));
        }

        var (port, console) = (FreePort(SocketType.Dgram, ProtocolType.Udp), FreePort(SocketType.Stream, ProtocolType.Tcp));
        var system = withSystemInterface ? FreePort(SocketType.Stream, ProtocolType.Tcp) : 0;
        foreach (var name in (string[])["lan.conf", "bmc.emu"])
        {
            var text = await File.ReadAllTextAsync(Path.Combine(folder, name + ".in"));
            await File.WriteAllTextAsync(
                Path.Combine(folder, name),
                text.Replace("  startnow false", withSystemInterface ? $"  serial 15 127.0.0.1 {system} codec VM\n  startnow false" : "  startnow false", StringComparison.Ordinal)
                    .Replace("@HERE@/lancontrol.sh", "/bin/sh @HERE@/lancontrol.sh", StringComparison.Ordinal)
                    .Replace("@HERE@/chassiscontrol.sh", "/bin/sh @HERE@/chassiscontrol.sh", StringComparison.Ordinal)
                    .Replace("@HERE@", folder, StringComparison.Ordinal)
                    .Replace("@WORK@", folder, StringComparison.Ordinal)
                    .Replace("@PORT@", port.ToString(CultureInfo.InvariantCulture), StringComparison.Ordinal)
                    .Replace("@CONSOLE@", console.ToString(CultureInfo.InvariantCulture), StringComparison.Ordinal));
        }

        await ToolAsync("/usr/bin/sdrcomp", ["-8", "-o", Path.Combine(state, "sdr.20.main"), Path.Combine(folder, "bmc.sdrs")]);
        await ToolAsync("/usr/bin/python3", [Path.Combine(folder, "mksel.py"), Path.Combine(state, "sel.20")]);
        await File.WriteAllTextAsync(Path.Combine(folder, "dimm_temp"), "40");
        var start = new ProcessStartInfo("/usr/bin/ipmi_sim", ["-c", folder + "/lan.conf", "-f", folder + "/bmc.emu", "-s", folder + "/state", "-n"])
        {
            RedirectStandardOutput = true, RedirectStandardError = true, RedirectStandardInput = true,
        };
        start.Environment["CHASSIS_STATE"] = folder + "/chassis.state";
        var process = Process.Start(start)!;
        process.OutputDataReceived += (_, _) => { };
        process.ErrorDataReceived += (_, _) => { };
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        var bmc = new SimulatedBmc(folder, process, port, console) { SystemPort = system };
        if (await bmc.AnswersAsync())
        {
            return bmc;
        }

        await bmc.DisposeAsync();
        return null;
    }

    // Asks Get Channel Authentication Capabilities until there is an answer.
    private async Task<bool> AnswersAsync()
    {
        byte[] question = [0x06, 0x00, 0xFF, 0x07, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0x09, 0x20, 0x18, 0xC8, 0x81, 0x04, 0x38, 0x8E, 0x04, 0xB1];
        var answer = new byte[256];
        while (!_process.HasExited)
        {
            using var socket = new UdpClient();
            socket.Connect(IPAddress.Loopback, Port);
            using var patience = new CancellationTokenSource(TimeSpan.FromMilliseconds(50));
            try
            {
                await socket.SendAsync(question);
                await socket.Client.ReceiveAsync(answer, patience.Token);
                return true;
            }
            catch (Exception e) when (e is SocketException or OperationCanceledException)
            {
                await Task.Delay(10);
            }
        }

        return false;
    }

    private static async Task ReadPromptAsync(NetworkStream stream)
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(10));
        var buffer = new byte[1024];
        var text = new StringBuilder();
        do
        {
            var count = await stream.ReadAsync(buffer, patience.Token);
            if (count == 0)
            {
                throw new InvalidOperationException($"The simulator's console ended after '{text}'.");
            }

            text.Append(Encoding.ASCII.GetString(buffer, 0, count));
        }
        while (!text.ToString().TrimEnd().EndsWith('>'));
    }

    private static int FreePort(SocketType type, ProtocolType protocol)
    {
        using var socket = new Socket(AddressFamily.InterNetwork, type, protocol);
        socket.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        return ((IPEndPoint)socket.LocalEndPoint!).Port;
    }

    private static string Root()
    {
        var folder = AppContext.BaseDirectory;
        while (!File.Exists(Path.Combine(folder, "Farwire.slnx")))
        {
            folder = Path.GetDirectoryName(folder) ?? throw new InvalidOperationException("The tests lie outside of the repository.");
        }

        return folder;
    }
}
