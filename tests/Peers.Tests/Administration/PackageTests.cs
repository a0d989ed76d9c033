using System.Text.RegularExpressions;

namespace Farwire.Peers.Tests.Administration;

/// <summary>The packages, installed by dpkg and run by systemd in a root of their own.</summary>
[Collection(nameof(PackageTests))]
public sealed partial class PackageTests(PackagedSystem system) : IClassFixture<PackagedSystem>
{
    [Fact]
    [Trait("Feature", "SVC-01")]
    [Trait("Feature", "PKG-01")]
    public async Task Packages_and_single_files_are_installed_run_upgraded_and_purged_in_a_clean_root()
    {
        system.Need();

        // 1. Single files run where there is no .NET, as unpacked.
        await system.RunAsync("sh", "-c", $"mkdir /opt/single && tar -xzf {PackagedSystem.Inside}/farwire-*-linux-x64.tar.gz -C /opt/single");
        Assert.StartsWith("farwire ", await system.RunAsync("/opt/single/bin/farwire", "--version"), StringComparison.Ordinal);
        Assert.StartsWith("farwired ", await system.RunAsync("/opt/single/bin/farwired", "--version"), StringComparison.Ordinal);
        Assert.Contains("Access is denied", await system.RunAsync("/opt/single/bin/winrm", "helpmsg", "5"), StringComparison.OrdinalIgnoreCase);

        // 2. Install: one command, and the unit is enabled and active; nothing is open, and winrm works.
        await system.RunAsync("sh", "-c", $"dpkg -i {PackagedSystem.Inside}/*.deb");
        Assert.Equal("active\n", await system.RunAsync("systemctl", "is-active", "farwired"));
        Assert.Equal("enabled\n", await system.RunAsync("systemctl", "is-enabled", "farwired"));
        Assert.Equal("", await system.RunAsync("winrm", "enumerate", "winrm/config/listener"));
        var owners = await system.RunAsync("sh", "-c", "ps -C farwired -o user=");
        Assert.Equal(["farwire", "root"], owners.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries).Order());

        // 3. The unit is sound, its pages and its completion are there.
        await system.RunAsync("systemd-analyze", "verify", "/lib/systemd/system/farwired.service", "/lib/systemd/system/farwired-collector.service", "/lib/systemd/system/farwired-collector.timer");
        var pages = (await system.RunAsync("farwire", "man")).Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.All((string[])["farwire", "winrm", "winrs", "wecutil", "farwire-bmc", "farwire-cim", "farwire-events"], name => Assert.Contains(name, pages));
        foreach (var page in pages.Append("farwired"))
        {
            var shown = await system.RunAsync("sh", "-c", $"man --warnings -P cat {page} 2>&1");
            Assert.Contains("NAME\n", shown, StringComparison.Ordinal);
            Assert.DoesNotContain(": warning:", shown, StringComparison.Ordinal);
        }

        Assert.Contains("quickconfig", await system.RunAsync("bash", "-c", ". /usr/share/bash-completion/completions/winrm; COMP_WORDS=(winrm qu); COMP_CWORD=1; _farwire; echo ${COMPREPLY[@]}"), StringComparison.Ordinal);
        await system.RunAsync("zsh", "-n", "/usr/share/zsh/vendor-completions/_farwire");
        Assert.Contains("quickconfig", await system.RunAsync("fish", "-c", "complete -C 'winrm qu'"), StringComparison.Ordinal);

        // 4. Reload, a change that is kept, status.
        await system.RunAsync("winrm", "set", "winrm/config/winrs", "@{MaxShellsPerUser=\"7\"}");
        await system.RunAsync("sh", "-c", "echo 'Service: { MaxConnections: 77 }' > /etc/farwire/farwired.yaml; systemctl reload farwired");
        await AdministeredService.UntilAsync(async () => (await system.RunAsync("winrm", "get", "winrm/config/service")).Contains("MaxConnections = 77\n", StringComparison.Ordinal));
        Assert.Contains("Active: active (running)", await system.RunAsync("systemctl", "status", "farwired"), StringComparison.Ordinal);

