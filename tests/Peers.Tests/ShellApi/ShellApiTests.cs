using System.Reflection;
using System.Text;
using Farwire.Client.ShellApi;
using Farwire.Client.Shells;

namespace Farwire.Peers.Tests.ShellApi;

/// <summary>Every function of the client shell API against the built service, as a program that was written for it would use it.</summary>
public sealed class ShellApiTests(RunningService service)
{
    private const string Cmd = Soap.Microsoft + "/windows/shell/cmd";
    private const string Signals = Soap.Microsoft + "/windows/shell/signal/";

    // The page's functions; what has no test of its own here is named in the test that shows it.
    public static readonly string[] Functions =
    [
        "WSManInitialize", "WSManDeinitialize", "WSManCreateSession", "WSManCloseSession", "WSManSetSessionOption", "WSManGetSessionOptionAsDword",
        "WSManGetSessionOptionAsString", "WSManCreateShell", "WSManCreateShellEx", "WSManRunShellCommand", "WSManRunShellCommandEx", "WSManReceiveShellOutput",
        "WSManSendShellInput", "WSManSignalShell", "WSManCloseCommand", "WSManCloseShell", "WSManCloseOperation", "WSManDisconnectShell", "WSManReconnectShell",
        "WSManReconnectShellCommand", "WSManConnectShell", "WSManConnectShellCommand", "WSManGetErrorMessage",
    ];

    [Fact]
    [Trait("Feature", "CAP-01")]
    public void Each_of_the_23_functions_has_its_counterpart_and_its_test()
    {
        const BindingFlags all = BindingFlags.Public | BindingFlags.Static | BindingFlags.Instance | BindingFlags.DeclaredOnly;
        var counterparts = typeof(WSManShellApi).Assembly.GetExportedTypes().SelectMany(t => t.GetMethods(all)).SelectMany(m => m.GetCustomAttributes<WSManFunctionAttribute>()).Select(a => a.Name).ToList();
        var tested = typeof(ShellApiTests).GetMethods().SelectMany(m => m.GetCustomAttributesData()).Where(a => a.AttributeType == typeof(TraitAttribute) && (string?)a.ConstructorArguments[0].Value == "Function").Select(a => (string)a.ConstructorArguments[1].Value!);

        Assert.Equal(23, Functions.Length);
        Assert.Equal(Functions.Order(), counterparts.Order());
        Assert.Equal(Functions.Order(), tested.Distinct().Order());
    }

    [Fact]
    [Trait("Feature", "CAP-01")]
    [Trait("Function", "WSManInitialize")]
    [Trait("Function", "WSManDeinitialize")]
    public async Task Deinitialize_waits_for_operations_and_then_nothing_can_be_used()
    {
        var api = WSManShellApi.Initialize();
        var session = Heard.Session(api, service);
        var shell = (await Heard.DoneAsync(c => session.CreateShell(ShellFlags.None, Cmd, null, c))).Shell!;
        var heard = new Heard();
        using var slow = shell.RunCommand("sleep 0.3; echo over", null, null, heard.Callback);
        await heard.End;
        var output = new Heard();
        using var reading = heard.All[^1].Command!.ReceiveOutput(output.Callback);

        await api.DisposeAsync();

        Assert.Equal("over\n", output.Text);
        Assert.Throws<ObjectDisposedException>(() => api.CreateSession(null));
        Assert.Throws<ObjectDisposedException>(() => shell.Close(_ => { }));
    }

    [Fact]
    [Trait("Feature", "CAP-01")]
    [Trait("Function", "WSManCreateSession")]
    [Trait("Function", "WSManCloseSession")]
    public async Task A_session_is_made_without_a_message_and_closed_after_its_shells()
    {
        await using var api = WSManShellApi.Initialize();
        await api.CreateSession("http://127.0.0.1:1/wsman", ApiAuthentication.Basic, "nobody", "x").CloseAsync();
        await using var session = Heard.Session(api, service);
        var shell = (await Heard.DoneAsync(c => session.CreateShell(ShellFlags.None, Cmd, null, c))).Shell!;
        await Assert.ThrowsAsync<InvalidOperationException>(async () => await session.CloseAsync());
        await Heard.DoneAsync(shell.Close);
        await session.CloseAsync();
    }

