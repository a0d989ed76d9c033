using System.Diagnostics;
using System.Text;
using System.Text.RegularExpressions;

namespace Farwire.Peers.Tests;

/// <summary>curl with the messages of remote shells written by hand.</summary>
public sealed class CurlShellTests(RunningService service)
{
    private const string Transfer = "http://schemas.xmlsoap.org/ws/2004/09/transfer";
    private const string Shell = "http://schemas.microsoft.com/wbem/wsman/1/windows/shell";
    private const string Unknown = "2150858843";
    private const string Streams = "<rsp:InputStreams>stdin</rsp:InputStreams><rsp:OutputStreams>stdout stderr</rsp:OutputStreams>";

    [Fact]
    [Trait("Feature", "SHL-01")]
    public async Task Create_answers_the_reference_with_the_shell_beside_it()
    {
        var created = await SendAsync($"{Transfer}/Create", null, $"<rsp:Shell>{Streams}</rsp:Shell>");
        var id = Regex.Match(created, "<x:ResourceCreated>.*<w:Selector Name=\"ShellId\">([0-9A-F-]{36})</w:Selector>.*</x:ResourceCreated>").Groups[1].Value;

        Assert.Contains($"</x:ResourceCreated><rsp:Shell xmlns:rsp=\"{Shell}\"><rsp:ShellId>{id}</rsp:ShellId>", created, StringComparison.Ordinal);
        Assert.Contains($"<rsp:ResourceUri>{Shell}/cmd</rsp:ResourceUri>", created, StringComparison.Ordinal);
        Assert.Contains($"<rsp:Owner>{service.User}</rsp:Owner>", created, StringComparison.Ordinal);
        Assert.DoesNotContain("Fault", await DeleteAsync(id), StringComparison.Ordinal);
        Assert.Equal(Unknown, CodeOf(await DeleteAsync(id)));
    }

    [Fact]
    [Trait("Feature", "SHL-02")]
    [Trait("Feature", "SHL-03")]
    public async Task The_last_answer_ends_every_stream_and_tells_the_code()
    {
        var shell = await OpenAsync();
        var command = await StartAsync(shell, "cat; exit 7");

        await SendAsync($"{Shell}/Send", shell, $"<rsp:Send><rsp:Stream Name=\"stdin\" CommandId=\"{command}\" End=\"true\">aGk=</rsp:Stream></rsp:Send>");
        var first = await ReceiveAsync(shell, command);
        var last = first.Contains("/Done", StringComparison.Ordinal) ? first : await ReceiveAsync(shell, command);
        await DeleteAsync(shell);

        Assert.Contains($"<rsp:Stream Name=\"stdout\" CommandId=\"{command}\">aGk=</rsp:Stream>", first, StringComparison.Ordinal);
        Assert.Matches(
            $"<rsp:Stream Name=\"stdout\" CommandId=\"{command}\" End=\"true\"></rsp:Stream><rsp:Stream Name=\"stderr\" CommandId=\"{command}\" End=\"true\"></rsp:Stream>"
            + $"<rsp:CommandState CommandId=\"{command}\" State=\"{Shell}/CommandState/Done\"><rsp:ExitCode>7</rsp:ExitCode></rsp:CommandState>",
            last);
    }

    [Fact]
    public async Task Input_after_its_end_and_after_that_of_the_command_is_taken_and_thrown_away()
    {
        var shell = await OpenAsync();
        var command = await StartAsync(shell, "cat; read more; echo \"<$more>\"");

        var answers = new List<string> { await InputAsync("aGkK", " End=\"true\""), await InputAsync("bW9yZQo=", ""), await InputAsync("", " End=\"True\"") };
        var output = new StringBuilder();
        for (var answer = ""; !answer.Contains("/Done", StringComparison.Ordinal);)
        {
            answer = await ReceiveAsync(shell, command);
            output.Append(string.Concat(Regex.Matches(answer, "<rsp:Stream Name=\"stdout\" [^>]*>([^<]*)<").Select(m => Encoding.ASCII.GetString(Convert.FromBase64String(m.Groups[1].Value)))));
        }

        answers.Add(await InputAsync("bW9yZQo=", " End=\"true\""));
        await DeleteAsync(shell);

        Assert.All(answers, answer => Assert.Contains("SendResponse", answer, StringComparison.Ordinal));
        Assert.Equal("hi\n<>\n", output.ToString());

        Task<string> InputAsync(string data, string end) =>
            SendAsync($"{Shell}/Send", shell, $"<rsp:Send><rsp:Stream Name=\"stdin\" CommandId=\"{command}\"{end}>{data}</rsp:Stream></rsp:Send>");
    }

