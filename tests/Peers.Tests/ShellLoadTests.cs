using System.Globalization;
using System.Text.RegularExpressions;
using Farwire.Client;
using Farwire.Client.Connection;
using Farwire.Client.Shells;
using Farwire.Protocol.Shell;

namespace Farwire.Peers.Tests;

/// <summary>What clients do to a service that it must survive: output nobody takes, input nobody reads, shells nobody closes.</summary>
public sealed class ShellLoadTests(ITestOutputHelper output) : IAsyncLifetime
{
    private const long MaxGrowth = 128L * 1024 * 1024;
    private const string Shell = Soap.Microsoft + "/windows/shell";
    private const int Workers = 10;

    private TestServiceProcess _service = null!;
    private WSManClient _client = null!;

    public async ValueTask InitializeAsync()
    {
        _service = await TestServiceProcess.StartedAsync("MaxShellsPerUser=20000");
        _client = NewClient(TimeSpan.FromSeconds(60));
    }

    public async ValueTask DisposeAsync()
    {
        await _client.DisposeAsync();
        await _service.DisposeAsync();
    }

    [Fact]
    public async Task Ten_gigabytes_that_nobody_receives_go_by_without_staying()
    {
        var bytes = LongTests.Of(10_000_000_000);
        output.WriteLine($"{bytes / 1_000_000_000} of 10 GB");
        var done = Path.Combine(Path.GetTempPath(), "farwire-done-" + Guid.NewGuid().ToString("N"));
        await using var shell = await _client.OpenShellAsync();
        await using var command = await shell.StartAsync($"read line; head -c {bytes} /dev/zero; touch {done}; echo end; read line");
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
    public async Task A_gigabyte_that_the_command_never_reads_is_not_taken_however_hard_it_is_pushed()
    {
        const int Piece = 300_000;
        var bytes = LongTests.Of(1_000_000_000);
        output.WriteLine($"{bytes / 1_000_000} of 1,000 MB");
        await using var shell = await _client.OpenShellAsync();
        await using var command = await shell.StartAsync("sleep 6753");
        var keys = Soap.Selectors(("ShellId", shell.Id));
        var send = Soap.Message(
            $"{Shell}/Send",
            $"{Shell}/cmd",
            $"<rsp:Send xmlns:rsp=\"{Shell}\"><rsp:Stream Name=\"stdin\" CommandId=\"{command.Id}\">{Convert.ToBase64String(new byte[Piece])}</rsp:Stream></rsp:Send>",
            "<w:OperationTimeout>PT0.05S</w:OperationTimeout>" + keys);
        using var http = new HttpClient();
        http.DefaultRequestHeaders.Authorization = new("Basic", Convert.ToBase64String("Ann:secret"u8));
        var before = Memory();
        var (left, taken, refused) = ((int)(bytes / Piece), 0, 0);

        await Task.WhenAll(Enumerable.Range(0, 20).Select(async _ =>
        {
            while (Interlocked.Decrement(ref left) >= 0)
            {
                using var content = new StringContent(send, new System.Net.Http.Headers.MediaTypeHeaderValue("application/soap+xml", "utf-8"));
                using var answer = await http.PostAsync(_service.Http, content);
                var code = Regex.Match(await answer.Content.ReadAsStringAsync(), "Code=\"([0-9]+)\"").Groups[1].Value;
                Assert.True(code is "" or "2150858793", code); // taken, or: not now
                _ = code.Length == 0 ? Interlocked.Increment(ref taken) : Interlocked.Increment(ref refused);
            }
        }));

        Assert.InRange(taken, 1, 4);
        Assert.Equal((int)(bytes / Piece), taken + refused);
        Assert.InRange(Memory() - before, long.MinValue, MaxGrowth);
        await command.SignalAsync(ShellSignal.Terminate);
        Assert.Equal("", (await Commands.RunAsync("/usr/bin/pgrep", ["-fx", "sleep 6753"])).Output);
    }

    [Fact]
    public async Task Children_that_nobody_waits_for_leave_no_zombie()
    {
        await using var shell = await _client.OpenShellAsync();
        for (var i = 0; i < 10; i++)
        {
            // What becomes sleep never waits for those it was the parent of; others lose their parents and fall to whoever reaps here.
            await using var command = await shell.StartAsync("for i in 1 2 3 4 5; do (exit 3) & (setsid sh -c 'exit 4' &) ; done; echo ready; exec sleep 6754");
            await using var pieces = command.ReadOutputAsync().GetAsyncEnumerator();
            Assert.True(await pieces.MoveNextAsync());
            await command.SignalAsync(ShellSignal.Terminate);
        }

        Assert.Equal("", (await Commands.RunAsync("/usr/bin/pgrep", ["-fx", "sleep 6754"])).Output);
        while (ChildrenOf(_service.ProcessId).Any(child => child.State == 'Z'))
        {
            await Task.Delay(10); // the kernel tells of their end a moment later
        }
    }

    [Fact]
    public async Task Shells_that_nobody_closes_end_with_all_that_runs_in_them()
    {
        var abandoned = LongTests.Of(10_000);
        output.WriteLine($"{abandoned} of 10,000 shells");
        await Task.WhenAll(Enumerable.Range(0, Workers).Select(async worker =>
        {
            for (var i = 0; i < abandoned / Workers; i++)
            {
                var shell = await _client.OpenShellAsync(new ShellSettings { IdleTimeOut = TimeSpan.FromSeconds(1) });
                if (i < 10)
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
    public async Task Two_who_receive_at_once_have_every_byte_once_and_each_in_order()
    {
        await using var shell = await _client.OpenShellAsync();
        await using var first = await shell.StartAsync("seq 200000");
        var second = await shell.ConnectCommandAsync(first.Id);

        var pieces = await Task.WhenAll(PiecesAsync(first), PiecesAsync(second));

        // Laid together again, taking always the next of one or of the other, they are the whole.
        var left = string.Concat(Enumerable.Range(1, 200_000).Select(i => $"{i}\n")).AsMemory();
        while (pieces.FirstOrDefault(queue => queue.TryPeek(out var next) && left.Span.StartsWith(next)) is { } queue)
        {
            left = left[queue.Dequeue().Length..];
        }

        Assert.Equal((0, 0, 0), (left.Length, pieces[0].Count, pieces[1].Count));
    }

    private static async Task<Queue<string>> PiecesAsync(RemoteCommand command)
    {
        var pieces = new Queue<string>();
        await foreach (var piece in command.ReadOutputAsync())
        {
            pieces.Enqueue(System.Text.Encoding.ASCII.GetString(piece.Data.Span));
        }

        return pieces;
    }

    private static IEnumerable<(int Id, char State)> ChildrenOf(int parent)
    {
        foreach (var folder in Directory.EnumerateDirectories("/proc").Where(path => char.IsAsciiDigit(Path.GetFileName(path)[0])))
        {
            string[] stat;
            try
            {
                var text = File.ReadAllText(Path.Combine(folder, "stat"));
                stat = text[(text.LastIndexOf(')') + 2)..].Split(' ');
            }
            catch (IOException)
            {
                continue; // gone meanwhile
            }

            if (int.Parse(stat[1], CultureInfo.InvariantCulture) == parent)
            {
                yield return (int.Parse(Path.GetFileName(folder), CultureInfo.InvariantCulture), stat[0][0]);
            }
        }
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
