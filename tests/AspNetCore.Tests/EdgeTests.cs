using System.Net;
using System.Net.Sockets;
using System.Text;
using Farwire.Protocol.Enumeration;
using Farwire.Protocol.Envelope;
using Farwire.Protocol.Faults;
using Farwire.Protocol.Identify;
using Farwire.Protocol.Names;
using Farwire.Service.Dispatch;
using Farwire.TestKit;

namespace Farwire.AspNetCore.Tests;

public sealed class EdgeTests
{
    private static readonly byte[] Identify = EdgeService.Bytes(new MessageHeaders(), new Identify());

    private static byte[] Get => EdgeService.Bytes(Exchange.Headers(Actions.Get, ShelfResource.Uri, ("Name", "box1")));

    [Fact]
    [Trait("Feature", "PRO-28")]
    public async Task Both_listeners_serve()
    {
        await using var service = await EdgeService.StartAsync();

        foreach (var address in new[] { service.Http, service.Https })
        {
            using var answer = await service.PostAsync(address, Get);

            Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
            Assert.Equal("application/soap+xml;charset=UTF-8", answer.Content.Headers.NonValidated["Content-Type"].ToString());
            Assert.Equal(HttpVersion.Version11, answer.Version);
            Assert.Contains("\u00fcber", await answer.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData(null)]
    [InlineData("Basic QW5uOndyb25n")]
    [InlineData("Basic")]
    [InlineData("Bearer x")]
    [Trait("Feature", "AUT-01")]
    public async Task Without_the_right_password_there_is_a_401_and_what_is_on_offer(string? authorization)
    {
        await using var service = await EdgeService.StartAsync();

        using var answer = await service.PostAsync(service.Http, Get, authorization: authorization);

        Assert.Equal(HttpStatusCode.Unauthorized, answer.StatusCode);
        Assert.Equal("Negotiate, Basic realm=\"WSMAN\"", answer.Headers.WwwAuthenticate.ToString());
        Assert.True(answer.Headers.ConnectionClose);
        Assert.Empty(await answer.Content.ReadAsByteArrayAsync());
    }

    [Fact]
    [Trait("Feature", "AUT-01")]
    public async Task Clear_text_is_refused_unless_allowed_and_Basic_is_not_even_offered()
    {
        await using var service = await EdgeService.StartAsync(allowUnencrypted: false);

        using var http = await service.PostAsync(service.Http, Get);
        using var https = await service.PostAsync(service.Https, Get);

        Assert.Equal(HttpStatusCode.Unauthorized, http.StatusCode);
        Assert.Equal("Negotiate", http.Headers.WwwAuthenticate.ToString());
        Assert.Equal(HttpStatusCode.OK, https.StatusCode);
    }

    [Fact]
    [Trait("Feature", "SVC-12")]
    public async Task Anyone_may_identify_the_service_and_learns_nothing_about_the_system()
    {
        await using var service = await EdgeService.StartAsync(allowUnencrypted: false, new ServiceOptions { ProductVersion = "OS: 9.9.9" });

        using var byHeader = await service.PostAsync(
            service.Http, Identify, authorization: null, more: r => r.Headers.Add("WSMANIDENTIFY", "unauthenticated"));
        using var byPath = await service.PostAsync(new Uri(service.Http, "/wsman-anon/identify"), Identify, authorization: null);
        using var get = await service.PostAsync(new Uri(service.Http, "/wsman-anon/identify"), Get, authorization: null);

        foreach (var answer in new[] { byHeader, byPath })
        {
            Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
            var text = await answer.Content.ReadAsStringAsync();
            Assert.Contains("OS: 0.0.0 SP: 0.0 Stack: 3.0", text, StringComparison.Ordinal);
            Assert.DoesNotContain("SecurityProfile", text, StringComparison.Ordinal);
        }

        Assert.Equal(5u, await FaultCodeAsync(get));
    }

    [Fact]
    public async Task An_empty_authenticated_message_gets_an_empty_answer_whatever_its_type()
    {
        await using var service = await EdgeService.StartAsync();

        using var answer = await service.PostAsync(service.Http, [], "text/plain; charset=utf-8");

        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        Assert.Equal(0, answer.Content.Headers.ContentLength);
    }

    [Theory]
    [InlineData("POST", "/wsman/?PSVersion=5.1", "application/soap+xml; charset=\"utf-8\"", 200)]
    [InlineData("POST", "/WSMAN/", "text/xml", 200)]
    [InlineData("POST", "/wsman", "application/soap+xml; action=\"x\"; charset=UTF-8", 200)]
    [InlineData("POST", "/wsman", "application/json", 400)]
    [InlineData("POST", "/wsman", "nonsense", 400)]
    [InlineData("GET", "/wsman", null, 405)]
    [InlineData("POST", "/other", "application/soap+xml", 404)]
    [InlineData("POST", "/wsmanx", "application/soap+xml", 404)]
    [Trait("Feature", "PRO-28")]
    public async Task Paths_methods_and_types_get_their_status(string method, string path, string? type, int status)
    {
        await using var service = await EdgeService.StartAsync();
        using var request = new HttpRequestMessage(new HttpMethod(method), new Uri(service.Http, path));
        request.Headers.TryAddWithoutValidation("Authorization", EdgeService.Basic);
        if (type is not null)
        {
            request.Content = new ByteArrayContent(Get);
            request.Content.Headers.TryAddWithoutValidation("Content-Type", type);
        }

        using var answer = await service.Client.SendAsync(request);

        Assert.Equal(status, (int)answer.StatusCode);
    }

    [Fact]
    [Trait("Feature", "PRO-02")]
    public async Task A_message_in_UTF_16_is_answered_in_UTF_16()
    {
        await using var service = await EdgeService.StartAsync();
        byte[] utf16 = [0xFF, 0xFE, .. Encoding.Unicode.GetBytes(Encoding.UTF8.GetString(Get))];

        using var answer = await service.PostAsync(service.Http, utf16, "application/soap+xml;charset=UTF-16");
        var bytes = await answer.Content.ReadAsByteArrayAsync();

        Assert.Equal("application/soap+xml;charset=UTF-16", answer.Content.Headers.NonValidated["Content-Type"].ToString());
        Assert.Equal([0xFF, 0xFE], bytes[..2]);
        Assert.Contains("\u00fcber", Encoding.Unicode.GetString(bytes), StringComparison.Ordinal);
    }

    public static TheoryData<string, string, uint> BadMessages => new()
    {
        { "truncated", "<s:Envelope xmlns:s=\"http://www.w3.org/2003/05/soap-envelope\"><s:Header>", FaultCatalog.MalformedXml.Code },
        { "a DTD", "<!DOCTYPE x [<!ENTITY e \"e\">]><x>&e;</x>", FaultCatalog.MalformedXml.Code },
        { "no XML", "hello", FaultCatalog.MalformedXml.Code },
        { "another namespace", "<s:Envelope xmlns:s=\"urn:x\"/>", FaultCatalog.VersionMismatch.Code },
        { "too deep", Envelope(string.Concat(Enumerable.Repeat("<x>", 200)) + string.Concat(Enumerable.Repeat("</x>", 200))), FaultCatalog.MalformedXml.Code },
        { "no action", Envelope("<a:MessageID>uuid:1</a:MessageID>"), FaultCatalog.HeaderRequired.Code },
        { "no message id", Envelope("<a:Action>x</a:Action>"), FaultCatalog.InvalidHeader.Code },
        { "a header that must be understood", Envelope("<q:X xmlns:q=\"urn:q\" s:mustUnderstand=\"1\"/>"), FaultCatalog.MustUnderstand.Code },
        { "a bad duration", Envelope("<w:OperationTimeout>soon</w:OperationTimeout>"), FaultCatalog.InvalidHeader.Code },
        { "an unknown resource", Envelope("<a:Action>" + Actions.Get + "</a:Action><a:MessageID>1</a:MessageID><w:ResourceURI>urn:x</w:ResourceURI>"), FaultCatalog.ResourceNotFound.Code },
    };

    [Theory]
    [MemberData(nameof(BadMessages))]
    [Trait("Feature", "PRO-01")]
    [Trait("Feature", "QLT-02")]
    public async Task A_bad_message_gets_its_fault_and_the_connection_lives(string what, string message, uint code)
    {
        await using var service = await EdgeService.StartAsync();

        using var answer = await service.PostAsync(service.Http, Encoding.UTF8.GetBytes(message));
        using var after = await service.PostAsync(service.Http, Get);

        Assert.True(HttpStatusCode.InternalServerError == answer.StatusCode, what);
        Assert.Equal(code, await FaultCodeAsync(answer));
        Assert.Equal(HttpStatusCode.OK, after.StatusCode);
    }

    [Fact]
    [Trait("Feature", "PRO-02")]
    public async Task An_unknown_charset_is_a_fault()
    {
        await using var service = await EdgeService.StartAsync();

        using var answer = await service.PostAsync(service.Http, Get, "application/soap+xml;charset=EBCDIC");
        using var invalid = await service.PostAsync(service.Http, [0x3C, 0xC3, 0x28]);

        Assert.Equal(FaultCatalog.CharacterSet.Code, await FaultCodeAsync(answer));
        Assert.Equal(FaultCatalog.CharacterSet.Code, await FaultCodeAsync(invalid));
    }

    [Fact]
    [Trait("Feature", "PRO-28")]
    public async Task A_message_too_large_is_refused_before_it_is_parsed()
    {
        await using var service = await EdgeService.StartAsync(options: new ServiceOptions { MaxEnvelopeBytes = 32 * 1024 });

        using var announced = await service.PostAsync(service.Http, new byte[40_000]);
        var chunked = await service.RawAsync(
            $"POST /wsman HTTP/1.1\r\nHost: x\r\nAuthorization: {EdgeService.Basic}\r\nContent-Type: application/soap+xml\r\nTransfer-Encoding: chunked\r\n\r\n"
            + $"{40_000:x}\r\n{new string('x', 40_000)}\r\n0\r\n\r\n",
            text => text.Contains("\r\n\r\n", StringComparison.Ordinal));

        Assert.Equal(HttpStatusCode.RequestEntityTooLarge, announced.StatusCode);
        Assert.StartsWith("HTTP/1.1 413", chunked, StringComparison.Ordinal);
    }

    [Fact]
    [Trait("Feature", "PRO-28")]
    public async Task Pipelined_requests_are_answered_in_order()
    {
        await using var service = await EdgeService.StartAsync();
        var one = Raw(Exchange.Headers(Actions.Get, ShelfResource.Uri, ("Name", "box1")));
        var two = Raw(Exchange.Headers(Actions.Get, ShelfResource.Uri, ("Name", "box2")));

        var answers = await service.RawAsync(one + two, text => text.Contains("box2", StringComparison.Ordinal));

        Assert.True(answers.IndexOf("box1", StringComparison.Ordinal) < answers.IndexOf("box2", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_client_gone_in_the_middle_of_an_enumeration_leaves_nothing_behind()
    {
        await using var service = await EdgeService.StartAsync();
        var entered = new TaskCompletionSource();
        var left = new TaskCompletionSource();
        service.Boxes.BeforeItem = async token =>
        {
            entered.TrySetResult();
            try
            {
                await Task.Delay(Timeout.Infinite, token);
            }
            finally
            {
                left.TrySetResult();
            }
        };

        using (var socket = new TcpClient())
        {
            await socket.ConnectAsync(IPAddress.Loopback, service.Http.Port);
            await socket.GetStream().WriteAsync(Encoding.UTF8.GetBytes(
                Raw(Exchange.Headers(Actions.Enumerate, ShelfResource.Uri), new Enumerate { Optimize = true })));
            await entered.Task;
        }

        await left.Task;
        while (service.Dispatcher.OpenEnumerations + service.Dispatcher.RunningOperations + service.Boxes.OpenCursors > 0)
        {
            await Task.Yield();
        }
    }

    [Fact]
    public async Task A_TLS_client_that_closes_while_it_is_written_to_harms_nobody()
    {
        await using var service = await EdgeService.StartAsync();
        service.Boxes.Put(new Box("large") { Tags = [new string('x', 400_000)] });
        var request = Encoding.UTF8.GetBytes(Raw(Exchange.Headers(Actions.Get, ShelfResource.Uri, ("Name", "large"))));

        for (var i = 0; i < 20; i++)
        {
            await using var tls = await service.TlsAsync();
            await tls.WriteAsync(request);
            await tls.ReadAtLeastAsync(new byte[100], 1);
        }

        using var after = await service.PostAsync(service.Https, Get);
        Assert.Equal(HttpStatusCode.OK, after.StatusCode);
    }

    [Fact]
    public async Task Many_Gets_at_once_are_all_answered()
    {
        await using var service = await EdgeService.StartAsync();

        var answers = await Task.WhenAll(Enumerable.Range(0, 256).Select(_ => service.PostAsync(service.Http, Get)));

        Assert.All(answers, answer => Assert.Equal(HttpStatusCode.OK, answer.StatusCode));
        Assert.Equal(0, service.Dispatcher.RunningOperations);
    }

    [Fact]
    public async Task Idle_connections_by_the_thousand_do_not_keep_others_out()
    {
        await using var service = await EdgeService.StartAsync();
        var idle = new List<Socket>();
        try
        {
            for (var i = 0; i < 5000; i++)
            {
                var socket = new Socket(SocketType.Stream, ProtocolType.Tcp);
                idle.Add(socket);
                await socket.ConnectAsync(IPAddress.Loopback, service.Http.Port);
            }

            using var answer = await service.PostAsync(service.Http, Get);
            Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        }
        finally
        {
            idle.ForEach(socket => socket.Dispose());
        }
    }

    private static string Envelope(string headers) =>
        $"<s:Envelope xmlns:s=\"{Namespaces.Soap}\" xmlns:a=\"{Namespaces.Addressing}\" xmlns:w=\"{Namespaces.WSMan}\"><s:Header>{headers}</s:Header><s:Body/></s:Envelope>";

    private static string Raw(MessageHeaders headers, IBody? body = null)
    {
        var envelope = Encoding.UTF8.GetString(EdgeService.Bytes(headers, body));
        return $"POST /wsman HTTP/1.1\r\nHost: x\r\nAuthorization: {EdgeService.Basic}\r\nContent-Type: application/soap+xml;charset=UTF-8\r\nContent-Length: {envelope.Length}\r\n\r\n{envelope}";
    }

    private static async Task<uint> FaultCodeAsync(HttpResponseMessage answer) =>
        EnvelopeReader.ReadReply(await answer.Content.ReadAsByteArrayAsync()).Fault!.Code;
}
