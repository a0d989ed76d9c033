using System.Text.RegularExpressions;
using Farwire.Peers.Tests.Administration;

namespace Farwire.Peers.Tests.Plugins;

/// <summary>Shells of plug-ins: curl opens them, runs commands in them and breaks their limits.</summary>
public sealed class PluginShellTests
{
    private const string Echo = Registration.Echo;

    [Fact]
    public async Task Commands_run_with_input_signals_environment_and_exit_codes()
    {
        await using var service = await StartAsync("");
        var shell = new LocalShell(service, Echo);
        await shell.OpenAsync();

        Assert.Equal(("hello world\n", "0"), await shell.RunAsync("echo", ["hello", "world"]));
        Assert.Equal(("COLOUR=red", "0"), await shell.RunAsync("env", []));

        var copy = await shell.StartAsync("copy");
        await shell.InputAsync(copy, "back and forth");
        Assert.Equal(("back and forth", "0"), await shell.DrainAsync(copy));

        var signals = await shell.StartAsync("signals");
        await shell.SignalAsync(signals, "ctrl_c");
        Assert.Equal(("ctrl_c", "130"), await shell.DrainAsync(signals));

        var unknown = await shell.StartAsync("dance");
        Assert.Contains("<f:ProviderFault provider=\"Echo\"", await shell.ReceiveAsync(unknown), StringComparison.Ordinal);
        Assert.Contains(shell.Id, await service.AskAsync("enumerate", "shell"), StringComparison.Ordinal);
        await shell.CloseAsync();
        Assert.Contains("closed", await DiaryAsync(service));
    }

    [Fact]
    [Trait("Feature", "PLG-11")]
    public async Task The_end_of_a_command_and_of_a_shell_reach_what_runs_in_it()
    {
        await using var service = await StartAsync("");
        var shell = new LocalShell(service, Echo);
        await shell.OpenAsync();

        var command = await shell.StartAsync("wait");
        await UntilWritten(service, "waiting", 1);
        await shell.SignalAsync(command, "terminate");
        await UntilWritten(service, "wait cancelled", 1);

        await shell.StartAsync("wait");
        await UntilWritten(service, "waiting", 2);
        await shell.CloseAsync();
        await UntilWritten(service, "wait cancelled", 2);
    }

    [Fact]
    public async Task A_shell_that_crashes_takes_its_own_process_with_it_and_no_other()
    {
        await using var service = await StartAsync("");
        var (one, other) = (new LocalShell(service, Echo), new LocalShell(service, Echo));
        await one.OpenAsync();
        await other.OpenAsync();

        Assert.Contains("Code=\"2150858883\"", await one.ReceiveAsync(await one.StartAsync("crash")), StringComparison.Ordinal);
        Assert.Equal("still here\n", (await other.RunAsync("echo", ["still here"])).Output);
        Assert.Contains("Code=\"2150858883\"", await one.CommandAsync("echo", "anybody there"), StringComparison.Ordinal);
        await one.CloseAsync();
        Assert.DoesNotContain(one.Id, await service.AskAsync("enumerate", "shell"), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("Block")]
    [InlineData("None")]
    [Trait("Feature", "PLG-10")]
    public async Task Ten_megabytes_for_a_reader_that_stopped_halt_the_plug_in(string mode)
    {
        await using var service = await StartAsync($"OutputBufferingMode=\"{mode}\"");
        var shell = new LocalShell(service, Echo);
        await shell.OpenAsync();
        var command = await shell.StartAsync("flood", "10485760");

        // It is held until somebody reads: what it would write at its end is not there, whatever else goes on meanwhile.
        Assert.Equal("meanwhile\n", (await shell.RunAsync("echo", ["meanwhile"])).Output);
        Assert.DoesNotContain(await DiaryAsync(service), line => line.StartsWith("flooded", StringComparison.Ordinal));

        var (output, code) = await shell.DrainAsync(command);
        Assert.Equal("0", code);
        Assert.Equal(Enumerable.Range(0, 163840).Select(line => $"{line,63}"), output.Split('\n', StringSplitOptions.RemoveEmptyEntries));
        await UntilWritten(service, "flooded, 0 dropped", 1);
    }

    [Fact]
    [Trait("Feature", "PLG-10")]
    public async Task With_Drop_the_oldest_goes_and_plug_in_and_log_are_told()
    {
        await using var service = await StartAsync("OutputBufferingMode=\"Drop\"");
        var shell = new LocalShell(service, Echo);
        await shell.OpenAsync();

        await DroppedAsync(service, shell, await shell.StartAsync("flood", "10485760"));
        await shell.CloseAsync();
    }

    [Fact]
    [Trait("Feature", "PLG-10")]
    public async Task With_None_a_client_that_leaves_decides()
    {
        await using var service = await StartAsync("OutputBufferingMode=\"None\"");
        var shell = new LocalShell(service, Echo);
        await shell.OpenAsync();
        var command = await shell.StartAsync("flood", "10485760");
        await shell.SendAsync("Disconnect", "<rsp:Disconnect xmlns:rsp=\"http://schemas.microsoft.com/wbem/wsman/1/windows/shell\"><rsp:BufferMode>Drop</rsp:BufferMode></rsp:Disconnect>");
        await AdministeredService.UntilAsync(async () => (await DiaryAsync(service)).Any(line => line.StartsWith("flooded", StringComparison.Ordinal)));
        await shell.SendAsync("Reconnect", "<rsp:Reconnect xmlns:rsp=\"http://schemas.microsoft.com/wbem/wsman/1/windows/shell\"/>");
        await DroppedAsync(service, shell, command);
    }

    private static async Task DroppedAsync(AdministeredService service, LocalShell shell, string command)
    {
        // The plug-in was not held: it is through, though nobody has read.
        await AdministeredService.UntilAsync(async () => (await DiaryAsync(service)).Any(line => line.StartsWith("flooded", StringComparison.Ordinal)));
        var (output, _) = await shell.DrainAsync(command);
        var lines = output.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => line.Trim()).ToList();

        Assert.Equal("163839", lines[^1]); // the newest is there
        Assert.Equal(163840 - lines.Count, int.Parse(lines[0], System.Globalization.CultureInfo.InvariantCulture)); // and what is missing is the oldest
        Assert.Contains($"flooded, {(163840 - lines.Count) * 64} dropped", await DiaryAsync(service));
        Assert.Contains("its oldest output is dropped", service.Log, StringComparison.Ordinal);
    }

