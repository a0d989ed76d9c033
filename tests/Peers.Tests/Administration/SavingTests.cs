namespace Farwire.Peers.Tests.Administration;

/// <summary>What becomes of changes when the disk is full, when a file is half written, and when many write at once.</summary>
public sealed class SavingTests
{
    private const string Winrs = Soap.Microsoft + "/config/winrs";

    [Fact]
    public async Task A_change_that_cannot_be_kept_does_not_count()
    {
        await using var service = await AdministeredService.StartAsync();
        await service.AskAsync("set", "winrm/config/winrs", "@{MaxShellsPerUser=\"5\"}");
        var small = await Commands.RunAsync("sh", ["-ec", $"cp -a {service.State} {service.State}.kept; mount -t tmpfs -o size=128k none {service.State}; cp -a {service.State}.kept/. {service.State}"]);
        Assert.SkipUnless(small.ExitCode == 0, "file systems cannot be mounted here: " + small.Errors);
        try
        {
            await service.RestartAsync();
            await Commands.RunAsync("dd", ["if=/dev/zero", $"of={service.State}/fill", "bs=4k"]); // ends when nothing fits any more

            var refused = await service.WinRmAsync("set", "winrm/config/winrs", "@{MaxShellsPerUser=\"6\"}");
            Assert.Equal(1, refused.ExitCode);
            Assert.Contains("cannot be kept and does not count", refused.Errors, StringComparison.Ordinal);
            Assert.Contains("MaxShellsPerUser = 5\n", await service.AskAsync("get", "winrm/config/winrs"), StringComparison.Ordinal);

            File.Delete(Path.Combine(service.State, "fill"));
            Assert.Contains("MaxShellsPerUser = 7\n", await service.AskAsync("set", "winrm/config/winrs", "@{MaxShellsPerUser=\"7\"}"), StringComparison.Ordinal);
            await service.RestartAsync();
            Assert.Contains("MaxShellsPerUser = 7\n", await service.AskAsync("get", "winrm/config/winrs"), StringComparison.Ordinal);
        }
        finally
        {
            await Commands.RunAsync("umount", ["-l", service.State]);
        }
    }

    [Fact]
    public async Task Many_writers_at_once_take_turns_and_a_half_written_file_changes_nothing()
    {
        await using var service = await AdministeredService.StartAsync();

        var answers = await Task.WhenAll(Enumerable.Range(1, 24).Select(i => service.CurlAsync(Soap.Message(
            Soap.Transfer + "/Put", Winrs, $"<c:Winrs xmlns:c=\"{Winrs}\">{(i % 2 == 0 ? $"<c:MaxShellsPerUser>{i}</c:MaxShellsPerUser>" : $"<c:MaxProcessesPerShell>{i}</c:MaxProcessesPerShell>")}</c:Winrs>"))));

        Assert.All(answers, answer => Assert.Contains("/transfer/PutResponse", answer, StringComparison.Ordinal));
        var shown = await service.AskAsync("get", "winrm/config/winrs");
        Assert.DoesNotContain("2147483647\n    MaxShellsPerUser", shown.Replace("MaxMemoryPerShellMB = 2147483647\n", "", StringComparison.Ordinal), StringComparison.Ordinal); // both are set
        Assert.DoesNotContain("MaxShellsPerUser = 2147483647", shown, StringComparison.Ordinal);
        await service.RestartAsync();
        Assert.Equal(shown, await service.AskAsync("get", "winrm/config/winrs"));

        service.Write("farwired.yaml", "Winrs:\n  IdleTimeout: 70000\n  MaxConcurr");
        await AdministeredService.UntilAsync(() => Task.FromResult(service.Log.Contains("farwired.yaml:3:", StringComparison.Ordinal)));
        Assert.Equal(shown, await service.AskAsync("get", "winrm/config/winrs"));
    }
}