    [Theory]
    [Trait("Feature", "CAP-01")]
    [Trait("Function", "WSManCreateShell")]
    [Trait("Function", "WSManCreateShellEx")]
    [Trait("Function", "WSManCloseShell")]
    [InlineData(ShellFlags.None, 0)]
    [InlineData(ShellFlags.NoCompression, 1)]
    [InlineData(ShellFlags.DeleteServerSession, 2)]
    [InlineData(ShellFlags.BufferingDrop, 4)]
    [InlineData(ShellFlags.BufferingBlock, 8)]
    [InlineData(ShellFlags.ReceiveDelay, 0x10)]
    public async Task A_shell_has_the_flags_it_was_opened_with(ShellFlags flags, int number)
    {
        Assert.Equal(number, (int)flags);
        await using var api = WSManShellApi.Initialize();
        await using var session = Heard.Session(api, service);
        var id = Guid.NewGuid().ToString("D").ToUpperInvariant();
        var settings = new ShellSettings { WorkingDirectory = "/usr", Environment = [new("A", "1 2")], IdleTimeOut = TimeSpan.FromMinutes(3) };
        var shell = (await Heard.DoneAsync(c => session.CreateShell(flags, Cmd, settings, c, id))).Shell!;
        var command = (await Heard.DoneAsync(c => shell.RunCommand("echo $(pwd) $A", null, null, c))).Command!;
        var output = new Heard();
        using var reading = command.ReceiveOutput(output.Callback);
        await output.End;
        var described = await ShellXmlAsync(id);
        await Heard.DoneAsync(c => shell.Disconnect(null, c));
        var left = await ShellXmlAsync(id);
        await Heard.DoneAsync(shell.Close);
        var after = await ShellXmlAsync(id);

        Assert.Equal(id, shell.Id);
        Assert.Equal("/usr 1 2\n", output.Text);
        Assert.Contains("<rsp:IdleTimeOut>PT180.000S</rsp:IdleTimeOut>", described, StringComparison.Ordinal);
        Assert.Contains(flags == ShellFlags.NoCompression ? ">NoCompression<" : ">XpressCompression<", described, StringComparison.Ordinal);
        Assert.Contains(flags == ShellFlags.BufferingDrop ? "<rsp:BufferMode>Drop<" : "<rsp:BufferMode>Block<", left, StringComparison.Ordinal);
        Assert.Equal(flags == ShellFlags.ReceiveDelay, output.Flags.HasFlag(CallbackFlags.ReceiveDelayProcessed));
        Assert.Equal(flags == ShellFlags.DeleteServerSession, after.Contains("2150858843", StringComparison.Ordinal)); // who left it, leaves it
    }

    [Fact]
    [Trait("Feature", "CAP-01")]
    [Trait("Function", "WSManRunShellCommand")]
    [Trait("Function", "WSManRunShellCommandEx")]
    [Trait("Function", "WSManReceiveShellOutput")]
    [Trait("Function", "WSManSendShellInput")]
    [Trait("Function", "WSManCloseCommand")]
    public async Task A_command_takes_input_and_gives_output_streams_and_code()
    {
        await using var api = WSManShellApi.Initialize();
        await using var session = Heard.Session(api, service);
        var shell = (await Heard.DoneAsync(c => session.CreateShell(ShellFlags.None, Cmd, null, c))).Shell!;
        var id = Guid.NewGuid().ToString("D").ToUpperInvariant();
        var command = (await Heard.DoneAsync(c => shell.RunCommand("cat; echo wrong >&2;", ["exit", "5"], new CommandSettings { ConsoleInput = false }, c, id))).Command!;
        var output = new Heard();
        using var reading = command.ReceiveOutput(output.Callback);
        await Heard.DoneAsync(c => command.SendInput("stdin", Encoding.UTF8.GetBytes("first ü\n"), false, c));
        await Heard.DoneAsync(c => command.SendInput("stdin", Encoding.UTF8.GetBytes("last\n"), true, c));
        var end = await output.End;
        await Heard.DoneAsync(command.Close);
        var gone = await Heard.RunAsync(c => command.Signal(Signals + "ctrl_c", c));
        await Heard.DoneAsync(shell.Close);

        Assert.Equal(id, command.Id);
        Assert.Equal("first ü\nlast\n", output.Text);
        Assert.Equal((5, true), (end.ExitCode, end.CommandState!.EndsWith("/CommandState/Done", StringComparison.Ordinal)));
        Assert.Contains(output.All, t => t.CommandState!.EndsWith("/CommandState/Running", StringComparison.Ordinal) || t.Data is null || t.Data.End);
        Assert.Equal(["stderr", "stdout"], output.All.Where(t => t.Flags.HasFlag(CallbackFlags.EndOfStream)).Select(t => t.Data!.Name).Order());
        Assert.Equal(2150858843u, gone.Error!.Code); // the service has let go of it
        Assert.Contains("Code=\"2150858843\"", gone.Error.Detail, StringComparison.Ordinal);
        Assert.Equal("en-US", gone.Error.Language);
    }

