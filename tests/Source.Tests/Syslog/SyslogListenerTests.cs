using System.Diagnostics;
using System.Globalization;
using System.IO.Pipelines;
using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using Farwire.Events.Queries;
using Farwire.Events.Records;
using Farwire.Linux.Journal;
using Farwire.Source.Channels;
using Farwire.Source.Journal;
using Farwire.Source.Mapping;
using Farwire.Source.Syslog;
using Farwire.Source.Tests.Journal;
using Farwire.TestKit.Journal;
using Microsoft.Extensions.Logging.Abstractions;

namespace Farwire.Source.Tests.Syslog;

/// <summary>What programs of others send by syslog becomes events of the machines that they are of.</summary>
public sealed class SyslogListenerTests : IAsyncLifetime
{
    private readonly string _folder = Directory.CreateTempSubdirectory("farwire-syslog-").FullName;
    private JournalDaemon _daemon = null!;
    private JournalChannels _channels = null!;
    private IEventReader _reader = null!;

    public async ValueTask InitializeAsync()
    {
        if (JournalDaemon.IsAvailable)
        {
            _daemon = await JournalDaemon.StartAsync();
            _channels = JournalChannels.Open(Path.Combine(_folder, "journal.db"), EventRules.Default, "relay.example", _daemon.Directory)!;
            _reader = _channels.Open(JournalChannelsTests.Query("Linux-Syslog", "*"), null, readExisting: true, rendered: true, ignoreMissing: false);
        }
    }

    [Theory]
    [InlineData(SyslogTransport.Udp, "--rfc5424")]
    [InlineData(SyslogTransport.Tcp, "--rfc5424", "--octet-count")]
    [InlineData(SyslogTransport.Tcp, "--rfc5424")]
    [InlineData(SyslogTransport.Udp, "--rfc3164")]
    [InlineData(SyslogTransport.Tcp, "--rfc3164")]
    public async Task What_logger_sends_is_an_event_of_the_machine_that_it_names(SyslogTransport transport, params string[] form)
    {
        await using var listener = Listen(new SyslogOptions(transport, new IPEndPoint(IPAddress.Loopback, 0)));
        var sent = new List<string> { transport == SyslogTransport.Udp ? "--udp" : "--tcp", "--server", "127.0.0.1", "--port", Port(listener), "--priority", "authpriv.err", "--tag", "portal", "--id=4711" };
        sent.AddRange(form);
        if (form[0] == "--rfc5424")
        {
            sent.AddRange(["--sd-id", "zone@32473", "--sd-param", "name=\"north\"", "--msgid", "LOGIN"]);
        }

        await RunAsync("logger", [.. sent, "grüße <b>"]);
        var found = EventRecord.Read((await JournalChannelsTests.NextAsync(_reader)).Xml);

        Assert.Equal("grüße <b>", found.Message);
        Assert.Equal(("portal", 2, 10, "Linux-Syslog"), (found.System.ProviderName!, found.System.Level!.Value, found.System.Task!.Value, found.System.Channel!));
        Assert.Equal(Environment.MachineName.Split('.')[0], found.System.Computer!.Split('.')[0]);
        Assert.Equal("127.0.0.1", Data(found, "FARWIRE_SENDER"));
        Assert.InRange(found.System.TimeCreated!.Value, DateTime.UtcNow.AddMinutes(-5), DateTime.UtcNow.AddMinutes(5));
        if (form[0] == "--rfc5424")
        {
            Assert.Equal(("north", "LOGIN"), (Data(found, "zone@32473/name"), Data(found, "SYSLOG_MSGID")));
            Assert.Equal(4711, found.System.ProcessId);
        }
    }

