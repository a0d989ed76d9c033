using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using Farwire.Client.Connection;
using Farwire.Client.ShellApi;

namespace Farwire.Peers.Tests.ShellApi;

/// <summary>Every option of a session by its number: what it is without being set, what it is after, and what it does.</summary>
public sealed class SessionOptionTests(RunningService service)
{
    private const string Cmd = Soap.Microsoft + "/windows/shell/cmd";

    [Theory]
    [Trait("Feature", "CAP-02")]
    [InlineData(1, 60000u, 7000, 7000u)]
    [InlineData(11, 180u, null, 0u)]
    [InlineData(12, 60000u, 6000, 6000u)]
    [InlineData(13, 60000u, 6000, 6000u)]
    [InlineData(14, 60000u, 6000, 6000u)]
    [InlineData(15, 60000u, 6000, 6000u)]
    [InlineData(16, 60000u, 6000, 6000u)]
    [InlineData(17, 60000u, 6000, 6000u)]
    [InlineData(18, 0u, 1, 1u)]
    [InlineData(19, 0u, 1, 1u)]
    [InlineData(20, 0u, 1, 1u)]
    [InlineData(21, 0u, 1, 1u)]
    [InlineData(22, 0u, 1, 1u)]
    [InlineData(23, 0u, 1, 1u)]
    [InlineData(28, 500u, 150, 150u)]
    [InlineData(29, 372u, null, 0u)]
    [InlineData(31, 0u, 1, 1u)]
    [InlineData(32, 0u, 1, 1u)]
    [InlineData(33, 0u, 1, 1u)]
    [InlineData(34, 0u, 1, 1u)]
    public async Task A_number_is_read_as_it_was_set(int number, uint unset, int? value, uint set)
    {
        var option = (SessionOption)number;
        Assert.True(Enum.IsDefined(option));
        await using var api = WSManShellApi.Initialize();
        await using var session = api.CreateSession("box");

        Assert.Equal(unset, session.GetOptionAsDword(option));
        if (value is null)
        {
            Assert.Throws<ArgumentException>(() => session.SetOption(option, 1));
            return;
        }

        session.SetOption(option, value);
        Assert.Equal(set, session.GetOptionAsDword(option));
        Assert.Throws<ArgumentException>(() => session.SetOption(option, "text"));
    }

    [Theory]
    [Trait("Feature", "CAP-02")]
    [InlineData(25, "en-US", "sv-SE")]
    [InlineData(26, "en-US", "de-DE")]
    [InlineData(30, "", null)]
    public async Task A_text_is_read_as_it_was_set(int number, string unset, string? value)
    {
        var option = (SessionOption)number;
        await using var api = WSManShellApi.Initialize();
        await using var session = api.CreateSession("box");

        Assert.Equal(unset, session.GetOptionAsString(option));
        if (value is null)
        {
            Assert.Throws<ArgumentException>(() => session.SetOption(option, "text"));
            return;
        }

        session.SetOption(option, value);
        Assert.Equal(value, session.GetOptionAsString(option));
    }

    [Fact]
    [Trait("Feature", "CAP-02")]
    public void Each_number_of_the_page_is_an_option() =>
        Assert.Equal([1, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20, 21, 22, 23, 25, 26, 28, 29, 30, 31, 32, 33, 34], Enum.GetValues<SessionOption>().Select(o => (int)o));

