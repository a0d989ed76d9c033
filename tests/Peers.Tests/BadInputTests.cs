using System.Globalization;
using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Text;
using Farwire.Peers.Tests.Administration;

namespace Farwire.Peers.Tests;

/// <summary>The built service under clients that are many, slow, or gone: it lives, and what they held is free again.</summary>
public sealed class BadInputTests : IAsyncLifetime
{
    private const string OperatingSystem = Soap.Microsoft + "/wmi/root/cimv2/Win32_OperatingSystem";
    private const string Processes = Soap.Microsoft + "/wmi/root/cimv2/Win32_Process";

    private readonly RunningService _service = new();

    public async ValueTask InitializeAsync()
    {
        await _service.InitializeAsync();
        await IsServedAsync();
    }

    public ValueTask DisposeAsync() => _service.DisposeAsync();

    [Fact]
    public async Task Five_thousand_idle_connections_keep_nobody_out_and_are_forgotten()
    {
        var before = Descriptors();
        var idle = new List<Socket>();
        try
        {
            while (idle.Count < 5000)
            {
                var socket = new Socket(SocketType.Stream, ProtocolType.Tcp);
                idle.Add(socket);
                await socket.ConnectAsync(IPAddress.Loopback, new Uri(_service.Http).Port);
            }

            await IsServedAsync();
            Assert.True(Descriptors() > before + 4000);
        }
        finally
        {
            idle.ForEach(socket => socket.Dispose());
        }

        await AdministeredService.UntilAsync(async () => Descriptors() < before + 100);
        await IsServedAsync();
    }

