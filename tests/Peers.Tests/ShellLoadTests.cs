using System.Globalization;
using Farwire.Client;
using Farwire.Client.Connection;
using Farwire.Client.Shells;
using Farwire.Protocol.Shell;

namespace Farwire.Peers.Tests;

/// <summary>What clients do to a service that it must survive: output nobody takes, input nobody reads, shells nobody closes.</summary>
public sealed class ShellLoadTests : IAsyncLifetime
{
    private const long MaxGrowth = 128L * 1024 * 1024;
    private const int Abandoned = 1000;

    private TestServiceProcess _service = null!;
    private WSManClient _client = null!;

    public async ValueTask InitializeAsync()
    {
        _service = await TestServiceProcess.StartedAsync("MaxShellsPerUser=5000");
        _client = NewClient(TimeSpan.FromSeconds(60));
    }

    public async ValueTask DisposeAsync()
    {
        await _client.DisposeAsync();
        await _service.DisposeAsync();
    }

    [Fact]
    public async Task A_gigabyte_that_nobody_receives_goes_by_without_staying()
    {
        var done = Path.Combine(Path.GetTempPath(), "farwire-done-" + Guid.NewGuid().ToString("N"));
        await using var shell = await _client.OpenShellAsync();
        await using var command = await shell.StartAsync($"read line; head -c 1000000000 /dev/zero; touch {done}; echo end; read line");
        await command.StandardInput.WriteAsync("\n"u8.ToArray());
        var before = Memory();

        await shell.DisconnectAsync(mode: BufferMode.Drop);
        while (!File.Exists(done))
        {
            await Task.Delay(20);
        }

        Assert.InRange(Memory() - before, long.MinValue, MaxGrowth);
        File.Delete(done);
        await shell.ReconnectAsync();
        await command.StandardInput.WriteAsync("\n"u8.ToArray());
        var last = 0L;
        await foreach (var piece in command.ReadOutputAsync())
        {
            last += piece.Data.Length;
        }

        Assert.InRange(last, 4, 4 * 1024 * 1024);
    }

    [Fact]
    public async Task Input_that_the_command_never_reads_waits_at_the_client()
    {
        await using var client = NewClient(TimeSpan.FromMilliseconds(200));
        await using var shell = await client.OpenShellAsync();
        await using var command = await shell.StartAsync("sleep 6751");
        var before = Memory();
        using var enough = new CancellationTokenSource(TimeSpan.FromSeconds(3));

        await Assert.ThrowsAnyAsync<OperationCanceledException>(async () =>
        {
            for (var piece = new byte[1_000_000]; ;)
            {
                await command.StandardInput.WriteAsync(piece, enough.Token);
            }
        });

        Assert.InRange(Memory() - before, long.MinValue, MaxGrowth);
        Assert.Equal("still here\n", (await shell.RunAsync("echo still here")).StandardOutput);
        await command.SignalAsync(ShellSignal.Terminate);
        Assert.Equal("", (await Commands.RunAsync("/usr/bin/pgrep", ["-fx", "sleep 6751"])).Output);
    }

    [Fact]
    public async Task Shells_that_nobody_closes_end_with_all_that_runs_in_them()
    {
        await Task.WhenAll(Enumerable.Range(0, 10).Select(async worker =>
        {
            for (var i = 0; i < Abandoned / 10; i++)
            {
                var shell = await _client.OpenShellAsync(new ShellSettings { IdleTimeOut = TimeSpan.FromSeconds(1) });
                if (i % 10 == 0)
                {
                    await shell.StartAsync("(setsid sleep 6752 &); sleep 6752");
                }
            }
        }));

        while (await _client.EnumerateShellsAsync().AnyAsync() || (await Commands.RunAsync("/usr/bin/pgrep", ["-fx", "sleep 6752"])).Output != "")
        {
            await Task.Delay(100);
        }
    }

    [Fact]
    public async Task Two_who_receive_at_once_have_every_byte_once()
    {
        await using var shell = await _client.OpenShellAsync();
        await using var first = await shell.StartAsync("seq 200000");
        var second = await shell.ConnectCommandAsync(first.Id);

        var counts = await Task.WhenAll(CountAsync(first), CountAsync(second));

        Assert.Equal(Enumerable.Range(1, 200_000).Sum(i => i.ToString(CultureInfo.InvariantCulture).Length + 1), counts.Sum());
    }

    private static async Task<long> CountAsync(RemoteCommand command)
    {
        var count = 0L;
        await foreach (var piece in command.ReadOutputAsync())
        {
            count += piece.Data.Length;
        }

        return count;
    }

    private WSManClient NewClient(TimeSpan operationTimeout) => new(new WSManConnectionOptions
    {
        Address = new Uri(_service.Http),
        Authentication = AuthenticationMethod.Basic,
        User = "Ann",
        Password = "secret",
        AllowUnencrypted = true,
        OperationTimeout = operationTimeout,
    });

    private long Memory() => long.Parse(File.ReadAllText($"/proc/{_service.ProcessId}/statm").Split(' ')[1], CultureInfo.InvariantCulture) * Environment.SystemPageSize;
}