    [Fact]
    [Trait("Feature", "SHL-11")]
    public async Task A_shell_is_returned_to_by_its_session_and_taken_over_by_another_which_the_plug_in_answers()
    {
        await using var service = await StartAsync("");
        var shell = new LocalShell(service, Echo);
        await shell.OpenAsync(Session("one"));
        var command = await shell.StartAsync("copy");

        // 1. Nobody takes a shell that is in use. 2. Left, it serves nobody. 3. Whoever left it returns. 4. Another session takes it over, with data for the plug-in.
        Assert.Contains("Code=\"2150859213\"", await AsAsync("two", "Connect", "<rsp:Connect xmlns:rsp=\"RSP\"/>"), StringComparison.Ordinal);
        await AsAsync("one", "Disconnect", "<rsp:Disconnect xmlns:rsp=\"RSP\"/>");
        Assert.Contains("Code=\"2150859204\"", await shell.ReceiveAsync(command), StringComparison.Ordinal);
        Assert.Contains("ReconnectResponse", await AsAsync("one", "Reconnect", ""), StringComparison.Ordinal);
        Assert.Equal("meanwhile\n", (await shell.RunAsync("echo", ["meanwhile"])).Output);
        await AsAsync("one", "Disconnect", "<rsp:Disconnect xmlns:rsp=\"RSP\"/>");
        Assert.Contains("Code=\"2150859206\"", await AsAsync("two", "Reconnect", ""), StringComparison.Ordinal);
        var connected = await AsAsync("two", "Connect", "<rsp:Connect xmlns:rsp=\"RSP\"><connectXml xmlns=\"http://schemas.example.com/echo\"/></rsp:Connect>");
        Assert.Contains("<connectResponseXml xmlns=\"http://schemas.example.com/echo\">welcome back</connectResponseXml>", connected, StringComparison.Ordinal);
        Assert.Contains("<rsp:OutputStreams>stdout stderr</rsp:OutputStreams>", connected, StringComparison.Ordinal);

        await shell.InputAsync(command, "the same command");
        Assert.Equal(("the same command", "0"), await shell.DrainAsync(command));

        Task<string> AsAsync(string session, string action, string body) => service.CurlAsync(Soap.Message(
            $"{Soap.Microsoft}/windows/shell/{action}",
            Echo,
            body.Replace("RSP", Soap.Microsoft + "/windows/shell", StringComparison.Ordinal),
            Soap.Selectors(("ShellId", shell.Id)) + Session(session)));

        static string Session(string name) => $"<p:SessionId xmlns:p=\"http://schemas.microsoft.com/wbem/wsman/1/wsman.xsd\">uuid:{name}</p:SessionId>";
    }

    internal static async Task<AdministeredService> StartAsync(string attributes, string quotas = "")
    {
        var service = await AdministeredService.StartAsync();
        var more = $"<InitializationParameters><Param Name=\"Diary\" Value=\"{Path.Combine(service.State, "diary")}\"/></InitializationParameters>{(quotas.Length > 0 ? $"<Quotas {quotas}/>" : "")}";
        service.Write("farwired.yaml", Registration.Yaml(Registration.EchoShell(attributes, more)));
        await service.RestartAsync();
        return service;
    }

    private static async Task<string[]> DiaryAsync(AdministeredService service) =>
        File.Exists(Path.Combine(service.State, "diary")) ? await File.ReadAllLinesAsync(Path.Combine(service.State, "diary")) : [];

    private static Task UntilWritten(AdministeredService service, string line, int times) =>
        AdministeredService.UntilAsync(async () => (await DiaryAsync(service)).Count(written => written == line) == times);
}
