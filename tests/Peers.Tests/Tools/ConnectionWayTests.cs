using System.Diagnostics;
using System.Globalization;
using System.Text;

namespace Farwire.Peers.Tests.Tools;

/// <summary>Ways to a service and to its password that others built: OpenSSH's tunnel, a SOCKS proxy, the keyring of GNOME, a helper as git has them; and profiles that remember all that.</summary>
public sealed class ConnectionWayTests(RunningService service) : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("farwire-way-").FullName;

    [Fact]
    [Trait("Peer", "OpenSSH")]
    public async Task A_command_goes_through_another_machine_by_ssh()
    {
        Commands.Need("/usr/sbin/sshd");
        Commands.Need("/usr/bin/ssh-keygen");
        Assert.SkipUnless(Environment.IsPrivilegedProcess, "sshd needs root");
        var port = LoopbackPort.Free().ToString(CultureInfo.InvariantCulture);
        foreach (var key in (string[])["host", "user"])
        {
            Assert.Equal(0, (await Commands.RunAsync("/usr/bin/ssh-keygen", ["-q", "-t", "ed25519", "-N", "", "-f", Path.Combine(_folder, key)])).ExitCode);
        }

        File.Copy(Path.Combine(_folder, "user.pub"), Path.Combine(_folder, "authorized_keys"));
        await File.WriteAllTextAsync(
            Path.Combine(_folder, "sshd_config"),
            $"Port {port}\nListenAddress 127.0.0.1\nHostKey {_folder}/host\nAuthorizedKeysFile {_folder}/authorized_keys\nStrictModes no\nUsePAM no\nPidFile none\nPermitRootLogin yes\n");

        // The user's own ssh configuration says which key and whom to trust, as always.
        await File.WriteAllTextAsync(
            Path.Combine(_folder, "ssh_config"), $"Host *\n  IdentityFile {_folder}/user\n  UserKnownHostsFile {_folder}/known_hosts\n  StrictHostKeyChecking accept-new\n");
        var bin = Directory.CreateDirectory(Path.Combine(_folder, "bin")).FullName;
        await File.WriteAllTextAsync(Path.Combine(bin, "ssh"), $"#!/bin/sh\nexec /usr/bin/ssh -F '{_folder}/ssh_config' \"$@\"\n");
        await Commands.RunAsync("chmod", ["755", Path.Combine(bin, "ssh")]);
        Directory.CreateDirectory("/run/sshd");
        using var sshd = Process.Start(new ProcessStartInfo("/usr/sbin/sshd", ["-D", "-e", "-f", Path.Combine(_folder, "sshd_config")]) { RedirectStandardError = true })!;
        while ((await sshd.StandardError.ReadLineAsync())?.Contains("Server listening", StringComparison.Ordinal) == false)
        {
        }

        _ = sshd.StandardError.ReadToEndAsync();
        var reached = await FarwireAsync([$"PATH={bin}:{Environment.GetEnvironmentVariable("PATH")}"], "run", "-H", service.Https, "--jump", $"ssh://{Environment.UserName}@127.0.0.1:{port}", "echo here; exit 3");
        sshd.Kill();
        await sshd.WaitForExitAsync();
        var gone = await FarwireAsync([$"PATH={bin}:{Environment.GetEnvironmentVariable("PATH")}"], "run", "-H", service.Https, "--jump", $"ssh://{Environment.UserName}@127.0.0.1:{port}", "echo here");
        var odd = await FarwireAsync([], "run", "-H", service.Https, "--jump", "http://x", "true");

        Assert.True(reached.ExitCode == 3, reached.Errors);
        Assert.Equal("here\n", reached.Output);
        Assert.Equal(69, gone.ExitCode);
        Assert.Equal(64, odd.ExitCode);
    }

    [Fact]
    [Trait("Peer", "microsocks")]
    public async Task A_command_goes_through_a_SOCKS_proxy()
    {
        Commands.Need("/usr/bin/microsocks");
        var port = LoopbackPort.Free().ToString(CultureInfo.InvariantCulture);
        using var socks = Process.Start(new ProcessStartInfo("/usr/bin/microsocks", ["-i", "127.0.0.1", "-p", port]) { RedirectStandardError = true })!;
        var talk = new StringBuilder();
        socks.ErrorDataReceived += (_, line) => talk.AppendLine(line.Data);
        socks.BeginErrorReadLine();
        try
        {
            using var patience = new CancellationTokenSource(TimeSpan.FromMinutes(2));
            Outcome outcome;
            do
            {
                outcome = await FarwireAsync([], "run", "-H", service.Https, "--proxy", "socks5://127.0.0.1:" + port, "echo here");
            }
            while (outcome.ExitCode == 69 && !patience.IsCancellationRequested); // until it listens

            Assert.True(outcome.ExitCode == 0, outcome.Errors);
            Assert.Equal("here\n", outcome.Output);
        }
        finally
        {
            socks.Kill();
            await socks.WaitForExitAsync();
        }

        Assert.Contains(new Uri(service.Https).Port.ToString(CultureInfo.InvariantCulture), talk.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    [Trait("Peer", "gnome-keyring")]
    public async Task A_password_lies_in_the_keyring_of_the_desktop()
    {
        Commands.Need("/usr/bin/gnome-keyring-daemon");
        Commands.Need("/usr/bin/secret-tool");
        Commands.Need("/usr/bin/dbus-run-session");
        var host = new Uri(service.Https).Host;
        var run = $"'{RunningService.Program("farwire")}' run -H '{service.Https}' -u '{service.User}' --auth basic --pin {service.CertificateSha256}";
        var script =
            $"""
            export HOME='{_folder}' XDG_RUNTIME_DIR='{_folder}' XDG_DATA_HOME='{_folder}'
            unset FARWIRE_PASSWORD
            printf 'unlock' | gnome-keyring-daemon --unlock --components=secrets > /dev/null 2>&1
            {run} 'echo too early' < /dev/null
            echo "$?"
            printf '{service.Password}' | secret-tool store --label=test application farwire host {host} user '{service.User}' || exit 9
            {run} 'echo here' < /dev/null
            """;

        var outcome = await Commands.RunAsync("/usr/bin/dbus-run-session", ["--", "/bin/sh", "-c", script]);

        Assert.SkipWhen(outcome.ExitCode == 9, "the keyring would not open here: " + outcome.Errors);
        Assert.Equal("64\nhere\n", outcome.Output);
        Assert.Contains($"the password of {service.User} is missing", outcome.Errors, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_helper_program_is_asked_as_git_asks_its_own()
    {
        var helper = Path.Combine(_folder, "helper");
        await File.WriteAllTextAsync(helper, $"#!/bin/sh\ntest \"$1\" = get || exit 7\ncat > '{_folder}/asked'\necho username=ignored\necho 'password={service.Password}'\n");
        await Commands.RunAsync("chmod", ["755", helper]);
        string[] line = ["run", "-H", service.Https, "-u", service.User, "--auth", "basic", "--pin", service.CertificateSha256, "--credential-helper"];

        var outcome = await Commands.RunAsync("env", ["-u", "FARWIRE_PASSWORD", RunningService.Program("farwire"), .. line, helper, "echo here"]);
        var missing = await Commands.RunAsync("env", ["-u", "FARWIRE_PASSWORD", RunningService.Program("farwire"), .. line, "/nowhere/helper", "echo here"]);
        var failing = await Commands.RunAsync("env", ["-u", "FARWIRE_PASSWORD", RunningService.Program("farwire"), .. line, "/bin/false", "echo here"]);

        Assert.Equal((0, "here\n"), (outcome.ExitCode, outcome.Output));
        Assert.Equal($"protocol=winrm\nhost={new Uri(service.Https).Host}\nusername={service.User}\n\n", await File.ReadAllTextAsync(Path.Combine(_folder, "asked")));
        Assert.Equal((64, 64), (missing.ExitCode, failing.ExitCode));
        Assert.Contains("ended with 1", failing.Errors, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_profile_says_by_name_or_host_what_the_line_does_not()
    {
        var file = Path.Combine(_folder, "password");
        await File.WriteAllTextAsync(file, service.Password + "\n");
        Directory.CreateDirectory(Path.Combine(_folder, "farwire"));
        await File.WriteAllTextAsync(
            Path.Combine(_folder, "farwire", "profiles.yaml"),
            $"""
            here:
              hosts: ["local*", "127.*"]
              user: {service.User}
              auth: basic
              pin: {service.CertificateSha256}
              passwordFile: {file}
            named:
              host: {service.Https}
              user: {service.User}
              auth: basic
              pin: {service.CertificateSha256}
              passwordFile: {file}

            """);
        string[] home = ["-u", "FARWIRE_PASSWORD", "XDG_CONFIG_HOME=" + _folder, RunningService.Program("farwire")];

        var byHost = await Commands.RunAsync("env", [.. home, "run", "-H", service.Https, "echo here"]);
        var byName = await Commands.RunAsync("env", [.. home, "winrm", "get", "wmicimv2/Win32_OperatingSystem", "--profile", "named"]);
        var byEnvironment = await Commands.RunAsync("env", [.. home[..2], "FARWIRE_PROFILE=named", .. home[2..], "winrs", "echo here"]);
        var unknown = await Commands.RunAsync("env", [.. home, "winrm", "get", "winrm/config", "--profile", "other"]);
        var shown = await Commands.RunAsync("env", [.. home, "profile", "show", "localhost"]);
        var overruled = await Commands.RunAsync("env", [.. home, "run", "-H", service.Https, "--pin", new string('0', 64), "echo here"]);
        await File.AppendAllTextAsync(Path.Combine(_folder, "farwire", "profiles.yaml"), "odd:\n  colour: red\n");
        var wrong = await Commands.RunAsync("env", [.. home, "profile", "list"]);

        Assert.Equal((0, "here\n"), (byHost.ExitCode, byHost.Output));
        Assert.Equal(0, byName.ExitCode);
        Assert.True(byEnvironment.Output == "here\n", byEnvironment.Errors);
        Assert.Contains("there is no profile 'other'; there are here, named", unknown.Errors, StringComparison.Ordinal);
        Assert.StartsWith("# here, in ", shown.Output, StringComparison.Ordinal);
        Assert.Equal(69, overruled.ExitCode);
        Assert.Equal(64, wrong.ExitCode);
        Assert.Matches("profiles.yaml, line [0-9]+: 'colour' is no setting of a profile", wrong.Errors);
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private Task<Outcome> FarwireAsync(string[] environment, params string[] words) => Commands.RunAsync(
        "env", ["FARWIRE_PASSWORD=" + service.Password, .. environment, RunningService.Program("farwire"), .. words[..3], "-u", service.User, "--auth", "basic", "--pin", service.CertificateSha256, .. words[3..]]);
}