    [Theory]
    [Trait("Feature", "CAP-01")]
    [Trait("Function", "WSManSignalShell")]
    [InlineData("ctrl_c", "interrupted", 3)]
    [InlineData("ctrl_break", "", null)]
    [InlineData("terminate", "", null)]
    public async Task A_signal_does_its_work(string signal, string said, int? code)
    {
        await using var api = WSManShellApi.Initialize();
        await using var session = Heard.Session(api, service);
        var shell = (await Heard.DoneAsync(c => session.CreateShell(ShellFlags.None, Cmd, null, c))).Shell!;
        var command = (await Heard.DoneAsync(c => shell.RunCommand("trap 'echo interrupted; exit 3' INT; echo ready; while :; do sleep 61.7; done", null, null, c))).Command!;
        var output = new Heard();
        using var reading = command.ReceiveOutput(output.Callback);

        // Not before sleep runs: a signal between the shell's fork and the exec is lost to sleep, for which the shell then waits.
        while (!output.Text.Contains("ready", StringComparison.Ordinal) || (await Commands.RunAsync("pgrep", ["-fx", "sleep 61.7"])).Output == "")
        {
            await Task.Delay(10, TestContext.Current.CancellationToken);
        }

        await Heard.DoneAsync(c => command.Signal(Signals + signal, c));
        var end = await output.End;
        await Heard.DoneAsync(shell.Close);

        Assert.Equal($"ready\n{said}".TrimEnd(), output.Text.TrimEnd());
        Assert.True(code is null ? end.ExitCode is not 3 : end.ExitCode == code);
        Assert.Equal("", (await Commands.RunAsync("pgrep", ["-fx", "sleep 61.7"])).Output);
    }

    [Fact]
    [Trait("Feature", "CAP-01")]
    [Trait("Feature", "CAP-03")]
    [Trait("Function", "WSManCloseOperation")]
    public async Task An_operation_that_is_closed_tells_its_callback_that_it_was_aborted()
    {
        await using var api = WSManShellApi.Initialize();
        await using var session = Heard.Session(api, service);
        var shell = (await Heard.DoneAsync(c => session.CreateShell(ShellFlags.None, Cmd, null, c))).Shell!;
        var command = (await Heard.DoneAsync(c => shell.RunCommand("read line; echo \"<$line>\"", null, null, c))).Command!;
        var aborted = new Heard();
        using var reading = command.ReceiveOutput(aborted.Callback);

        await reading.CloseAsync();
        var end = await aborted.End;
        var again = new Heard();
        using var next = command.ReceiveOutput(again.Callback); // the command itself goes on
        await Heard.DoneAsync(c => command.SendInput("stdin", "on\n"u8.ToArray(), true, c));
        await again.End;
        await Heard.DoneAsync(shell.Close);

        Assert.Equal(CallbackFlags.EndOfOperation, end.Flags);
        Assert.Equal(995u, end.Error!.Code);
        Assert.Equal("<on>\n", again.Text);
    }

