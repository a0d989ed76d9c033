using System.Net;
using System.Net.Sockets;
using System.Text;
using System.Text.RegularExpressions;
using Farwire.Client;
using Farwire.Client.Connection;
using Farwire.Client.Robust;
using Farwire.Peers.Tests.Security;
using Farwire.Protocol.Envelope;

namespace Farwire.Peers.Tests;

/// <summary>Operations with an id, as they travel: what the built service and its client say to each other beside question and answer.</summary>
public sealed class RobustConnectionTests(RunningService service)
{
    private const string Shell = Soap.Microsoft + "/windows/shell";
    private const string Control = Soap.Microsoft + "/wsman/";

    private readonly string _operation = "uuid:" + Guid.NewGuid().ToString("D").ToUpperInvariant();

    [Fact]
    [Trait("Feature", "PRO-26")]
    public async Task While_a_question_takes_long_the_service_says_that_it_lives_one_envelope_a_chunk()
    {
        var (shell, command) = await StartAsync("sleep 4731");

        var answer = await RawAsync(Receive(shell, command, "<w:OperationTimeout>PT1S</w:OperationTimeout>" + Id()));
        await DeleteAsync(shell);

        Assert.StartsWith("HTTP/1.1 200", answer.Head, StringComparison.Ordinal);
        Assert.Contains("Transfer-Encoding: chunked", answer.Head, StringComparison.OrdinalIgnoreCase);
        Assert.Equal(2, answer.Chunks.Count);
        Assert.Contains($"<a:Action>{Control}KeepAlive</a:Action>", answer.Chunks[0], StringComparison.Ordinal);
        Assert.Contains($">{_operation}</p:OperationID>", answer.Chunks[0], StringComparison.Ordinal);
        Assert.DoesNotContain("SequenceId", answer.Chunks[0], StringComparison.Ordinal);
        Assert.Contains("Code=\"2150858793\"", answer.Chunks[1], StringComparison.Ordinal);
        Assert.Contains("<p:SequenceId>1</p:SequenceId>", answer.Chunks[1], StringComparison.Ordinal);
    }

    [Fact]
    [Trait("Feature", "PRO-26")]
    public async Task A_repeated_question_is_acknowledged_before_it_is_answered_as_before()
    {
        var (shell, command) = await StartAsync("echo once");

        var first = await RawAsync(Receive(shell, command, Id()));
        var again = await RawAsync(Receive(shell, command, Id(isRetry: true)));
        await DeleteAsync(shell);

        Assert.Contains("Content-Length:", first.Head, StringComparison.OrdinalIgnoreCase);
        Assert.Contains(Convert.ToBase64String("once\n"u8), first.Body, StringComparison.Ordinal);
        Assert.Equal(2, again.Chunks.Count);
        Assert.Contains($"<a:Action>{Control}Acknowledge</a:Action>", again.Chunks[0], StringComparison.Ordinal);
        Assert.Contains("<p:LastSequenceIdReceived>1</p:LastSequenceIdReceived>", again.Chunks[0], StringComparison.Ordinal);
        Assert.Equal(first.Body, again.Chunks[1]);
    }

    [Theory]
    [InlineData("End", "")]
    [InlineData("Acknowledge", "<p:LastSequenceIdReceived xmlns:p=\"http://schemas.microsoft.com/wbem/wsman/1/wsman.xsd\">1</p:LastSequenceIdReceived>")]
    [Trait("Feature", "PRO-26")]
    public async Task What_its_client_has_is_forgotten(string action, string body)
    {
        var file = Path.GetTempFileName();
        var (shell, _) = await StartAsync("true");
        var first = await RawAsync(Run(isRetry: false));
        await OutputAsync(shell, first.Body);

        var told = await RawAsync(Soap.Message(Control + action, Control + "FullDuplex", body, Id()));
        var retried = await RawAsync(Run(isRetry: true));
        var late = await RawAsync(Run(isRetry: false)); // a copy that was held up on its way
        await DeleteAsync(shell);

        Assert.StartsWith("HTTP/1.1 204", told.Head, StringComparison.Ordinal);
        Assert.Contains("its answer is not kept any more", retried.Body, StringComparison.Ordinal);
        Assert.Contains("Code=\"2150858767\"", late.Body, StringComparison.Ordinal);
        Assert.Equal("run\n", await File.ReadAllTextAsync(file));
        File.Delete(file);

        string Run(bool isRetry) => Soap.Message(
            $"{Shell}/Command", $"{Shell}/cmd", $"<rsp:CommandLine xmlns:rsp=\"{Shell}\"><rsp:Command>echo run &gt;&gt; {file}</rsp:Command></rsp:CommandLine>", Keys(shell) + Id(isRetry));
    }

    [Theory]
    [InlineData(AuthenticationMethod.Basic, MessageEncoding.Utf8)]
    [InlineData(AuthenticationMethod.Basic, MessageEncoding.Utf16)]
    [InlineData(AuthenticationMethod.Negotiate, MessageEncoding.Utf8)] // each envelope sealed for itself
    public async Task A_client_waits_through_them_whatever_carries_the_messages(AuthenticationMethod method, MessageEncoding encoding)
    {
        await using var client = new WSManClient(new WSManConnectionOptions
        {
            Address = new Uri(service.Http),
            Authentication = method,
            User = service.User,
            Password = service.Password,
            AllowUnencrypted = method == AuthenticationMethod.Basic,
            TrustedHosts = TrustedHosts.Parse("*"),
            Encoding = encoding,
            OperationTimeout = TimeSpan.FromSeconds(0.5),
        });
        var events = new List<ConnectionEvent>();
        await using var shell = await client.OpenShellAsync();
        shell.ConnectionChanged += events.Add;

        var outcome = await shell.RunAsync("sleep 2; cat; exit 3", "and the input\n"u8.ToArray());

        Assert.Equal((3, "and the input\n"), (outcome.ExitCode, outcome.StandardOutput));
        Assert.Empty(events);
    }