        // The collector has a unit of its own.
        await system.RunAsync("systemctl", "start", "farwired-collector");
        Assert.Equal("active\n", await system.RunAsync("systemctl", "is-active", "farwired-collector"));

        // 5. SIGTERM drains: whoever waits for a command has an answer that says what happened, and the unit ends with 0.
        await system.RunAsync("systemctl", "start", "systemd-user-sessions"); // as a booted machine has it: pam_nologin lets people in
        await system.RunAsync("sh", "-c", "useradd --create-home ann; echo ann:Passw0rd! | chpasswd; usermod -aG farwire-admin ann");
        await system.RunAsync("winrm", "create", "winrm/config/Listener?Address=IP:127.0.0.1+Transport=HTTP", "@{Port=\"5999\"}");
        await system.RunAsync("winrm", "set", "winrm/config/service/auth", "@{Basic=\"true\"}");
        await system.RunAsync("winrm", "set", "winrm/config/service", "@{AllowUnencrypted=\"true\"}");
        var drained = await system.RunAsync("bash", "-c", """
            export FARWIRE_PASSWORD=Passw0rd!
            mkfifo /tmp/said
            winrs -r:http://127.0.0.1:5999 -u:ann -auth:basic -un 'id -un; sleep 300' > /tmp/said 2> /tmp/why &
            head -n 1 /tmp/said
            systemctl stop farwired
            systemctl show farwired -p ActiveState -p Result -p ExecMainStatus
            wait $!
            cat /tmp/why
            """);
        Assert.StartsWith("ann\n", drained, StringComparison.Ordinal);
        Assert.Contains("Result=success\n", drained, StringComparison.Ordinal);
        Assert.Contains("ExecMainStatus=0\n", drained, StringComparison.Ordinal);
        Assert.Contains("ActiveState=inactive\n", drained, StringComparison.Ordinal);
        Assert.Contains("its shell or command ended", drained, StringComparison.Ordinal);

        // 6. quickconfig starts what is stopped, and makes what is missing.
        Assert.Contains("Start the service, now", await system.RunAsync("winrm", "quickconfig", "--dry-run"), StringComparison.Ordinal);
        Assert.Contains("it listens at HTTP://*:5985.", await system.RunAsync("winrm", "quickconfig", "-q"), StringComparison.Ordinal);
        Assert.Equal("401", await system.RunAsync("curl", "-s", "-o", "/dev/null", "-w", "%{http_code}", "-X", "POST", "http://127.0.0.1:5985/wsman"));

        // 7. Upgrade keeps what people wrote and what was changed by wire, and runs the new program.
        var before = await system.RunAsync("systemctl", "show", "-p", "MainPID", "farwired");
        await system.RunAsync("bash", "-c", $$"""
            cd {{PackagedSystem.Inside}} && for deb in *.deb; do
                dpkg-deb -R $deb next && sed -i 's/0\.1\.0/0.1.1/g' next/DEBIAN/control && dpkg-deb -Znone -b next next-$deb && rm -r next
            done && dpkg -i next-*.deb
            """);
        Assert.Contains("0.1.1", await system.RunAsync("dpkg-query", "-W", "farwired"), StringComparison.Ordinal);
        Assert.NotEqual(before, await system.RunAsync("systemctl", "show", "-p", "MainPID", "farwired"));
        Assert.Contains("MaxConnections = 77\n", await system.RunAsync("winrm", "get", "winrm/config/service"), StringComparison.Ordinal);
        Assert.Contains("MaxShellsPerUser = 7\n", await system.RunAsync("winrm", "get", "winrm/config/winrs"), StringComparison.Ordinal);

