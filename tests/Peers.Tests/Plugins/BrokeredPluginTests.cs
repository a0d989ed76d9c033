using System.Diagnostics;
using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;

namespace Farwire.Peers.Tests.Plugins;

/// <summary>Plug-ins of a service with a broker: each in processes of the accounts that it is meant for.</summary>
public sealed class BrokeredPluginTests(BrokeredPluginTests.Service service) : IClassFixture<BrokeredPluginTests.Service>
{
    private const string Alice = "60001";
    private const string Admin = "60004";
    private const string Callers = "http://schemas.example.com/callers";
    private const string Fixed = "http://schemas.example.com/fixed";
    private const string Virtual = "http://schemas.example.com/virtual";

    [Fact]
    [Trait("Feature", "PLG-09")]
    public async Task Operations_run_as_the_caller_as_RunAsUser_or_as_the_service()
    {
        Assert.SkipWhen(service.Missing is not null, service.Missing ?? "");

        Assert.Equal("alice", await ValueAsync(Alice, Callers, "Account"));
        Assert.Equal("admin", await ValueAsync(Admin, Callers, "Account"));
        Assert.Equal("alice", await ValueAsync(Admin, Fixed, "Account"));
        Assert.Equal("nobody", await ValueAsync(Alice, Virtual, "Account"));
        var process = await ValueAsync(Admin, Fixed, "Process");
        Assert.Equal("60001", Regex.Match(await File.ReadAllTextAsync($"/proc/{process}/status"), "Uid:\t([0-9]+)").Groups[1].Value); // says the kernel too
    }

    [Fact]
    [Trait("Feature", "PLG-17")]
    public async Task Variables_in_the_file_name_are_the_callers_and_two_users_get_two_plug_ins()
    {
        Assert.SkipWhen(service.Missing is not null, service.Missing ?? "");

        Assert.EndsWith("/plugins/alice/NotebookPlugin.dll", await ValueAsync(Alice, Callers, "Assembly"), StringComparison.Ordinal);
        Assert.EndsWith("/plugins/admin/NotebookPlugin.dll", await ValueAsync(Admin, Callers, "Assembly"), StringComparison.Ordinal);
        Assert.NotEqual(await ValueAsync(Alice, Callers, "Process"), await ValueAsync(Admin, Callers, "Process"));
    }

    private async Task<string> ValueAsync(string uid, string uri, string name)
    {
        var answer = await service.CurlAsync(uid, Soap.Message(uri + "/Describe", uri, ""));
        return Regex.Match(answer, $"<{name}>([^<]*)</{name}>") is { Success: true } match ? match.Groups[1].Value : throw new InvalidOperationException(answer);
    }

    /// <summary>The built service as <c>nobody</c>, its broker, and accounts of its own.</summary>
    public sealed class Service : IAsyncLifetime
    {
        private readonly string _folder = Directory.CreateTempSubdirectory("farwire-plugins-").FullName;
        private Process? _process;

        public string? Missing { get; private set; }

        private string Socket => Path.Combine(_folder, "run", "local.sock");

        public async ValueTask InitializeAsync()
        {
            Missing = !Environment.IsPrivilegedProcess ? "a broker needs root"
                : (await Commands.RunAsync("unshare", ["-m", "true"])).ExitCode != 0 ? "mount namespaces are not allowed here"
                : !File.Exists("/usr/bin/curl") ? "curl is not installed"
                : null;
            if (Missing is not null)
            {
                return;
            }

            // Whoever runs a plug-in must be able to read the program and the assembly, wherever the tests lie.
            var program = Path.Combine(_folder, "program");
            Assert.Equal(0, (await Commands.RunAsync("cp", ["-r", Path.GetDirectoryName(RunningService.Program("farwired"))!, program])).ExitCode);
            foreach (var user in new[] { "alice", "admin" })
            {
                var own = Directory.CreateDirectory(Path.Combine(_folder, "plugins", user)).FullName;
                Assert.Equal(0, (await Commands.RunAsync("cp", ["-r", Path.GetDirectoryName(Registration.Sample("NotebookPlugin"))! + "/.", own])).ExitCode);
            }

            var config = Directory.CreateDirectory(Path.Combine(_folder, "etc")).FullName;
            string Plugin(string name, string uri, string attributes, string user) => Registration.Notebook(
                name, $"<Resource ResourceUri=\"{uri}\"><Capability Type=\"Invoke\"/></Resource>", attributes, file: Path.Combine(_folder, "plugins", user, "NotebookPlugin.dll"));
            await File.WriteAllTextAsync(Path.Combine(config, "farwired.yaml"), Registration.Yaml(
                Plugin("Callers", Callers, "", "%USER%"), Plugin("Fixed", Fixed, "RunAsUser=\"alice\"", "${USER}"), Plugin("Virtual", Virtual, "RunAsVirtualAccount=\"true\"", "alice")));
            Assert.Equal(0, (await Commands.RunAsync("chmod", ["-R", "a+rX", _folder])).ExitCode);
            await StartAsync(Path.Combine(program, "farwired"), config);
        }

        public async Task<string> CurlAsync(string uid, string message) => (await Commands.RunAsync(
            "setpriv",
            ["--reuid=" + uid, "--regid=" + uid, "--clear-groups", "/usr/bin/curl", "-s", "--unix-socket", Socket, "-H", "Content-Type: application/soap+xml;charset=UTF-8", "--data-binary", "@-", "http://localhost/wsman"],
            Encoding.UTF8.GetBytes(message))).Output;

        public async ValueTask DisposeAsync()
        {
            if (_process is not null)
            {
                await Commands.RunAsync("kill", [_process.Id.ToString(CultureInfo.InvariantCulture)]);
                await _process.WaitForExitAsync();
                Assert.Equal(0, _process.ExitCode);
                _process.Dispose();
            }

            Directory.Delete(_folder, recursive: true);
        }

        private async Task StartAsync(string program, string config) => _process = await ReadyProgram.StartAsync(
            "unshare",
            [
                "-m", "sh", Path.Combine(AppContext.BaseDirectory, "Peers", "accounts.sh"), _folder,
                program, "run", "--config-dir", config, "--state-dir", Path.Combine(_folder, "state"), "--socket", Socket, "--account", "nobody",
            ],
            new StringBuilder());
    }
}