    [Fact]
    [Trait("Feature", "SHL-04")]
    public async Task Each_signal_does_its_work()
    {
        var shell = await OpenAsync();
        foreach (var (signal, code) in new[] { ("ctrl_c", "130"), ("CTRL_BREAK", "143") })
        {
            var command = await StartAsync(shell, "echo ready; exec sleep 6601");
            await ReceiveAsync(shell, command);
            Assert.Contains("SignalResponse", await SignalAsync(shell, command, signal), StringComparison.Ordinal);
            Assert.Contains($"<rsp:ExitCode>{code}</rsp:ExitCode>", await ReceiveAsync(shell, command), StringComparison.Ordinal);
        }

        var killed = await StartAsync(shell, "trap '' INT TERM; echo ready; sleep 6602");
        await ReceiveAsync(shell, killed);
        await SignalAsync(shell, killed, "terminate");

        Assert.Equal("", await PidsOfAsync("sleep 660[12]"));
        Assert.Equal(Unknown, CodeOf(await ReceiveAsync(shell, killed)));
        await DeleteAsync(shell);
    }

    [Fact]
    [Trait("Feature", "SHL-06")]
    public async Task A_poll_without_output_times_out_and_loses_nothing()
    {
        var shell = await OpenAsync();
        var command = await StartAsync(shell, "read line; echo $line");

        var nothing = await ReceiveAsync(shell, command, "<w:OperationTimeout>PT0.5S</w:OperationTimeout>");
        await SendAsync($"{Shell}/Send", shell, $"<rsp:Send><rsp:Stream Name=\"stdin\" CommandId=\"{command}\">aGkK</rsp:Stream></rsp:Send>");
        var output = await ReceiveAsync(shell, command);
        await DeleteAsync(shell);

        Assert.Equal("2150858793", CodeOf(nothing));
        Assert.Contains("<s:Value>s:Receiver</s:Value><s:Subcode><s:Value>w:TimedOut</s:Value>", nothing, StringComparison.Ordinal);
        Assert.Contains(">aGkK<", output, StringComparison.Ordinal);
    }

    [Fact]
    [Trait("Feature", "SHL-07")]
    public async Task A_client_that_goes_in_the_middle_of_a_poll_and_stays_away_leaves_nothing_behind()
    {
        var shell = await OpenAsync("<rsp:IdleTimeOut>PT1S</rsp:IdleTimeOut>");
        var command = await StartAsync(shell, "echo ready; (setsid sleep 6603 &); sleep 6604");
        await ReceiveAsync(shell, command);
        using (var poll = Curl(Message($"{Shell}/Receive", shell, ReceiveBody(command), ""), "-v"))
        {
            // curl tells the request when it has sent it.
            while (await poll.StandardError.ReadLineAsync() is { } line && !line.StartsWith("> Content-Length", StringComparison.OrdinalIgnoreCase))
            {
            }

            poll.Kill();
            await poll.WaitForExitAsync();
        }

        // Reading the shell as a resource is no use of it.
        while (CodeOf(await SendAsync($"{Transfer}/Get", shell, "", uri: Shell)) != Unknown)
        {
            await Task.Delay(50);
        }

        while (await PidsOfAsync("sleep 660[34]") != "")
        {
            await Task.Delay(50);
        }

        Assert.Equal(Unknown, CodeOf(await ReceiveAsync(shell, command)));
    }