    [Fact]
    public async Task Winrs_says_when_its_answers_have_arrived_where_nothing_follows_them()
    {
        using var relay = new RecordingRelay(new Uri(service.Http).Port);
        var outcome = await Commands.RunAsync(
            "env", [$"FARWIRE_PASSWORD={service.Password}", RunningService.Program("farwire"), "winrs", $"-r:http://127.0.0.1:{relay.Port}", "-un", "-a:basic", $"-u:{service.User}", "cat"], "typed\n"u8.ToArray());

        Assert.Equal("typed\n", outcome.Output);
        var end = Assert.Single(relay.Envelopes, message => message.Contains($"{Control}End<", StringComparison.Ordinal));
        var send = relay.Envelopes.Last(message => message.Contains($"{Shell}/Send<", StringComparison.Ordinal));
        Assert.Equal(IdOf(send), IdOf(end));
        Assert.DoesNotContain("SequenceId", end, StringComparison.Ordinal);
        Assert.DoesNotContain("ReplyTo", end, StringComparison.Ordinal);

        static string IdOf(string message) => Regex.Match(message, "<p:OperationID[^>]*>([^<]+)<").Groups[1].Value;
    }

    private async Task<(string Shell, string Command)> StartAsync(string line)
    {
        var created = await RawAsync(Soap.Message(
            $"{Soap.Transfer}/Create", $"{Shell}/cmd", $"<rsp:Shell xmlns:rsp=\"{Shell}\"><rsp:InputStreams>stdin</rsp:InputStreams><rsp:OutputStreams>stdout stderr</rsp:OutputStreams></rsp:Shell>"));
        var shell = Regex.Match(created.Body, "Name=\"ShellId\">([^<]+)<").Groups[1].Value;
        var started = await RawAsync(Soap.Message($"{Shell}/Command", $"{Shell}/cmd", $"<rsp:CommandLine xmlns:rsp=\"{Shell}\"><rsp:Command>{line}</rsp:Command></rsp:CommandLine>", Keys(shell)));
        return (shell, CommandOf(started.Body));
    }

    private async Task OutputAsync(string shell, string started)
    {
        for (var body = ""; !body.Contains("/Done\"", StringComparison.Ordinal);)
        {
            body = (await RawAsync(Receive(shell, CommandOf(started), ""))).Body;
        }
    }

    private static string Receive(string shell, string command, string headers) => Soap.Message(
        $"{Shell}/Receive", $"{Shell}/cmd", $"<rsp:Receive xmlns:rsp=\"{Shell}\"><rsp:DesiredStream CommandId=\"{command}\">stdout stderr</rsp:DesiredStream></rsp:Receive>", Keys(shell) + headers);

    private Task<RawAnswer> DeleteAsync(string shell) => RawAsync(Soap.Message($"{Soap.Transfer}/Delete", $"{Shell}/cmd", "", Keys(shell)));

    private string Id(bool isRetry = false) =>
        $"<p:OperationID xmlns:p=\"http://schemas.microsoft.com/wbem/wsman/1/wsman.xsd\" s:mustUnderstand=\"{(isRetry ? "true" : "false")}\">{_operation}</p:OperationID>"
        + "<p:SequenceId xmlns:p=\"http://schemas.microsoft.com/wbem/wsman/1/wsman.xsd\">1</p:SequenceId>";

    private static string Keys(string shell) => Soap.Selectors(("ShellId", shell));

    private static string CommandOf(string body) => Regex.Match(body, "<rsp:CommandId>([^<]+)<").Groups[1].Value;

    // By hand, for only so the chunks are seen; each message on a connection of its own.
    private async Task<RawAnswer> RawAsync(string message)
    {
        var body = Encoding.UTF8.GetBytes(message);
        using var client = new TcpClient();
        await client.ConnectAsync(IPAddress.Loopback, new Uri(service.Http).Port);
        var stream = client.GetStream();
        await stream.WriteAsync(Encoding.ASCII.GetBytes(
            $"POST /wsman HTTP/1.1\r\nHost: x\r\nConnection: close\r\nAuthorization: Basic {Convert.ToBase64String(Encoding.UTF8.GetBytes($"{service.User}:{service.Password}"))}\r\n"
            + $"Content-Type: application/soap+xml;charset=UTF-8\r\nContent-Length: {body.Length}\r\n\r\n"));
        await stream.WriteAsync(body);
        using var reader = new StreamReader(stream, Encoding.Latin1);
        return RawAnswer.Of(await reader.ReadToEndAsync());
    }

    private sealed record RawAnswer(string Head, string Body, IReadOnlyList<string> Chunks)
    {
        public static RawAnswer Of(string text)
        {
            var end = text.IndexOf("\r\n\r\n", StringComparison.Ordinal);
            var (head, rest) = (text[..end], text[(end + 4)..]);
            var chunks = new List<string>();
            for (var left = rest; head.Contains("chunked", StringComparison.OrdinalIgnoreCase);)
            {
                var line = left.IndexOf("\r\n", StringComparison.Ordinal);
                var length = Convert.ToInt32(left[..line], 16);
                if (length == 0)
                {
                    break;
                }

                chunks.Add(left.Substring(line + 2, length));
                left = left[(line + 2 + length + 2)..];
            }

            return new RawAnswer(head, rest, chunks);
        }
    }
}