    // The time of each operation, the languages, the machine and the size stand in the requests.
    [Fact]
    [Trait("Feature", "CAP-02")]
    public async Task What_was_set_stands_in_the_requests()
    {
        using var peer = new RecordingPeer(Answer);
        await using var api = WSManShellApi.Initialize();
        await using var session = api.CreateSession($"http://127.0.0.1:{peer.Port}", ApiAuthentication.Basic, "ann", "x");
        (SessionOption, object)[] options =
        [
            (SessionOption.DefaultOperationTimeoutMs, 9000), (SessionOption.TimeoutMsCreateShell, 1000), (SessionOption.TimeoutMsRunCommand, 2000), (SessionOption.TimeoutMsReceiveOutput, 3000),
            (SessionOption.TimeoutMsSendInput, 4000), (SessionOption.TimeoutMsSignal, 5000), (SessionOption.TimeoutMsClose, 6000), (SessionOption.UnencryptedMessages, 1),
            (SessionOption.Utf16, 1), (SessionOption.MachineId, 1), (SessionOption.Locale, "sv-SE"), (SessionOption.UILanguage, "de-DE"), (SessionOption.MaxEnvelopeSizeKB, 150),
        ];
        foreach (var (option, value) in options)
        {
            session.SetOption(option, value);
        }

        var shell = (await Heard.DoneAsync(c => session.CreateShell(ShellFlags.NoCompression, Cmd, null, c))).Shell!;
        var command = (await Heard.DoneAsync(c => shell.RunCommand("x", null, null, c))).Command!;
        await Heard.DoneAsync(c => command.SendInput("stdin", "in"u8.ToArray(), false, c));
        await Heard.DoneAsync(command.ReceiveOutput);
        await Heard.DoneAsync(c => command.Signal(Soap.Microsoft + "/windows/shell/signal/ctrl_c", c));
        await Heard.DoneAsync(shell.Close);

        var times = peer.Requests.GroupBy(r => r.Header("Action").Split('/')[^1]).ToDictionary(g => g.Key, g => g.First().Header("OperationTimeout"));
        Assert.Equal(
            ("PT1.000S", "PT2.000S", "PT3.000S", "PT4.000S", "PT5.000S", "PT6.000S", "PT9.000S"),
            (times["Create"], times["Command"], times["Receive"], times["Send"], times["Signal"], times["Delete"], times["Get"]));
        var create = peer.Requests[0];
        Assert.Contains("charset=UTF-16", create.Head, StringComparison.OrdinalIgnoreCase);
        Assert.Equal((Environment.MachineName, "153600"), (create.Header("MachineID"), create.Header("MaxEnvelopeSize")));
        Assert.Contains("Locale xml:lang=\"de-DE\"", create.Body, StringComparison.Ordinal);
        Assert.Contains("DataLocale xml:lang=\"sv-SE\"", create.Body, StringComparison.Ordinal);
    }

    [Fact]
    [Trait("Feature", "CAP-02")]
    public async Task Without_the_option_nothing_goes_in_clear()
    {
        await using var api = WSManShellApi.Initialize();
        await using var session = api.CreateSession(service.Http, ApiAuthentication.Basic, service.User, service.Password);
        Assert.Equal(0x803380E1u, (await Heard.RunAsync(c => session.CreateShell(ShellFlags.None, Cmd, null, c))).Error!.Code);

        await using var clear = api.CreateSession(service.Http, ApiAuthentication.Basic, service.User, service.Password);
        clear.SetOption(SessionOption.UnencryptedMessages, 1);
        await Heard.DoneAsync((await Heard.DoneAsync(c => clear.CreateShell(ShellFlags.None, Cmd, null, c))).Shell!.Close);
    }

    [Theory]
    [Trait("Feature", "CAP-02")]
    [InlineData(false, false, true)]
    [InlineData(true, false, true)]
    [InlineData(false, true, true)]
    [InlineData(true, true, false)]
    public async Task Each_option_spares_its_own_check_of_the_certificate(bool skipIssuer, bool skipName, bool isRefused)
    {
        using var key = RSA.Create(2048);
        using var certificate = new CertificateRequest("CN=elsewhere", key, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1).CreateSelfSigned(DateTimeOffset.UtcNow.AddDays(-1), DateTimeOffset.UtcNow.AddDays(1));
        using var usable = X509CertificateLoader.LoadPkcs12(certificate.Export(X509ContentType.Pkcs12), null);
        using var peer = new RecordingPeer(Answer, usable);
        await using var api = WSManShellApi.Initialize();
        await using var session = api.CreateSession($"127.0.0.1:{peer.Port}", ApiAuthentication.Basic, "ann", "x");
        session.SetOption(SessionOption.UseSsl, 1); // a bare host is meant over TLS
        session.SetOption(SessionOption.SkipCACheck, skipIssuer);
        session.SetOption(SessionOption.SkipCNCheck, skipName);
        session.SetOption(SessionOption.SkipRevocationCheck, 1);

        var end = await Heard.RunAsync(c => session.CreateShell(ShellFlags.None, Cmd, null, c));

        Assert.Equal(isRefused ? 0x80072F8Fu : null, end.Error?.Code);
        await (end.Shell is { } shell ? Heard.DoneAsync(shell.Close) : Task.CompletedTask);
    }