    [Fact]
    [Trait("Feature", "SHL-05")]
    public async Task Times_of_a_shell_and_the_direct_start_are_what_was_asked_for()
    {
        var shell = await OpenAsync("<rsp:IdleTimeOut>PT90S</rsp:IdleTimeOut><rsp:Lifetime>PT2S</rsp:Lifetime>");
        const string skip = "<w:OptionSet><w:Option Name=\"WINRS_SKIP_CMD_SHELL\">TRUE</w:Option></w:OptionSet>";
        var started = await SendAsync($"{Shell}/Command", shell, "<rsp:CommandLine><rsp:Command>printf</rsp:Command><rsp:Arguments>$HOME</rsp:Arguments></rsp:CommandLine>", skip);
        var output = await ReceiveAsync(shell, Regex.Match(started, "<rsp:CommandId>([^<]+)<").Groups[1].Value);
        var read = await SendAsync($"{Transfer}/Get", shell, "", uri: Shell);

        Assert.Contains($">{Convert.ToBase64String("$HOME"u8)}<", output, StringComparison.Ordinal);
        Assert.Contains("<rsp:Lifetime>PT2.000S</rsp:Lifetime><rsp:IdleTimeOut>PT90.000S</rsp:IdleTimeOut>", read, StringComparison.Ordinal);
        Assert.Equal("2150859250", CodeOf(await SendAsync($"{Transfer}/Create", null, $"<rsp:Shell><rsp:IdleTimeOut>PT0.1S</rsp:IdleTimeOut>{Streams}</rsp:Shell>")));
        while (CodeOf(await SendAsync($"{Transfer}/Get", shell, "", uri: Shell)) != Unknown)
        {
            await Task.Delay(50);
        }
    }

    [Fact]
    [Trait("Feature", "SHL-16")]
    public async Task Ids_that_the_client_chose_are_kept_and_bad_ones_fault()
    {
        var (shell, command) = (Guid.NewGuid().ToString().ToUpperInvariant(), Guid.NewGuid().ToString().ToUpperInvariant());

        Assert.Contains($"<w:Selector Name=\"ShellId\">{shell}</w:Selector>", await CreateAsync(shell), StringComparison.Ordinal);
        Assert.Contains($"<rsp:CommandId>{command}</rsp:CommandId>", await CommandAsync(shell, command), StringComparison.Ordinal);
        Assert.Equal("2150859223", CodeOf(await CreateAsync(shell)));
        Assert.Equal("2150859221", CodeOf(await CreateAsync("shell")));
        Assert.Equal("2150859222", CodeOf(await CommandAsync(shell, command)));
        Assert.Equal("2150859220", CodeOf(await CommandAsync(shell, "command")));
        await DeleteAsync(shell);

        Task<string> CreateAsync(string id) => SendAsync($"{Transfer}/Create", null, $"<rsp:Shell ShellId=\"{id}\">{Streams}</rsp:Shell>");

        Task<string> CommandAsync(string id, string chosen) =>
            SendAsync($"{Shell}/Command", id, $"<rsp:CommandLine CommandId=\"{chosen}\"><rsp:Command>true</rsp:Command></rsp:CommandLine>");
    }

    [Fact]
    [Trait("Feature", "PRO-26")]
    public async Task A_command_asked_for_twice_runs_once()
    {
        var shell = await OpenAsync();
        var file = Path.GetTempFileName();
        var body = $"<rsp:CommandLine><rsp:Command>echo run &gt;&gt; {file}</rsp:Command></rsp:CommandLine>";

        var first = await SendAsync($"{Shell}/Command", shell, body, Operation("false"));
        var again = await SendAsync($"{Shell}/Command", shell, body, Operation("true"));
        var duplicate = await SendAsync($"{Shell}/Command", shell, body, Operation("false"));
        var gap = await SendAsync($"{Shell}/Command", shell, body, Operation("false").Replace("uuid:7", "uuid:8", StringComparison.Ordinal).Replace(">1<", ">2<", StringComparison.Ordinal));
        await ReceiveAsync(shell, Regex.Match(first, "<rsp:CommandId>([^<]+)<").Groups[1].Value);
        await DeleteAsync(shell);

        Assert.EndsWith(first, again, StringComparison.Ordinal); // byte for byte, after the message that the question was known already
        Assert.Contains("<p:LastSequenceIdReceived>1</p:LastSequenceIdReceived>", again[..^first.Length], StringComparison.Ordinal);
        Assert.Contains("<p:OperationID s:mustUnderstand=\"false\">uuid:7</p:OperationID><p:SequenceId>1</p:SequenceId>", first, StringComparison.Ordinal);
        Assert.Equal("run\n", await File.ReadAllTextAsync(file));
        Assert.Equal(("2150858767", "2150858767"), (CodeOf(duplicate), CodeOf(gap)));
        File.Delete(file);

        static string Operation(string mustUnderstand) =>
            "<p:OperationID xmlns:p=\"http://schemas.microsoft.com/wbem/wsman/1/wsman.xsd\" s:mustUnderstand=\"" + mustUnderstand + "\">uuid:7</p:OperationID>"
            + "<p:SequenceId xmlns:p=\"http://schemas.microsoft.com/wbem/wsman/1/wsman.xsd\">1</p:SequenceId>";
    }

