using System.Diagnostics;
using System.Globalization;

namespace Farwire.Peers.Tests;

/// <summary><c>farwired run --ephemeral DIR</c> from its start to what it leaves behind: nothing.</summary>
public sealed class EphemeralRunTests : IDisposable
{
    private readonly string _folder = Path.Combine(Path.GetTempPath(), "farwire-run-" + Guid.NewGuid().ToString("N"));

    private string ConnectionFile => Path.Combine(_folder, "connection.json");

    [Theory]
    [InlineData("TERM")]
    [InlineData("INT")]
    [InlineData("HUP")]
    public async Task A_signal_ends_it_and_the_folder_it_made_is_gone(string signal)
    {
        using var service = await StartAsync();
        Assert.Equal("600 700", (await Commands.RunAsync("stat", ["-c", "%a", ConnectionFile, _folder])).Output.Trim().ReplaceLineEndings(" "));

        await KillAsync(service, signal);

        Assert.Equal(0, service.ExitCode);
        Assert.False(Directory.Exists(_folder));
    }

    [Fact]
    public async Task A_folder_that_was_there_keeps_what_is_not_the_services()
    {
        Directory.CreateDirectory(_folder);
        await File.WriteAllTextAsync(Path.Combine(_folder, "mine"), "");
        using var service = await StartAsync();

        await KillAsync(service, "TERM");

        Assert.Equal([Path.Combine(_folder, "mine")], Directory.GetFileSystemEntries(_folder));
    }

    [Fact]
    public async Task A_second_service_in_the_folder_is_refused_and_the_first_lives_on()
    {
        using var service = await StartAsync();

        var second = await Commands.RunAsync(RunningService.Program("farwired"), ["run", "--ephemeral", _folder]);

        Assert.Equal(78, second.ExitCode);
        Assert.Contains($"Another service runs in {_folder}", second.Errors, StringComparison.Ordinal);
        Assert.Equal(0, (await Commands.RunAsync(RunningService.Program("farwire"), ["winrm", "id", "--connect", ConnectionFile])).ExitCode);
        await KillAsync(service, "TERM");
    }

    [Fact]
    public async Task What_a_killed_service_left_is_in_nobodys_way()
    {
        using var killed = await StartAsync();
        await KillAsync(killed, "KILL");
        Assert.True(File.Exists(ConnectionFile));

        using var service = await StartAsync();

        Assert.Contains($"\"pid\": {service.Id}", await File.ReadAllTextAsync(ConnectionFile), StringComparison.Ordinal);
        await KillAsync(service, "TERM");
    }

    [Fact]
    public async Task A_folder_that_cannot_be_made_is_named_with_what_to_do()
    {
        var outcome = await Commands.RunAsync(RunningService.Program("farwired"), ["run", "--ephemeral", "/proc/nowhere"]);

        Assert.Equal(78, outcome.ExitCode);
        Assert.Matches("^farwired: .*/proc/nowhere.*Give a folder that you may write", outcome.Errors);
    }

    public void Dispose()
    {
        if (Directory.Exists(_folder))
        {
            Directory.Delete(_folder, recursive: true);
        }
    }

    private async Task<Process> StartAsync()
    {
        var process = Process.Start(new ProcessStartInfo(RunningService.Program("farwired"), ["run", "--ephemeral", _folder]) { RedirectStandardError = true })!;

        // It says so once the connection file is there.
        var said = await process.StandardError.ReadLineAsync();
        Assert.StartsWith("farwired: serving on https://127.0.0.1:", said, StringComparison.Ordinal);
        Assert.True(File.Exists(ConnectionFile));
        return process;
    }

    private static async Task KillAsync(Process process, string signal)
    {
        await Commands.RunAsync("kill", ["-" + signal, process.Id.ToString(CultureInfo.InvariantCulture)]);
        await process.WaitForExitAsync();
    }
}