    [Fact]
    [Trait("Feature", "CAP-02")]
    public async Task Where_a_redirect_leads_is_read_afterwards()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        var redirecting = Task.Run(async () =>
        {
            using var client = await listener.AcceptTcpClientAsync();
            await client.GetStream().ReadAtLeastAsync(new byte[1024], 1024, throwOnEndOfStream: false);
            await client.GetStream().WriteAsync("HTTP/1.1 301 Moved\r\nLocation: https://other.example/wsman\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"u8.ToArray());
        });
        await using var api = WSManShellApi.Initialize();
        await using var session = api.CreateSession($"http://127.0.0.1:{((IPEndPoint)listener.LocalEndpoint).Port}", ApiAuthentication.Basic, "ann", "x");
        session.SetOption(SessionOption.UnencryptedMessages, 1);

        var end = await Heard.RunAsync(c => session.CreateShell(ShellFlags.None, Cmd, null, c));
        await redirecting;

        Assert.Equal(0x80338199u, end.Error!.Code);
        Assert.Equal("https://other.example/wsman", session.GetOptionAsString(SessionOption.RedirectLocation));
    }

    [Theory]
    [Trait("Feature", "CAP-02")]
    [InlineData(SessionOption.AllowNegotiateImplicitCredentials)]
    [InlineData(SessionOption.UseInteractiveToken)]
    public async Task The_tickets_at_hand_are_used_and_no_password(SessionOption option)
    {
        await using var api = WSManShellApi.Initialize();
        await using var session = api.CreateSession("https://box.example/wsman");
        session.SetOption(option, 1);
        WSManConnectionOptions? seen = null;
        session.Configure = options => seen = options;
        _ = session.GetOptionAsDword(option);
        Assert.Equal((AuthenticationMethod.Negotiate, null, null), (seen!.Authentication, seen.User, seen.Password));

        await using var named = api.CreateSession("https://box.example/wsman", ApiAuthentication.Basic, "ann", "x");
        named.SetOption(option, 1);
        named.Configure = options => seen = options;
        if (option == SessionOption.UseInteractiveToken)
        {
            Assert.Throws<InvalidOperationException>(() => named.GetOptionAsDword(option)); // nobody else can be named
        }
        else
        {
            _ = named.GetOptionAsDword(option);
            Assert.Equal((AuthenticationMethod.Basic, "ann"), (seen!.Authentication, seen.User));
        }
    }

    [Fact]
    [Trait("Feature", "CAP-02")]
    public async Task The_port_is_part_of_the_name_that_a_ticket_is_asked_for()
    {
        await using var api = WSManShellApi.Initialize();
        await using var session = api.CreateSession("box");
        session.SetOption(SessionOption.EnableSpnServerPort, 1);
        WSManConnectionOptions? seen = null;
        session.Configure = options => seen = options;
        _ = session.GetOptionAsDword(SessionOption.EnableSpnServerPort);

        Assert.True(seen!.SpnPort);
        Assert.Equal(5985, seen.Address.Port); // a bare host
    }

    // A service in short: a shell, a command that is done at once.
    private static string Answer(Received request)
    {
        const string shell = Soap.Microsoft + "/windows/shell";
        return request.Header("Action").Split('/')[^1] switch
        {
            "Create" => $"<x:ResourceCreated xmlns:x=\"{Soap.Transfer}\"><a:Address>http://box/wsman</a:Address><a:ReferenceParameters><w:ResourceURI xmlns:w=\"http://schemas.dmtf.org/wbem/wsman/1/wsman.xsd\">{Cmd}</w:ResourceURI><w:SelectorSet xmlns:w=\"http://schemas.dmtf.org/wbem/wsman/1/wsman.xsd\"><w:Selector Name=\"ShellId\">A</w:Selector></w:SelectorSet></a:ReferenceParameters></x:ResourceCreated>",
            "Get" => $"<rsp:Shell xmlns:rsp=\"{shell}\"><rsp:ShellId>A</rsp:ShellId><rsp:ResourceUri>{Cmd}</rsp:ResourceUri></rsp:Shell>",
            "Command" => $"<rsp:CommandResponse xmlns:rsp=\"{shell}\"><rsp:CommandId>B</rsp:CommandId></rsp:CommandResponse>",
            "Receive" => $"<rsp:ReceiveResponse xmlns:rsp=\"{shell}\"><rsp:CommandState CommandId=\"B\" State=\"{shell}/CommandState/Done\"><rsp:ExitCode>0</rsp:ExitCode></rsp:CommandState></rsp:ReceiveResponse>",
            "Send" => $"<rsp:SendResponse xmlns:rsp=\"{shell}\"/>",
            "Signal" => $"<rsp:SignalResponse xmlns:rsp=\"{shell}\"/>",
            _ => "",
        };
    }
}