    [Theory]
    [InlineData("Block", "100000", "^1\n2\n")]
    [InlineData("Drop", "1000000", "\n1000000\n$")]
    [Trait("Feature", "SHL-11")]
    [Trait("Feature", "SHL-12")]
    public async Task A_shell_is_left_found_by_another_client_and_taken_over_with_its_output(string mode, string lines, string kept)
    {
        const string first = "<p:SessionId xmlns:p=\"http://schemas.microsoft.com/wbem/wsman/1/wsman.xsd\">uuid:1</p:SessionId>";
        var second = first.Replace("uuid:1", "uuid:2", StringComparison.Ordinal);
        var created = await SendAsync($"{Transfer}/Create", null, $"<rsp:Shell>{Streams}</rsp:Shell>", first);
        var shell = Regex.Match(created, "<w:Selector Name=\"ShellId\">([^<]+)<").Groups[1].Value;
        var command = await StartAsync(shell, $"read line; seq {lines}");

        Assert.Equal("2150859213", CodeOf(await SendAsync($"{Shell}/Connect", shell, "<rsp:Connect/>", second)));
        await SendAsync($"{Shell}/Disconnect", shell, $"<rsp:Disconnect><rsp:IdleTimeOut>PT180S</rsp:IdleTimeOut><rsp:BufferMode>{mode}</rsp:BufferMode></rsp:Disconnect>", first);
        Assert.Equal("2150859204", CodeOf(await ReceiveAsync(shell, command)));
        await SendAsync($"{Shell}/Reconnect", shell, "", first);
        await SendAsync($"{Shell}/Send", shell, $"<rsp:Send><rsp:Stream Name=\"stdin\" CommandId=\"{command}\">Cg==</rsp:Stream></rsp:Send>");
        await SendAsync($"{Shell}/Disconnect", shell, $"<rsp:Disconnect><rsp:BufferMode>{mode}</rsp:BufferMode></rsp:Disconnect>", first);
        while (mode == "Drop" && await PidsOfAsync($"seq {lines}") != "")
        {
            await Task.Delay(20); // nothing holds it
        }

        var list = await SendAsync("http://schemas.xmlsoap.org/ws/2004/09/enumeration/Enumerate", null, "<n:Enumerate xmlns:n=\"http://schemas.xmlsoap.org/ws/2004/09/enumeration\"><w:OptimizeEnumeration/><w:MaxElements>100</w:MaxElements></n:Enumerate>", uri: Shell);
        Assert.Matches($"<rsp:ShellId>{shell}</rsp:ShellId>((?!</rsp:Shell>).)*<rsp:BufferMode>{mode}</rsp:BufferMode><rsp:State>Disconnected</rsp:State>", list);
        Assert.Equal("2150859206", CodeOf(await SendAsync($"{Shell}/Reconnect", shell, "", second)));
        Assert.Contains("<rsp:InputStreams>stdin</rsp:InputStreams>", await SendAsync($"{Shell}/Connect", shell, "<rsp:Connect/>", second), StringComparison.Ordinal);
        var output = new StringBuilder();
        for (var answer = ""; !answer.Contains("/Done", StringComparison.Ordinal);)
        {
            answer = await ReceiveAsync(shell, command);
            foreach (Match piece in Regex.Matches(answer, "<rsp:Stream Name=\"stdout\" [^>]*>([^<]*)<"))
            {
                output.Append(Encoding.ASCII.GetString(Convert.FromBase64String(piece.Groups[1].Value)));
            }
        }

        await DeleteAsync(shell);
        Assert.Matches(kept, output.ToString());
        Assert.Equal(mode == "Block", output.ToString() == string.Concat(Enumerable.Range(1, int.Parse(lines, System.Globalization.CultureInfo.InvariantCulture)).Select(i => $"{i}\n")));
    }