    [Fact]
    public async Task What_rsyslog_forwards_over_TLS_with_a_certificate_arrives_whole_and_without_one_nothing_does()
    {
        Assert.SkipUnless(File.Exists("/usr/sbin/rsyslogd") && File.Exists("/usr/lib/x86_64-linux-gnu/rsyslog/lmnsd_ossl.so"), "rsyslog and rsyslog-openssl are needed.");
        using var authority = Certificate("Our authority", null);
        using var server = Certificate("localhost", authority);
        using var client = Certificate("web1", authority);
        await using var listener = Listen(new SyslogOptions(SyslogTransport.Tls, new IPEndPoint(IPAddress.Loopback, 0))
        {
            Certificate = X509CertificateLoader.LoadPkcs12(server.Export(X509ContentType.Pkcs12), null),
            Authorities = [X509CertificateLoader.LoadCertificate(authority.RawData)],
        });
        await using (var anonymous = await TryTlsAsync(listener))
        {
            Assert.True(await IsClosedAsync(anonymous));
        }

        await using (await StartRsyslogAsync(listener, $"""
            global(DefaultNetstreamDriver="ossl" DefaultNetstreamDriverCAFile="{Pem("ca", authority, false)}" DefaultNetstreamDriverCertFile="{Pem("cert", client, false)}" DefaultNetstreamDriverKeyFile="{Pem("key", client, true)}")
            """, """StreamDriver="ossl" StreamDriverMode="1" StreamDriverAuthMode="anon" template="RSYSLOG_SyslogProtocol23Format" TCP_Framing="octet-counted" """))
        {
            await RunAsync("logger", ["--socket", Path.Combine(_folder, "log"), "--size", "16k", "--tag", "shop", "sold " + new string('x', 6000)]);
            var found = EventRecord.Read((await JournalChannelsTests.NextAsync(_reader)).Xml);
            Assert.Equal(("shop", "sold " + new string('x', 6000)), (found.System.ProviderName!, found.Message!.Trim()));
            Assert.Equal("tls", Data(found, "FARWIRE_SYSLOG"));
        }
    }

    [Theory]
    [InlineData("RSYSLOG_TraditionalForwardFormat", "traditional")]
    [InlineData("RSYSLOG_ForwardFormat", "octet-counted")]
    [InlineData("RSYSLOG_SyslogProtocol23Format", "octet-counted")]
    public async Task A_hundred_messages_of_rsyslog_come_in_their_order(string template, string framing)
    {
        Assert.SkipUnless(File.Exists("/usr/sbin/rsyslogd"), "rsyslog is needed.");
        await using var listener = Listen(new SyslogOptions(SyslogTransport.Tcp, new IPEndPoint(IPAddress.Loopback, 0)));
        await using var sender = await StartRsyslogAsync(listener, "", $"""template="{template}" TCP_Framing="{framing}" """);
        await File.WriteAllLinesAsync(Path.Combine(_folder, "lines"), Enumerable.Range(0, 100).Select(i => $"line {i.ToString(CultureInfo.InvariantCulture)}"));

        await RunAsync("logger", ["--socket", Path.Combine(_folder, "log"), "--tag", "shop", "--file", Path.Combine(_folder, "lines")]);

        for (var i = 0; i < 100; i++)
        {
            var found = EventRecord.Read((await JournalChannelsTests.NextAsync(_reader)).Xml);
            Assert.Equal(("shop", $"line {i}"), (found.System.ProviderName!, found.Message!.Trim()));
        }
    }

    [Fact]
    public async Task Garbage_ends_its_own_connection_and_what_is_too_long_is_cut()
    {
        await using var listener = Listen(new SyslogOptions(SyslogTransport.Tcp, new IPEndPoint(IPAddress.Loopback, 0)));
        using (var garbage = await ConnectAsync(listener))
        {
            await garbage.GetStream().WriteAsync("9999999999999 <13>x"u8.ToArray());
            Assert.True(await IsClosedAsync(garbage.GetStream()));
        }

        using var good = await ConnectAsync(listener);
        await good.GetStream().WriteAsync(Encoding.ASCII.GetBytes($"<13>a: {new string('y', 200_000)}\n<13>b: after\n100000 <13>c: {new string('z', 99_993)}<13>d: last\0\n"));
        var all = new List<EventRecord>();
        while (all.Count < 4)
        {
            all.Add(EventRecord.Read((await JournalChannelsTests.NextAsync(_reader)).Xml));
        }

        Assert.Equal(["a", "b", "c", "d"], all.Select(one => one.System.ProviderName));
        Assert.Equal([SyslogFrames.MaxMessage - 7, 5, SyslogFrames.MaxMessage - 7, 4], all.Select(one => one.Message!.Length));
    }