    [Fact]
    [Trait("Feature", "CAP-01")]
    [Trait("Feature", "CAP-04")]
    [Trait("Function", "WSManDisconnectShell")]
    [Trait("Function", "WSManReconnectShell")]
    [Trait("Function", "WSManReconnectShellCommand")]
    [Trait("Function", "WSManConnectShell")]
    [Trait("Function", "WSManConnectShellCommand")]
    public async Task A_shell_is_left_returned_to_and_taken_over_by_another_client()
    {
        await using var api = WSManShellApi.Initialize();
        await using var session = Heard.Session(api, service);
        var shell = (await Heard.DoneAsync(c => session.CreateShell(ShellFlags.None, Cmd, null, c))).Shell!;
        var command = (await Heard.DoneAsync(c => shell.RunCommand("read a; echo \"<$a>\"; read b; echo \"<$b>\"; exit 4", null, null, c))).Command!;
        var first = new Heard();
        using var reading = command.ReceiveOutput(first.Callback);

        await Heard.DoneAsync(c => shell.Disconnect(TimeSpan.FromMinutes(2), c));
        var refused = await Heard.RunAsync(c => command.SendInput("stdin", "x"u8.ToArray(), false, c));
        await Heard.DoneAsync(shell.Reconnect);
        await Heard.DoneAsync(command.Reconnect);
        await Heard.DoneAsync(c => command.SendInput("stdin", "one\n"u8.ToArray(), false, c));
        while (!first.Text.Contains("<one>", StringComparison.Ordinal))
        {
            await Task.Delay(10, TestContext.Current.CancellationToken);
        }

        await Heard.DoneAsync(c => shell.Disconnect(null, c));
        await reading.CloseAsync();
        await using var other = Heard.Session(api, service);
        var taken = (await Heard.DoneAsync(c => other.ConnectShell(ShellFlags.None, shell.Id, c))).Shell!;
        var theirs = (await Heard.DoneAsync(c => taken.ConnectCommand(command.Id, c))).Command!;
        var second = new Heard();
        using var rest = theirs.ReceiveOutput(second.Callback);
        await Heard.DoneAsync(c => theirs.SendInput("stdin", "two\n"u8.ToArray(), true, c));
        var end = await second.End;
        await Heard.DoneAsync(taken.Close);
        await Heard.DoneAsync(shell.Close); // left: only here

        Assert.Equal(2150859204u, refused.Error!.Code);
        Assert.Equal(("<two>\n", 4), (second.Text, end.ExitCode));
    }

    [Theory]
    [Trait("Feature", "CAP-01")]
    [Trait("Function", "WSManGetErrorMessage")]
    [InlineData(5u, null, "Access is denied")]
    [InlineData(5u, "de-DE", "Zugriff")]
    [InlineData(2150858843u, null, "selectors")]
    [InlineData(2150858793u, null, "time")]
    public void An_error_has_its_sentence(uint code, string? language, string part)
    {
        Assert.Contains(part, WSManShellApi.GetErrorMessage(code, language), StringComparison.OrdinalIgnoreCase);
        Assert.Null(WSManShellApi.GetErrorMessage(123456789));
    }

    [Fact]
    [Trait("Feature", "CAP-01")]
    [Trait("Function", "WSManSetSessionOption")]
    [Trait("Function", "WSManGetSessionOptionAsDword")]
    [Trait("Function", "WSManGetSessionOptionAsString")]
    public async Task Options_are_set_before_the_first_use_and_read_at_any_time()
    {
        await using var api = WSManShellApi.Initialize();
        await using var session = Heard.Session(api, service);
        session.SetOption(SessionOption.TimeoutMsSignal, 1234);
        var shell = (await Heard.DoneAsync(c => session.CreateShell(ShellFlags.None, Cmd, null, c))).Shell!;

        Assert.Throws<InvalidOperationException>(() => session.SetOption(SessionOption.TimeoutMsSignal, 1));
        Assert.Throws<ArgumentException>(() => session.SetOption(SessionOption.MaxRetryTime, 1)); // read only
        Assert.Throws<ArgumentException>(() => session.GetOptionAsDword(SessionOption.UILanguage));
        Assert.Throws<ArgumentException>(() => session.GetOptionAsString(SessionOption.UseSsl));
        Assert.Equal((1234u, "en-US"), (session.GetOptionAsDword(SessionOption.TimeoutMsSignal), session.GetOptionAsString(SessionOption.UILanguage)));
        await Heard.DoneAsync(shell.Close);
    }

    private async Task<string> ShellXmlAsync(string id) => (await new Curl(service.Https, $"{service.User}:{service.Password}").SendAsync(
        Soap.Message($"{Soap.Transfer}/Get", Soap.Microsoft + "/windows/shell", "", Soap.Selectors(("ShellId", id))))).Body;
}