    private async Task<string> OpenAsync(string more = "")
    {
        var created = await SendAsync($"{Transfer}/Create", null, $"<rsp:Shell>{more}{Streams}</rsp:Shell>");
        return Regex.Match(created, "<w:Selector Name=\"ShellId\">([^<]+)<").Groups[1].Value;
    }

    private async Task<string> StartAsync(string shell, string line)
    {
        var started = await SendAsync(
            $"{Shell}/Command", shell, $"<rsp:CommandLine><rsp:Command>{System.Security.SecurityElement.Escape(line)}</rsp:Command></rsp:CommandLine>");
        return Regex.Match(started, "<rsp:CommandId>([^<]+)<").Groups[1].Value;
    }

    private Task<string> ReceiveAsync(string shell, string command, string headers = "") => SendAsync($"{Shell}/Receive", shell, ReceiveBody(command), headers);

    private Task<string> SignalAsync(string shell, string command, string signal) =>
        SendAsync($"{Shell}/Signal", shell, $"<rsp:Signal CommandId=\"{command}\"><rsp:Code>{Shell}/signal/{signal}</rsp:Code></rsp:Signal>");

    private Task<string> DeleteAsync(string shell) => SendAsync($"{Transfer}/Delete", shell, "");

    private async Task<string> SendAsync(string action, string? shell, string body, string headers = "", string uri = Shell + "/cmd")
    {
        using var curl = Curl(Message(action, shell, body, headers, uri));
        var answer = await curl.StandardOutput.ReadToEndAsync();
        await curl.WaitForExitAsync();
        Assert.Equal(0, curl.ExitCode);
        return answer;
    }

    private Process Curl(string message, string more = "-s")
    {
        Commands.Need("/usr/bin/curl");
        var curl = Process.Start(
            new ProcessStartInfo("/usr/bin/curl", ["-sk", more, "-u", $"{service.User}:{service.Password}", "-H", "Content-Type: application/soap+xml;charset=UTF-8", "-H", "Expect:", "--data-binary", "@-", service.Https])
            {
                RedirectStandardInput = true,
                RedirectStandardOutput = true,
                RedirectStandardError = true,
                StandardOutputEncoding = Encoding.UTF8,
            })!;
        curl.StandardInput.Write(message);
        curl.StandardInput.Close();
        return curl;
    }

    private static async Task<string> PidsOfAsync(string pattern)
    {
        Commands.Need("/usr/bin/pgrep");
        return (await Commands.RunAsync("/usr/bin/pgrep", ["-fx", pattern])).Output;
    }

    private static string ReceiveBody(string command) => $"<rsp:Receive><rsp:DesiredStream CommandId=\"{command}\">stdout stderr</rsp:DesiredStream></rsp:Receive>";

    private static string Message(string action, string? shell, string body, string headers, string uri = Shell + "/cmd") =>
        "<s:Envelope xmlns:s=\"http://www.w3.org/2003/05/soap-envelope\" xmlns:a=\"http://schemas.xmlsoap.org/ws/2004/08/addressing\""
        + $" xmlns:w=\"http://schemas.dmtf.org/wbem/wsman/1/wsman.xsd\" xmlns:rsp=\"{Shell}\"><s:Header><a:To>http://x/wsman</a:To>"
        + $"<a:Action s:mustUnderstand=\"true\">{action}</a:Action><a:MessageID>uuid:1</a:MessageID><w:ResourceURI>{uri}</w:ResourceURI>{headers}"
        + (shell is null ? "" : $"<w:SelectorSet><w:Selector Name=\"ShellId\">{shell}</w:Selector></w:SelectorSet>")
        + $"</s:Header><s:Body>{body}</s:Body></s:Envelope>";

    private static string CodeOf(string answer) => Regex.Match(answer, "Code=\"([0-9]+)\"").Groups[1].Value;
}