    [Fact]
    public async Task Who_is_not_among_the_senders_is_not_heard()
    {
        await using var listener = Listen(new SyslogOptions(SyslogTransport.Tcp, new IPEndPoint(IPAddress.Loopback, 0)) { Senders = [IPNetwork.Parse("192.0.2.0/24")] });

        using var stranger = await ConnectAsync(listener);

        Assert.True(await IsClosedAsync(stranger.GetStream()));
    }

    [Fact]
    public async Task Frames_that_are_cut_anywhere_are_put_together()
    {
        var bytes = "5 first<13>second\n\r\n6 third\n<1>4"u8.ToArray();
        for (var cut = 1; cut < bytes.Length; cut++)
        {
            var pipe = new Pipe();
            var frames = new SyslogFrames(pipe.Reader);
            var reading = ReadAsync(frames);
            await pipe.Writer.WriteAsync(bytes.AsMemory(0, cut));
            await pipe.Writer.WriteAsync(bytes.AsMemory(cut));
            await pipe.Writer.CompleteAsync();
            Assert.Equal(["first", "<13>second", "third\n", "<1>4"], await reading);
        }

        static async Task<List<string>> ReadAsync(SyslogFrames frames)
        {
            var all = new List<string>();
            while (await frames.NextAsync(default) is { } one)
            {
                all.Add(Encoding.ASCII.GetString(one));
            }

            return all;
        }
    }

    [Fact]
    public async Task Whoever_else_writes_such_fields_into_the_journal_is_not_believed()
    {
        Assert.SkipUnless(JournalDaemon.IsAvailable, JournalDaemon.Needed);
        var script = Path.Combine(_folder, "forge.py");
        await File.WriteAllTextAsync(script, $"import socket\ns=socket.socket(socket.AF_UNIX,socket.SOCK_DGRAM)\ns.sendto(b'MESSAGE=forged\\nFARWIRE_SYSLOG=udp\\nFARWIRE_HOST=victim\\n', '{_daemon.Sockets}/socket')\n");
        await RunAsync("setpriv", ["--reuid", "65534", "--regid", "65534", "--clear-groups", "python3", script], mayFail: true);
        await RunAsync("python3", [script]);

        var first = EventRecord.Read((await JournalChannelsTests.NextAsync(_reader)).Xml);

        if (first.System.UserId == "S-1-22-1-65534")
        {
            Assert.Equal("relay.example", first.System.Computer);
            first = EventRecord.Read((await JournalChannelsTests.NextAsync(_reader)).Xml);
        }

        Assert.Equal("victim", first.System.Computer);
    }

    public async ValueTask DisposeAsync()
    {
        if (_daemon is not null)
        {
            await _reader.DisposeAsync();
            _channels.Dispose();
            await _daemon.DisposeAsync();
        }

        Directory.Delete(_folder, recursive: true);
    }

    private static string? Data(EventRecord record, string name) => record.Root.Child("EventData")!.Children.FirstOrDefault(data => data.Attribute("Name") == name)?.Value;

    private static string Port(SyslogListener listener) => listener.EndPoint.Port.ToString(CultureInfo.InvariantCulture);

    private SyslogListener Listen(SyslogOptions options)
    {
        Assert.SkipUnless(JournalDaemon.IsAvailable, JournalDaemon.Needed);
        return SyslogListener.Start(options, new JournalWriter($"{_daemon.Sockets}/socket"), NullLogger.Instance);
    }

