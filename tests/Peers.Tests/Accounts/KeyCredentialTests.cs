using System.Diagnostics;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Farwire.Peers.Tests.Administration;

namespace Farwire.Peers.Tests.Accounts;

/// <summary>The key of sealed NT hashes as the built service gets it from a unit of systemd: a credential that root alone can read.</summary>
public sealed class KeyCredentialTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("farwire-credential-").FullName;

    private string Credential => Path.Combine(_folder, "credentials", "farwire-key");

    [Fact]
    public async Task The_key_of_the_unit_takes_the_place_of_the_file()
    {
        MakeCredential();
        await using var service = await AdministeredService.StartWithAsync(new Dictionary<string, string> { ["CREDENTIALS_DIRECTORY"] = Path.GetDirectoryName(Credential)! });
        await PasswordAsync("passwd", Path.Combine(service.State, "users"));

        Assert.Equal("200", await CurlAsync(await service.ListenAsync()));
        Assert.False(File.Exists(Path.Combine(service.State, "key")));
    }

    [Fact]
    public async Task The_service_in_front_is_handed_the_key_that_root_alone_can_read()
    {
        Assert.SkipUnless(Environment.IsPrivilegedProcess, "a broker needs root");
        MakeCredential();
        var (config, state, port) = (Path.Combine(_folder, "etc"), Path.Combine(_folder, "state"), LoopbackPort.Free());
        Directory.CreateDirectory(config);
        await File.WriteAllTextAsync(Path.Combine(config, "farwired.yaml"), $"Service: {{ AllowUnencrypted: true }}\nListener:\n  - {{ Address: \"IP:127.0.0.1\", Transport: HTTP, Port: {port.ToString(CultureInfo.InvariantCulture)} }}\n");
        var program = Path.Combine(_folder, "program");
        Assert.Equal(0, (await Commands.RunAsync("cp", ["-r", Path.GetDirectoryName(RunningService.Program("farwired"))!, program])).ExitCode);
        Assert.Equal(0, (await Commands.RunAsync("chmod", ["-R", "a+rX", program, config])).ExitCode);
        Assert.Equal(0, (await Commands.RunAsync("chmod", ["755", _folder])).ExitCode);

        // The user is there before the service: who fails again and again is made to wait.
        Directory.CreateDirectory(state);
        await PasswordAsync("add", Path.Combine(state, "users"));
        Assert.Equal(0, (await Commands.RunAsync("chown", ["-R", "nobody", state])).ExitCode);
        using var service = await ReadyProgram.StartAsync(
            Path.Combine(program, "farwired"), ["run", "--account", "nobody", "--config-dir", config, "--state-dir", state, "--socket", Path.Combine(_folder, "run", "local.sock")],
            new StringBuilder(), new Dictionary<string, string> { ["CREDENTIALS_DIRECTORY"] = Path.GetDirectoryName(Credential)! });
        try
        {
            Assert.Equal("200", await CurlAsync($"http://127.0.0.1:{port.ToString(CultureInfo.InvariantCulture)}/wsman"));
            Assert.False(File.Exists(Path.Combine(state, "key")));
        }
        finally
        {
            await Commands.RunAsync("kill", [service.Id.ToString(CultureInfo.InvariantCulture)]);
            await service.WaitForExitAsync();
        }

        Assert.Equal(0, service.ExitCode);
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private void MakeCredential()
    {
        Directory.CreateDirectory(Path.GetDirectoryName(Credential)!);
        File.WriteAllBytes(Credential, RandomNumberGenerator.GetBytes(32));
        if (!OperatingSystem.IsWindows())
        {
            File.SetUnixFileMode(Credential, UnixFileMode.UserRead);
            File.SetUnixFileMode(Path.GetDirectoryName(Credential)!, UnixFileMode.UserRead | UnixFileMode.UserExecute);
        }
    }

    private async Task PasswordAsync(string verb, string users)
    {
        var outcome = await Commands.RunAsync(
            RunningService.Program("farwired"), ["user", verb, "ann", "--nt-hash", "--file", users, "--key", Credential], Encoding.UTF8.GetBytes(AdministeredService.Password + "\n"));
        Assert.True(outcome.ExitCode == 0, outcome.Errors);
    }

    private static async Task<string> CurlAsync(string address)
    {
        Commands.Need("/usr/bin/curl");
        return (await Commands.RunAsync(
            "/usr/bin/curl",
            ["-s", "-o", "/dev/null", "-w", "%{http_code}", "--ntlm", "-u", "ann:" + AdministeredService.Password, "-H", "Content-Type: application/soap+xml", "--data-binary", Security.NtlmTests.Identify, address])).Output;
    }
}