    [Fact]
    public async Task Curl_with_256_Gets_at_once_gets_256_answers()
    {
        Commands.Need("/usr/bin/curl");
        var folder = Directory.CreateTempSubdirectory("farwire-many-").FullName;
        try
        {
            var message = Path.Combine(folder, "get.xml");
            await File.WriteAllTextAsync(message, Soap.Get(OperatingSystem));
            var all = Path.Combine(folder, "requests");
            await File.WriteAllLinesAsync(all, Enumerable.Range(0, 256).Select(i =>
                $"{(i > 0 ? "next\n" : "")}url = \"{_service.Http}\"\nuser = \"{_service.User}:{_service.Password}\"\nheader = \"Content-Type: application/soap+xml;charset=UTF-8\"\n"
                + $"data-binary = \"@{message}\"\noutput = \"{folder}/{i}\"\nwrite-out = \"%{{http_code}}\\n\"\nsilent"));

            var outcome = await Commands.RunAsync("/usr/bin/curl", ["--parallel", "--parallel-immediate", "--parallel-max", "256", "-K", all]);

            Assert.Equal(256, outcome.Output.Split('\n').Count(line => line == "200"));
            foreach (var i in Enumerable.Range(0, 256))
            {
                Assert.Contains("<p:LastBootUpTime>", await File.ReadAllTextAsync(Path.Combine(folder, i.ToString(CultureInfo.InvariantCulture))), StringComparison.Ordinal);
            }
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    [Fact]
    public async Task A_body_that_comes_too_slowly_is_not_waited_for()
    {
        using var client = new TcpClient();
        await client.ConnectAsync(IPAddress.Loopback, new Uri(_service.Http).Port);
        var stream = client.GetStream();
        await stream.WriteAsync(Head(100_000));
        await stream.WriteAsync("<s:Envelope"u8.ToArray());

        using var answer = new StreamReader(stream);
        Assert.Matches("^HTTP/1.1 (408|500) ", await answer.ReadToEndAsync());
        await IsServedAsync();
    }

    [Fact]
    public async Task TLS_clients_that_close_while_they_are_written_to_harm_nobody()
    {
        var before = Descriptors();
        var request = Encoding.UTF8.GetBytes(Soap.Enumerate(Processes, "<w:OptimizeEnumeration/><w:MaxElements>1000</w:MaxElements>"));
        for (var i = 0; i < 50; i++)
        {
            using var client = new TcpClient();
            await client.ConnectAsync(IPAddress.Loopback, new Uri(_service.Https).Port);
            await using var tls = new SslStream(client.GetStream(), false, (_, certificate, _, _) => Convert.ToHexStringLower(certificate!.GetCertHash(HashAlgorithmName.SHA256)) == _service.CertificateSha256);
            await tls.AuthenticateAsClientAsync("127.0.0.1");
            await tls.WriteAsync(Head(request.Length));
            await tls.WriteAsync(request);
            await tls.ReadAtLeastAsync(new byte[64], 1);
        }

        await AdministeredService.UntilAsync(async () => Descriptors() < before + 10);
        await IsServedAsync();
    }

    [Fact]
    public async Task Clients_gone_in_the_middle_of_a_Receive_leave_no_process_once_their_shells_are_deleted()
    {
        const string Shell = "http://schemas.microsoft.com/wbem/wsman/1/windows/shell";
        var shells = new List<string>();
        for (var i = 0; i < 5; i++)
        {
            var created = await SendAsync($"{Soap.Transfer}/Create", "",
                $"<rsp:Shell xmlns:rsp=\"{Shell}\"><rsp:InputStreams>stdin</rsp:InputStreams><rsp:OutputStreams>stdout stderr</rsp:OutputStreams></rsp:Shell>");
            var shell = Between(created, "Name=\"ShellId\">", "<");
            shells.Add(shell);
            var started = await SendAsync($"{Shell}/Command", Soap.Selectors(("ShellId", shell)),
                $"<rsp:CommandLine xmlns:rsp=\"{Shell}\"><rsp:Command>sleep 4711</rsp:Command></rsp:CommandLine>");
            var command = Between(started, "CommandId>", "<");
            var receive = Encoding.UTF8.GetBytes(Soap.Message($"{Shell}/Receive", $"{Shell}/cmd",
                $"<rsp:Receive xmlns:rsp=\"{Shell}\"><rsp:DesiredStream CommandId=\"{command}\">stdout stderr</rsp:DesiredStream></rsp:Receive>", Soap.Selectors(("ShellId", shell))));
            using var client = new TcpClient();
            await client.ConnectAsync(IPAddress.Loopback, new Uri(_service.Http).Port);
            await client.GetStream().WriteAsync(Head(receive.Length));
            await client.GetStream().WriteAsync(receive);
        }

        await AdministeredService.UntilAsync(async () => await SleepersAsync() == 5);
        foreach (var shell in shells)
        {
            await SendAsync($"{Soap.Transfer}/Delete", Soap.Selectors(("ShellId", shell)), "");
        }

        await AdministeredService.UntilAsync(async () => await SleepersAsync() == 0);

        Task<string> SendAsync(string action, string headers, string body) => this.SendAsync(Soap.Message(action, $"{Shell}/cmd", body, headers));
    }

    private async Task IsServedAsync() => Assert.Contains("<p:LastBootUpTime>", await SendAsync(Soap.Get(OperatingSystem)), StringComparison.Ordinal);

    private async Task<string> SendAsync(string message) => (await new Curl(_service.Http, $"{_service.User}:{_service.Password}").SendAsync(message)).Body;

    private byte[] Head(int length) => Encoding.ASCII.GetBytes(
        $"POST /wsman HTTP/1.1\r\nHost: x\r\nAuthorization: Basic {Convert.ToBase64String(Encoding.UTF8.GetBytes($"{_service.User}:{_service.Password}"))}\r\n"
        + $"Content-Type: application/soap+xml;charset=UTF-8\r\nContent-Length: {length}\r\n\r\n");

    private int Descriptors() => Directory.GetFileSystemEntries($"/proc/{_service.ProcessId}/fd").Length;

    private async Task<int> SleepersAsync()
    {
        var outcome = await Commands.RunAsync("/usr/bin/pgrep", ["-xf", "sleep 4711"]);
        return outcome.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries).Length;
    }

    private static string Between(string text, string start, string end)
    {
        var from = text.IndexOf(start, StringComparison.Ordinal) + start.Length;
        return text[from..text.IndexOf(end, from, StringComparison.Ordinal)];
    }
}
