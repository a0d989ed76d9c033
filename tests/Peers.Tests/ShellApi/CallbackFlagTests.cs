using Farwire.Client.ShellApi;

namespace Farwire.Peers.Tests.ShellApi;

/// <summary>What callbacks are told, with the numbers of Windows, while the way to the built service breaks and is mended.</summary>
public sealed class CallbackFlagTests(RunningService service)
{
    private const string Cmd = Soap.Microsoft + "/windows/shell/cmd";

    [Theory]
    [Trait("Feature", "CAP-05")]
    [InlineData(CallbackFlags.EndOfOperation, 1)]
    [InlineData(CallbackFlags.EndOfStream, 8)]
    [InlineData(CallbackFlags.SupportsDisconnect, 0x20)]
    [InlineData(CallbackFlags.AutoDisconnected, 0x40)]
    [InlineData(CallbackFlags.NetworkFailureDetected, 0x100)]
    [InlineData(CallbackFlags.Retrying, 0x200)]
    [InlineData(CallbackFlags.Reconnected, 0x400)]
    [InlineData(CallbackFlags.AutoDisconnecting, 0x800)]
    [InlineData(CallbackFlags.RetryAborted, 0x1000)]
    [InlineData(CallbackFlags.ReceiveDelayProcessed, 0x2000)]
    public async Task Each_event_is_told_by_its_number(CallbackFlags flag, int number)
    {
        Assert.Equal(number, (int)flag);
        await using var proxy = new SwitchedProxy(new Uri(service.Https));
        var isShort = flag is CallbackFlags.AutoDisconnected or CallbackFlags.AutoDisconnecting;
        await using var api = WSManShellApi.Initialize();
        var session = Heard.Session(api, service, proxy.Port, options => options with { MaxRetryTime = isShort ? TimeSpan.FromMilliseconds(200) : options.MaxRetryTime });
        var opened = await Heard.DoneAsync(c => session.CreateShell(ShellFlags.ReceiveDelay, Cmd, null, c));
        var shell = opened.Shell!;
        var command = (await Heard.DoneAsync(c => shell.RunCommand("echo begun; read line; echo \"<$line>\"", null, null, c))).Command!;
        var output = new Heard();
        using var reading = command.ReceiveOutput(output.Callback);
        await WhenAsync(() => output.Text == "begun\n");

        var isNetwork = flag is CallbackFlags.NetworkFailureDetected or CallbackFlags.Retrying or CallbackFlags.Reconnected or CallbackFlags.RetryAborted || isShort;
        if (isNetwork)
        {
            proxy.Break();
            await WhenAsync(() => output.Flags.HasFlag(CallbackFlags.NetworkFailureDetected));
        }

        if (flag == CallbackFlags.RetryAborted)
        {
            await WhenAsync(() => output.Flags.HasFlag(CallbackFlags.Retrying));
            await reading.CloseAsync();
        }

        if (isShort)
        {
            await output.End;
        }

        proxy.Mend();
        if (!isShort && flag != CallbackFlags.RetryAborted)
        {
            await Heard.DoneAsync(c => command.SendInput("stdin", "on\n"u8.ToArray(), true, c));
            await output.End;
            Assert.Equal("begun\n<on>\n", output.Text); // nothing lost, nothing twice
        }

        var heard = flag == CallbackFlags.SupportsDisconnect ? opened.Flags : output.Flags;
        Assert.True(heard.HasFlag(flag), $"{heard}");
        Assert.Equal(isShort, output.Flags.HasFlag(CallbackFlags.AutoDisconnected));
        Assert.Equal(isNetwork, output.Flags.HasFlag(CallbackFlags.NetworkFailureDetected));
        await Heard.RunAsync(shell.Close);
    }

    private static async Task WhenAsync(Func<bool> condition)
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        while (!condition())
        {
            await Task.Delay(10, patience.Token);
        }
    }
}