        // 8. Remove keeps configuration and state; purge leaves nothing of ours, and what people put there.
        await system.RunAsync("sh", "-c", "echo kept > /etc/farwire/mine");
        await system.RunAsync("dpkg", "-r", "farwired");
        Assert.NotEqual(0, (await system.TryAsync("systemctl", "is-active", "farwired")).ExitCode);
        Assert.Equal(0, (await system.TryAsync("test", "-e", "/etc/farwire/farwired.yaml", "-a", "-e", "/var/lib/farwire/config.yaml")).ExitCode);
        await system.RunAsync("dpkg", "-P", "farwired", "farwire", "farwire-libraries");
        var left = (await system.TryAsync("sh", "-c", "ls -d /etc/farwire/* /var/lib/farwire /usr/lib/farwire /usr/bin/winrm /usr/bin/farwired /etc/pam.d/farwire /etc/default/farwired /lib/systemd/system/farwired.service 2>/dev/null")).Output;
        Assert.Equal("/etc/farwire/mine\n", left);
        Assert.NotEqual(0, (await system.TryAsync("getent", "passwd", "farwire")).ExitCode);
    }

    [Fact]
    [Trait("Feature", "PKG-02")]
    public async Task What_other_systems_get_is_made_by_the_same_script_which_says_what_was_not_run()
    {
        system.Need();
        var folder = Directory.CreateTempSubdirectory("farwire-unpacked-").FullName;
        try
        {
            foreach (var archive in Directory.EnumerateFiles(system.Made, "*.tar.gz"))
            {
                var into = Directory.CreateDirectory(Path.Combine(folder, Path.GetFileName(archive))).FullName;
                Assert.Equal(0, (await Commands.RunAsync("tar", ["-xzf", archive, "-C", into])).ExitCode);
            }

            // A program of Windows, whole in one file.
            var windows = Directory.EnumerateFiles(folder, "farwire.exe", SearchOption.AllDirectories).Single();
            Assert.Contains("PE32+ executable (console) x86-64", (await Commands.RunAsync("file", ["-b", windows])).Output, StringComparison.Ordinal);
            Assert.Empty(Directory.EnumerateFiles(Path.GetDirectoryName(windows)!, "*.dll"));

            // The portable one runs by the .NET of this machine.
            var portable = Directory.EnumerateDirectories(folder, "*-portable.tar.gz").Single();
            Assert.Contains("Access is denied", (await Commands.RunAsync(Path.Combine(portable, "bin", "winrm"), ["helpmsg", "5"])).Output, StringComparison.OrdinalIgnoreCase);
            Assert.StartsWith("farwired ", (await Commands.RunAsync(Path.Combine(portable, "bin", "farwired"), ["--version"])).Output, StringComparison.Ordinal);
            Assert.Contains("farwire.dll\" winrm %*", await File.ReadAllTextAsync(Path.Combine(portable, "bin", "winrm.cmd")), StringComparison.Ordinal);
            Assert.DoesNotContain(Directory.EnumerateFiles(portable, "*", SearchOption.AllDirectories), file => Path.GetExtension(file) is ".exe");

            // Both programs, and with them every room, compile for macOS and Windows, with the starters of those systems.
            foreach (var (program, target, starter) in ((string, string, string)[])[("farwired", "osx-arm64", "farwired"), ("farwire", "osx-arm64", "farwire"), ("farwired", "win-x64", "farwired.exe")])
            {
                var built = await Commands.RunAsync(
                    "dotnet", ["build", Path.Combine(RunningService.Root, "src", program), "-c", "Release", "-r", target, "--no-self-contained", "-maxcpucount:1", "-nodeReuse:false", "-v", "quiet", "-clp:ErrorsOnly", "-o", Path.Combine(folder, target)]);
                Assert.True(built.ExitCode == 0, built.Output);
                Assert.True(File.Exists(Path.Combine(folder, target, starter)));
            }

            var said = await File.ReadAllTextAsync(Path.Combine(system.Made, "BUILT.txt"));
            Assert.Matches(NotRun(), said);
            Assert.Contains("not on Windows or macOS", said, StringComparison.Ordinal);
            Assert.Equal(0, (await Commands.RunAsync("sh", ["-c", $"cd {system.Made} && sha256sum -c SHA256SUMS"])).ExitCode);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    [GeneratedRegex("built, not run    farwire-[0-9.]+-win-x64.tar.gz")]
    private static partial Regex NotRun();
}
