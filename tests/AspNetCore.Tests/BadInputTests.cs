using System.Net;
using System.Net.Sockets;
using System.Text;
using Farwire.Protocol.Envelope;
using Farwire.Protocol.Faults;
using Farwire.Protocol.Names;
using Farwire.TestKit;

namespace Farwire.AspNetCore.Tests;

/// <summary>Clients that are slow, greedy or clever: each gets its status, and the service lives on.</summary>
public sealed class BadInputTests
{
    private static byte[] Get => EdgeService.Bytes(Exchange.Headers(Actions.Get, ShelfResource.Uri, ("Name", "box1")));

    [Fact]
    public async Task A_message_that_does_not_arrive_in_time_is_dropped()
    {
        await using var service = await EdgeService.StartAsync(edge: new WSManEdgeOptions { MaxPacketRetrievalTime = TimeSpan.FromMilliseconds(100) });

        var answer = await service.RawAsync(Head("POST", "/wsman", 1000) + "<s:Envelope", _ => false); // until the service closes

        Assert.StartsWith("HTTP/1.1 500", answer, StringComparison.Ordinal);
        Assert.Contains("Connection: close", answer, StringComparison.OrdinalIgnoreCase);
        using var after = await service.PostAsync(service.Http, Get);
        Assert.Equal(HttpStatusCode.OK, after.StatusCode);
    }

    [Fact]
    [Trait("Feature", "SVC-12")]
    public async Task A_stranger_may_send_no_more_than_Identify_needs()
    {
        await using var service = await EdgeService.StartAsync();

        using var announced = await service.PostAsync(new Uri(service.Http, "/wsman-anon/identify"), new byte[17 * 1024], authorization: null);
        using var known = await service.PostAsync(new Uri(service.Http, "/wsman-anon/identify"), new byte[17 * 1024]);

        Assert.Equal(HttpStatusCode.RequestEntityTooLarge, announced.StatusCode);
        Assert.Equal(HttpStatusCode.InternalServerError, known.StatusCode); // read, and found to be no XML
    }

    [Fact]
    [Trait("Feature", "QLT-01")]
    public async Task Clever_messages_cost_no_more_than_dull_ones()
    {
        await using var service = await EdgeService.StartAsync();
        var declarations = string.Concat(Enumerable.Range(0, 15_000).Select(i => $" xmlns:a{i}=\"u\""));
        var elements = string.Concat(Enumerable.Repeat("<a0:x/>", 15_000));
        var deep = string.Concat(Enumerable.Repeat("<t:Tags>", 500)) + string.Concat(Enumerable.Repeat("</t:Tags>", 500));
        var markup = new string('<', 100_000).Replace("<", "&lt;", StringComparison.Ordinal);
        (string Message, uint Code)[] messages =
        [
            (Message(Actions.Get, ShelfResource.Uri, "", $"<q{declarations}>{elements}</q>"), FaultCatalog.MalformedXml.Code),
            (Message(Actions.Create, ShelfResource.Uri, "", $"<t:Box xmlns:t=\"{ShelfResource.Uri}\">{deep}</t:Box>"), FaultCatalog.SchemaValidationError.Code),
            (Message(Actions.Get, markup, "", ""), FaultCatalog.UriLimit.Code),
            (Message(Actions.Get, ShelfResource.Uri, $"<w:SelectorSet><w:Selector Name=\"Name\">{markup}</w:Selector></w:SelectorSet>", ""), FaultCatalog.ResourceNotFound.Code),
            (Message(Actions.Get, ShelfResource.Uri, $"<w:OperationTimeout>{markup}</w:OperationTimeout>", ""), FaultCatalog.InvalidHeader.Code),
            (Message(Actions.Enumerate, ShelfResource.Uri, "", $"<n:Enumerate xmlns:n=\"{Namespaces.Enumeration}\"><w:EnumerationMode>{markup}</w:EnumerationMode></n:Enumerate>"), FaultCatalog.EnumerationModeUnsupported.Code),
            (Message(Actions.Get, ShelfResource.Uri, "", "<?target data?>"), FaultCatalog.MalformedXml.Code),
        ];

        foreach (var (message, code) in messages)
        {
            using var answer = await service.PostAsync(service.Http, Encoding.UTF8.GetBytes(message));
            var bytes = await answer.Content.ReadAsByteArrayAsync();

            Assert.Equal((HttpStatusCode.InternalServerError, code), (answer.StatusCode, EnvelopeReader.ReadReply(bytes).Fault!.Code));
            Assert.InRange(bytes.Length, 0, 64 * 1024);
        }
    }

