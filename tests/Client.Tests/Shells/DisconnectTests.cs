using Farwire.Client.Shells;
using Farwire.Protocol.Faults;
using Farwire.Protocol.Shell;
using Farwire.Shells;

namespace Farwire.Client.Tests.Shells;

public sealed class DisconnectTests
{
    [Fact]
    [Trait("Feature", "SHL-11")]
    [Trait("Feature", "CAP-04")]
    public async Task Block_keeps_all_output_for_the_client_that_comes_back()
    {
        await using var service = new ShellService(new ShellOptions { MaxPendingOutputBytes = 100_000 });
        await using var shell = await service.Client.OpenShellAsync();
        await using var command = await shell.StartAsync("read line; seq 100000");
        using var output = new StreamReader(command.StandardOutput.AsStream());
        await command.StandardInput.WriteAsync("\n"u8.ToArray());

        await shell.DisconnectAsync(TimeSpan.FromMinutes(5), BufferMode.Block);
        Assert.True(shell.IsDisconnected);
        var fault = await Assert.ThrowsAsync<WSManFaultException>(() => shell.StartAsync("true"));
        await shell.ReconnectAsync();

        Assert.Equal(FaultCatalog.ShellDisconnected.Code, fault.Fault.Code);
        Assert.Equal(string.Concat(Enumerable.Range(1, 100_000).Select(i => $"{i}\n")), await output.ReadToEndAsync());
        Assert.Equal(0, await command.Exit);
    }

    [Fact]
    [Trait("Feature", "SHL-11")]
    [Trait("Feature", "CAP-04")]
    public async Task Drop_lets_commands_run_on_and_keeps_the_newest_output()
    {
        await using var service = new ShellService(new ShellOptions { MaxPendingOutputBytes = 100_000 });
        await using var shell = await service.Client.OpenShellAsync();
        var file = Path.GetTempFileName();
        File.Delete(file);
        await using var command = await shell.StartAsync($"read line; seq 300000; touch {file}; read line");
        using var output = new StreamReader(command.StandardOutput.AsStream());

        await command.StandardInput.WriteAsync("\n"u8.ToArray());
        await shell.DisconnectAsync(mode: BufferMode.Drop);
        while (!File.Exists(file)) // with Block it would wait for room
        {
            await Task.Yield();
        }

        File.Delete(file);
        await shell.ReconnectAsync();
        await command.StandardInput.WriteAsync("\n"u8.ToArray());
        var text = await output.ReadToEndAsync();

        Assert.EndsWith("299999\n300000\n", text, StringComparison.Ordinal);
        Assert.DoesNotContain("\n100000\n", text, StringComparison.Ordinal);
    }

    [Fact]
    [Trait("Feature", "SHL-12")]
    [Trait("Feature", "CAP-04")]
    public async Task Another_client_finds_the_shell_takes_it_over_and_goes_on()
    {
        await using var service = new ShellService();
        await using var other = service.Another();
        var shell = await service.Client.OpenShellAsync(new ShellSettings { Compression = true });
        var command = await shell.StartAsync("while read line; do echo \"<$line>\"; done");
        var taken = await Assert.ThrowsAsync<WSManFaultException>(() => other.ConnectShellAsync(shell.Id));
        await shell.DisconnectAsync();

        var found = await other.EnumerateShellsAsync().SingleAsync();
        await using var second = await other.ConnectShellAsync(found.ShellId);
        var listed = await second.EnumerateCommandsAsync().SingleAsync();
        await using var again = await second.ConnectCommandAsync(listed.CommandId);
        using var output = new StreamReader(again.StandardOutput.AsStream());
        await again.StandardInput.WriteAsync("b\n"u8.ToArray());

        Assert.Equal(FaultCatalog.ShellConnectedElsewhere.Code, taken.Fault.Code);
        Assert.Equal(("Disconnected", "Block", "XpressCompression", 1L), (found.State, found.BufferMode, found.CompressionMode, found.ChildProcesses));
        Assert.Matches("^[0-9]+MB$", found.MemoryUsed);
        Assert.Equal((command.Id, "while read line; do echo \"<$line>\"; done", "Running"), (listed.CommandId, listed.CommandLine, listed.State));
        Assert.Equal("<b>", await output.ReadLineAsync());
        var strange = await Assert.ThrowsAsync<WSManFaultException>(() => shell.ReconnectAsync());
        Assert.Equal(FaultCatalog.ShellSessionMismatch.Code, strange.Fault.Code);
    }

    [Fact]
    [Trait("Feature", "SHL-14")]
    public async Task Compressed_streams_carry_the_same_bytes()
    {
        await using var service = new ShellService();
        await using var shell = await service.Client.OpenShellAsync(new ShellSettings { Compression = true });
        var text = System.Text.Encoding.ASCII.GetBytes(string.Concat(Enumerable.Range(0, 200_000).Select(i => $"line {i}\n")));

        var outcome = await shell.RunAsync("cat; echo oops >&2", text);

        Assert.True(outcome.Output.Span.SequenceEqual(text));
        Assert.Equal("oops\n", outcome.StandardError);
    }
}