    private static async Task<TcpClient> ConnectAsync(SyslogListener listener)
    {
        var client = new TcpClient();
        await client.ConnectAsync(listener.EndPoint);
        return client;
    }

    private static async Task<Stream> TryTlsAsync(SyslogListener listener)
    {
        var client = await ConnectAsync(listener);
        var secure = new System.Net.Security.SslStream(client.GetStream(), false, (_, certificate, _, _) => certificate is not null);
        try
        {
            await secure.AuthenticateAsClientAsync("localhost");
        }
        catch (Exception e) when (e is IOException or System.Security.Authentication.AuthenticationException)
        {
            // With TLS 1.2 the handshake says it already.
        }

        return secure;
    }

    private static async Task<bool> IsClosedAsync(Stream stream)
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        try
        {
            return await stream.ReadAsync(new byte[1], patience.Token) == 0;
        }
        catch (Exception e) when (e is IOException or InvalidOperationException)
        {
            return true;
        }
    }

    private static async Task RunAsync(string program, IEnumerable<string> words, bool mayFail = false)
    {
        using var process = Process.Start(new ProcessStartInfo(program, words) { RedirectStandardError = true })!;
        var errors = await process.StandardError.ReadToEndAsync();
        await process.WaitForExitAsync();
        Assert.True(mayFail || process.ExitCode == 0, errors);
    }

    private static X509Certificate2 Certificate(string name, X509Certificate2? issuer)
    {
        var key = RSA.Create(2048);
        var request = new CertificateRequest($"CN={name}", key, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
        var (from, to) = issuer is null ? (DateTimeOffset.UtcNow.AddHours(-1), DateTimeOffset.UtcNow.AddDays(1)) : (issuer.NotBefore, issuer.NotAfter);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(issuer is null, false, 0, true));
        return issuer is null ? request.CreateSelfSigned(from, to) : request.Create(issuer, from, to, Guid.NewGuid().ToByteArray()).CopyWithPrivateKey(key);
    }

    private string Pem(string name, X509Certificate2 certificate, bool key)
    {
        var file = Path.Combine(_folder, name + ".pem");
        File.WriteAllText(file, key ? certificate.GetRSAPrivateKey()!.ExportPkcs8PrivateKeyPem() : certificate.ExportCertificatePem());
        return file;
    }

    // An rsyslogd of its own, which takes what logger writes to a socket and forwards it.
    private async Task<RunningRsyslog> StartRsyslogAsync(SyslogListener listener, string global, string action)
    {
        var file = Path.Combine(_folder, "rsyslog.conf");
        await File.WriteAllTextAsync(file, $"""
            global(workDirectory="{_folder}" maxMessageSize="64k")
            {global}
            module(load="imuxsock" SysSock.Use="off")
            input(type="imuxsock" Socket="{_folder}/log" CreatePath="on" UseSysTimeStamp="off" RateLimit.Interval="0")
            action(type="omfwd" target="127.0.0.1" port="{Port(listener)}" protocol="tcp" {action})

            """);
        return await RunningRsyslog.StartAsync(file, Path.Combine(_folder, "rsyslog.pid"), Path.Combine(_folder, "log"));
    }

    private sealed class RunningRsyslog(Process process) : IAsyncDisposable
    {
        public static async Task<RunningRsyslog> StartAsync(string file, string pid, string socket)
        {
            var process = Process.Start(new ProcessStartInfo("/usr/sbin/rsyslogd", ["-n", "-f", file, "-i", pid]) { RedirectStandardError = true, RedirectStandardOutput = true })!;
            using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(60));
            while (!File.Exists(socket))
            {
                Assert.False(process.HasExited, "rsyslogd ended.");
                await Task.Delay(20, patience.Token);
            }

            return new RunningRsyslog(process);
        }

        public async ValueTask DisposeAsync()
        {
            process.Kill();
            await process.WaitForExitAsync();
            process.Dispose();
        }
    }
}
