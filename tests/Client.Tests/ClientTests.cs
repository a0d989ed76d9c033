using Farwire.Client.Connection;
using Farwire.Client.Enumeration;
using Farwire.Protocol.Addressing;
using Farwire.Protocol.Faults;
using Farwire.TestKit;

namespace Farwire.Client.Tests;

public sealed class ClientTests
{
    [Fact]
    public async Task A_resource_is_made_read_changed_run_and_removed()
    {
        await using var service = await EdgeService.StartAsync();
        await using var client = new WSManClient(Options(service));
        var keys = SelectorSet.Of(("Name", "new"));

        var reference = await client.CreateAsync(ShelfResource.Uri, null, BoxXml("Box", "<t:Name>new</t:Name><t:Tags>a</t:Tags>"));
        var got = await client.GetAsync(ShelfResource.Uri, keys);
        var put = await client.PutAsync(ShelfResource.Uri, keys, BoxXml("Box", "<t:Name>new</t:Name><t:Tags>b</t:Tags><t:Tags>c</t:Tags>"));
        var ran = await client.InvokeAsync("Relabel", ShelfResource.Uri, keys, BoxXml("Relabel_INPUT", "<t:Tags>d</t:Tags>"));
        await client.DeleteAsync(ShelfResource.Uri, keys);
        var gone = await Assert.ThrowsAsync<WSManFaultException>(() => client.GetAsync(ShelfResource.Uri, keys));

        Assert.Equal(keys, reference.Selectors);
        Assert.Contains(">a</", got, StringComparison.Ordinal);
        Assert.Contains(">c</", put, StringComparison.Ordinal);
        Assert.Contains(">1</", ran, StringComparison.Ordinal);
        Assert.Equal(FaultCatalog.ResourceNotFound.Code, gone.Fault.Code);
    }

    [Fact]
    public async Task Every_item_arrives_whatever_the_size_of_the_batches()
    {
        await using var service = await EdgeService.StartAsync();
        for (var i = 0; i < 500; i++)
        {
            service.Boxes.Put(new Box($"x{i:D3}"));
        }

        await using var client = new WSManClient(Options(service));
        foreach (var size in new[] { 1, 7, 1000 })
        {
            var count = 0;
            await foreach (var instance in client.EnumerateInstancesAsync(ShelfResource.Uri, new EnumerationRequest { BatchItems = size }))
            {
                Assert.Equal("Box", instance.Class.Name);
                count++;
            }

            Assert.Equal(503, count);
        }

        Assert.Equal(0, service.Dispatcher.OpenEnumerations);
    }

    [Fact]
    public async Task Whoever_stops_early_leaves_no_enumeration_behind()
    {
        await using var service = await EdgeService.StartAsync();
        await using var client = new WSManClient(Options(service));

        await foreach (var _ in client.EnumerateAsync(ShelfResource.Uri, new EnumerationRequest { BatchItems = 1 }))
        {
            break;
        }

        while (service.Dispatcher.OpenEnumerations + service.Boxes.OpenCursors > 0)
        {
            await Task.Yield();
        }
    }

    [Fact]
    public async Task Identify_works_with_and_without_a_user()
    {
        await using var service = await EdgeService.StartAsync();
        await using var known = new WSManClient(Options(service));
        await using var stranger = new WSManClient(Options(service) with { User = null });

        Assert.Equal("Farwire", (await known.IdentifyAsync()).ProductVendor);
        Assert.Equal("Farwire", (await stranger.IdentifyAsync()).ProductVendor);
    }

    [Fact]
    public async Task A_certificate_is_trusted_by_its_authority_or_by_its_pin_and_else_not_at_all()
    {
        await using var service = await EdgeService.StartAsync();
        var options = Options(service) with { CertificateSha256 = null };

        await using var byAuthority = new WSManClient(options with { Address = new Uri($"https://localhost:{service.Https.Port}/wsman"), TrustedAuthorities = service.Authorities });
        Assert.Equal("Farwire", (await byAuthority.IdentifyAsync()).ProductVendor);
        Assert.Equal(TransportFailure.Certificate, await FailureAsync(options));
        Assert.Equal(TransportFailure.CertificatePin, await FailureAsync(options with { CertificateSha256 = new string('0', 64) }));
        Assert.Equal(TransportFailure.CertificatePin, await FailureAsync(options with { CertificateSha256 = "nonsense" }));
    }

    [Fact]
    public async Task Each_broken_way_is_named()
    {
        await using var service = await EdgeService.StartAsync();
        var options = Options(service);

        Assert.Equal(TransportFailure.Authentication, await FailureAsync(options with { Password = "wrong" }, get: true));
        Assert.Equal(TransportFailure.Authentication, await FailureAsync(options with { User = null }, get: true));
        Assert.Equal(TransportFailure.HttpStatus, await FailureAsync(options with { Address = new Uri(service.Https, "/elsewhere") }));
        Assert.Equal(TransportFailure.Tls, await FailureAsync(options with { Address = new Uri($"https://127.0.0.1:{service.Http.Port}/wsman") }));
        Assert.Equal(TransportFailure.ReplyTooLarge, await FailureAsync(options with { MaxEnvelopeBytes = 100 }));
        Assert.Equal(TransportFailure.Connect, await FailureAsync(options with { Address = new Uri($"https://127.0.0.1:{ClosedPort()}/wsman") }));
        Assert.Equal(
            TransportFailure.ClearText, Assert.Throws<WSManTransportException>(() => new WSManClient(options with { Address = service.Http })).Failure);
    }

    [Fact]
    public async Task What_is_no_WinRM_service_is_said_so()
    {
        foreach (var (answer, failure) in new[]
        {
            ("HTTP/1.1 200 OK\r\nContent-Type: application/soap+xml\r\nContent-Length: 5\r\n\r\nhello", TransportFailure.NotSoap),
            ("HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: 5\r\n\r\nhello", TransportFailure.HttpStatus),
            ("HTTP/1.1 200 OK\r\nContent-Type: application/soap+xml\r\nContent-Length: 500\r\n\r\nhello", TransportFailure.ConnectionLost),
            ("220 mail ready\r\n", TransportFailure.NotSoap),
        })
        {
            using var peer = CannedPeer.Start(answer);
            var options = new WSManConnectionOptions { Address = peer.Address, AllowUnencrypted = true };

            Assert.Equal(failure, await FailureAsync(options));
        }
    }

    private static WSManConnectionOptions Options(EdgeService service) => new()
    {
        Address = service.Https,
        User = "Ann",
        Password = "secret",
        CertificateSha256 = service.CertificateSha256,
    };

    private static async Task<TransportFailure> FailureAsync(WSManConnectionOptions options, bool get = false)
    {
        await using var client = new WSManClient(options);
        var failure = await Assert.ThrowsAsync<WSManTransportException>(
            () => get ? client.GetAsync(ShelfResource.Uri, SelectorSet.Of(("Name", "box1"))) : client.IdentifyAsync());
        Assert.NotEmpty(failure.Fix);
        return failure.Failure;
    }

    private static int ClosedPort()
    {
        using var socket = new System.Net.Sockets.TcpListener(System.Net.IPAddress.Loopback, 0);
        socket.Start();
        return ((System.Net.IPEndPoint)socket.LocalEndpoint).Port;
    }

    private static string BoxXml(string element, string content) => $"<t:{element} xmlns:t=\"{ShelfResource.Uri}\">{content}</t:{element}>";
}