    [Fact]
    [Trait("Feature", "PRO-28")]
    public async Task A_connection_lives_on_after_a_fault_and_after_a_silent_answer()
    {
        await using var service = await EdgeService.StartAsync();
        var fault = Raw(Message(Actions.Get, "urn:nothing", "", ""));
        var end = Raw(Message(Actions.End, ResourceUris.FullDuplex, "", ""));
        var get = Raw(Encoding.UTF8.GetString(Get));

        var answers = await service.RawAsync(fault + end + Head("POST", "/wsman", 0) + get, text => text.Contains("box1", StringComparison.Ordinal));

        Assert.Equal(["500", "204", "200", "200"], System.Text.RegularExpressions.Regex.Matches(answers, @"HTTP/1\.1 (\d+)").Select(m => m.Groups[1].Value));
        Assert.DoesNotContain("Connection: close", answers, StringComparison.OrdinalIgnoreCase);
    }

    [Theory]
    [InlineData("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", "\0\0\b\a\0\0\0\0\0\0\0\0\0\0\0\0\r")] // GOAWAY: HTTP_1_1_REQUIRED
    [InlineData("PRI * HTTP/3.0\r\n\r\nSM\r\n\r\n", "HTTP/1.1 505")]
    [InlineData("POST /wsman HTTP/1.1\r\n\r\n", "HTTP/1.1 400")]
    [InlineData("POST  /wsman\r\n\r\n", "HTTP/1.1 400")]
    [InlineData("\x16\x03\x01\x02\x00\x01\x00\x01\xFC\x03\x03", "HTTP/1.1 400")]
    [InlineData("POST /wsman HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\nContent-Length: 6\r\n\r\nhello", "HTTP/1.1 400")]
    [InlineData("POST /wsman HTTP/1.1\r\nHost: x\r\nContent-Length: -1\r\n\r\n", "HTTP/1.1 400")]
    [Trait("Feature", "PRO-28")]
    public async Task What_is_no_request_of_HTTP_1_1_is_refused_and_the_connection_closed(string bytes, string status)
    {
        await using var service = await EdgeService.StartAsync();

        var answer = await service.RawAsync(bytes, _ => false);

        Assert.StartsWith(status, answer, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_client_that_waits_for_100_Continue_gets_it()
    {
        await using var service = await EdgeService.StartAsync();
        var body = Encoding.UTF8.GetString(Get);
        using var socket = new TcpClient();
        await socket.ConnectAsync(IPAddress.Loopback, service.Http.Port);
        var stream = socket.GetStream();
        await stream.WriteAsync(Encoding.UTF8.GetBytes(Head("POST", "/wsman", body.Length).Replace("Host", "Expect: 100-continue\r\nHost", StringComparison.Ordinal)));
        var buffer = new byte[64 * 1024];

        var first = Encoding.UTF8.GetString(buffer, 0, await stream.ReadAsync(buffer));
        await stream.WriteAsync(Encoding.UTF8.GetBytes(body));
        var second = Encoding.UTF8.GetString(buffer, 0, await stream.ReadAtLeastAsync(buffer, 12));

        Assert.StartsWith("HTTP/1.1 100", first, StringComparison.Ordinal);
        Assert.StartsWith("HTTP/1.1 200", second, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Requests_torn_off_anywhere_leave_nothing_behind()
    {
        await using var service = await EdgeService.StartAsync();
        var whole = Encoding.UTF8.GetBytes(Raw(Encoding.UTF8.GetString(Get)));

        for (var length = 1; length < whole.Length; length += 37)
        {
            using var socket = new TcpClient();
            await socket.ConnectAsync(IPAddress.Loopback, service.Http.Port);
            await socket.GetStream().WriteAsync(whole.AsMemory(0, length));
            socket.Client.LingerState = new LingerOption(true, 0); // a reset, not a polite end
        }

        using var after = await service.PostAsync(service.Http, Get);
        Assert.Equal(HttpStatusCode.OK, after.StatusCode);
        Assert.Equal(0, service.Dispatcher.RunningOperations);
    }

    private static string Head(string method, string path, int length) =>
        $"{method} {path} HTTP/1.1\r\nHost: x\r\nAuthorization: {EdgeService.Basic}\r\nContent-Type: application/soap+xml;charset=UTF-8\r\nContent-Length: {length}\r\n\r\n";

    private static string Raw(string message) => Head("POST", "/wsman", Encoding.UTF8.GetByteCount(message)) + message;

    private static string Message(string action, string uri, string headers, string body) =>
        $"<s:Envelope xmlns:s=\"{Namespaces.Soap}\" xmlns:a=\"{Namespaces.Addressing}\" xmlns:w=\"{Namespaces.WSMan}\"><s:Header><a:Action>{action}</a:Action>"
        + $"<a:MessageID>uuid:1</a:MessageID><w:ResourceURI>{uri}</w:ResourceURI>{headers}</s:Header><s:Body>{body}</s:Body></s:Envelope>";
}
