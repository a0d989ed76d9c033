using System.Net;
using Farwire.Protocol.Envelope;
using Farwire.Protocol.Identify;
using Farwire.Security;
using Farwire.Security.Ntlm;
using Farwire.Security.Sealing;
using Farwire.TestKit;

namespace Farwire.AspNetCore.Tests;

/// <summary>Handshakes on connections, and sealed messages, as a bad client has them.</summary>
public sealed class EdgeSecurityTests
{
    private static readonly byte[] Identify = EdgeService.Bytes(new MessageHeaders(), new Identify());

    [Fact]
    [Trait("Feature", "AUT-13")]
    public async Task What_is_known_of_a_connection_is_good_for_sealed_messages_alone()
    {
        await using var service = await EdgeService.StartAsync(allowUnencrypted: false);
        using var lane = new Lane(service);
        using var context = await lane.ProveAsync("secret");

        using var isSealed = await lane.SendSealedAsync(context.Seal!, Identify);
        using var clear = await lane.SendAsync(Identify, "application/soap+xml;charset=UTF-8", null);

        Assert.Equal(HttpStatusCode.OK, isSealed.StatusCode);
        Assert.StartsWith("multipart/encrypted;protocol=\"application/HTTP-SPNEGO-session-encrypted\"", isSealed.Content.Headers.NonValidated["Content-Type"].ToString(), StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.Unauthorized, clear.StatusCode);
        Assert.True(clear.Headers.ConnectionClose);
        Assert.Equal(0, clear.Content.Headers.ContentLength ?? 0);
    }

    [Fact]
    public async Task A_sealed_message_on_a_connection_that_proved_nothing_is_refused()
    {
        await using var service = await EdgeService.StartAsync();
        using var known = new Lane(service);
        using var unknown = new Lane(service);
        using var context = await known.ProveAsync("secret");

        using var answer = await unknown.SendSealedAsync(context.Seal!, Identify);

        Assert.Equal(HttpStatusCode.Unauthorized, answer.StatusCode);
    }

    [Fact]
    public async Task A_message_that_comes_again_ends_the_connection()
    {
        await using var service = await EdgeService.StartAsync();
        using var lane = new Lane(service);
        using var context = await lane.ProveAsync("secret");
        using var buffer = new RentedBuffer(4096);
        var type = SealedBody.Write(context.Seal!, SealedProtocol.Negotiate, "application/soap+xml;charset=UTF-8", Identify, buffer);
        var message = buffer.Written.ToArray();

        using var first = await lane.SendAsync(message, type, null);
        using var again = await lane.SendAsync(message, type, null);
        using var after = await lane.SendSealedAsync(context.Seal!, Identify);

        Assert.Equal([HttpStatusCode.OK, HttpStatusCode.Unauthorized, HttpStatusCode.Unauthorized], [first.StatusCode, again.StatusCode, after.StatusCode]);
    }

    [Fact]
    public async Task A_new_proof_on_the_same_connection_replaces_the_old_one_and_a_failed_one_leaves_none()
    {
        await using var service = await EdgeService.StartAsync();
        using var lane = new Lane(service);
        using var first = await lane.ProveAsync("secret");
        using var second = await lane.ProveAsync("secret");

        using var bySecond = await lane.SendSealedAsync(second.Seal!, Identify);
        using var byFirst = await lane.SendSealedAsync(first.Seal!, Identify);
        Assert.Equal([HttpStatusCode.OK, HttpStatusCode.Unauthorized], [bySecond.StatusCode, byFirst.StatusCode]);

        using var third = await lane.ProveAsync("secret");
        await Assert.ThrowsAsync<InvalidOperationException>(() => lane.ProveAsync("wrong"));
        using var byThird = await lane.SendSealedAsync(third.Seal!, Identify);
        Assert.Equal(HttpStatusCode.Unauthorized, byThird.StatusCode);
    }

    [Fact]
    public async Task A_hundred_legs_a_ticket_of_40_KB_and_rubbish_are_refused_and_the_service_serves_on()
    {
        await using var service = await EdgeService.StartAsync();
        using var lane = new Lane(service);
        using var client = new NtlmInitiator(NtlmCredential.Of("Ann", "secret"), "HTTP/box", null, TimeProvider.System);
        var negotiate = Convert.ToBase64String(client.Step([])!);
        var ticket = Convert.ToBase64String((byte[])[0x60, 0x82, 0x9C, 0x40, 0x06, 0x09, 0x2a, 0x86, 0x48, 0x86, 0xf7, 0x12, 0x01, 0x02, 0x02, .. new byte[40_000]]);

        for (var i = 0; i < 100; i++)
        {
            using var answer = await lane.SendAsync([], "application/soap+xml", "Negotiate " + negotiate);
            Assert.Equal(HttpStatusCode.Unauthorized, answer.StatusCode);
        }

        foreach (var token in (string[])[ticket, "", "AAAA", "YIIBAAYG", "***"])
        {
            using var answer = await lane.SendAsync([], "application/soap+xml", "Negotiate " + token);
            Assert.Equal(HttpStatusCode.Unauthorized, answer.StatusCode);
            Assert.Contains("Negotiate", answer.Headers.WwwAuthenticate.Select(s => s.ToString()));
        }

        using var good = await lane.ProveAsync("secret");
        using var served = await lane.SendSealedAsync(good.Seal!, Identify);
        Assert.Equal(HttpStatusCode.OK, served.StatusCode);
    }

    [Theory]
    [InlineData(29, HttpStatusCode.OK)]
    [InlineData(31, HttpStatusCode.Unauthorized)]
    public async Task A_handshake_has_thirty_seconds(int seconds, HttpStatusCode status)
    {
        var time = new ManualTime();
        await using var service = await EdgeService.StartAsync(edge: new WSManEdgeOptions { Time = time });
        using var lane = new Lane(service);
        using var client = new NtlmInitiator(NtlmCredential.Of("Ann", "secret"), "HTTP/box", null, TimeProvider.System);
        using var challenge = await lane.SendAsync([], "text/plain", "Negotiate " + Convert.ToBase64String(client.Step([])!));

        time.Advance(TimeSpan.FromSeconds(seconds));
        using var last = await lane.SendAsync([], "text/plain", "Negotiate " + Convert.ToBase64String(client.Step(Convert.FromBase64String(challenge.Headers.WwwAuthenticate.Single().Parameter!))!));

        // What fails ends the connection, and says anew what is on offer, without a token.
        Assert.Equal(status, last.StatusCode);
        Assert.Equal(status == HttpStatusCode.Unauthorized, last.Headers.ConnectionClose == true);
        Assert.Equal(status == HttpStatusCode.OK ? [] : ["Negotiate", "Basic realm=\"WSMAN\""], last.Headers.WwwAuthenticate.Select(one => one.ToString()));
    }

    [Fact]
    public async Task A_handshake_has_eight_legs()
    {
        await using var service = await EdgeService.StartAsync(schemes: (_, _) => [new EndlessScheme()]);
        using var lane = new Lane(service);

        for (var leg = 1; leg <= 8; leg++)
        {
            using var next = await lane.SendAsync([], "text/plain", "Endless AAAA");
            Assert.Equal($"Endless {leg}", next.Headers.WwwAuthenticate.Single().ToString());
            Assert.Null(next.Headers.ConnectionClose);
        }

        using var ninth = await lane.SendAsync([], "text/plain", "Endless AAAA");
        Assert.Equal("Endless", ninth.Headers.WwwAuthenticate.Single().ToString());
        Assert.True(ninth.Headers.ConnectionClose);
    }

    [Fact]
    public async Task Who_begins_a_proof_on_the_connection_of_another_takes_it_over_before_it_is_proved()
    {
        await using var service = await EdgeService.StartAsync();
        using var lane = new Lane(service);
        using var ann = await lane.ProveAsync("secret");
        using var bob = new NtlmInitiator(NtlmCredential.Of("Bob", "secret"), "HTTP/box", null, TimeProvider.System);

        using var challenge = await lane.SendAsync([], "text/plain", "Negotiate " + Convert.ToBase64String(bob.Step([])!));
        using var byAnn = await lane.SendSealedAsync(ann.Seal!, Identify);
        Assert.Equal(HttpStatusCode.Unauthorized, byAnn.StatusCode);

        // Her message has ended his proof as well: the two must not mix.
        using var last = await lane.SendAsync([], "text/plain", "Negotiate " + Convert.ToBase64String(bob.Step(Convert.FromBase64String(challenge.Headers.WwwAuthenticate.Single().Parameter!))!));
        Assert.Equal(HttpStatusCode.Unauthorized, last.StatusCode);
    }

    [Fact]
    public async Task The_first_401_and_the_last_one_close_and_those_between_do_not()
    {
        await using var service = await EdgeService.StartAsync();
        using var lane = new Lane(service);
        using var client = new NtlmInitiator(NtlmCredential.Of("Ann", "wrong"), "HTTP/box", null, TimeProvider.System);

        using var probe = await lane.SendAsync([], "text/plain", null);
        using var challenge = await lane.SendAsync([], "text/plain", "Negotiate " + Convert.ToBase64String(client.Step([])!));
        using var refusal = await lane.SendAsync([], "text/plain", "Negotiate " + Convert.ToBase64String(client.Step(Convert.FromBase64String(challenge.Headers.WwwAuthenticate.Single().Parameter!))!));

        Assert.Equal([true, null, true], [probe.Headers.ConnectionClose, challenge.Headers.ConnectionClose, refusal.Headers.ConnectionClose]);
        Assert.All([probe, challenge, refusal], answer => Assert.Equal((HttpStatusCode.Unauthorized, 0), (answer.StatusCode, answer.Content.Headers.ContentLength)));
    }

    [Fact]
    public async Task Bodies_on_the_legs_are_ignored_even_when_the_client_waits_to_send_them()
    {
        await using var service = await EdgeService.StartAsync();
        using var lane = new Lane(service);
        using var client = new NtlmInitiator(NtlmCredential.Of("Ann", "secret"), "HTTP/box", null, TimeProvider.System);

        using var challenge = await lane.SendAsync(Identify, "application/soap+xml;charset=UTF-8", "NTLM " + Convert.ToBase64String(client.Step([])!), expectContinue: true);
        var reply = Convert.FromBase64String(challenge.Headers.WwwAuthenticate.Single().Parameter!);
        using var last = await lane.SendAsync(Identify, "application/soap+xml;charset=UTF-8", "NTLM " + Convert.ToBase64String(client.Step(reply)!), expectContinue: true);

        Assert.Equal(HttpStatusCode.OK, last.StatusCode);
        Assert.Contains("IdentifyResponse", await last.Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }

    /// <summary>Always wants another leg.</summary>
    private sealed class EndlessScheme : IAuthenticationScheme
    {
        public string Name => "Endless";

        public ITokenAcceptor Accept(ConnectionFacts connection) => new Acceptor();

        private sealed class Acceptor : ITokenAcceptor
        {
            private int _leg;

            public ValueTask<TokenStep> StepAsync(string token, CancellationToken cancellationToken) => ValueTask.FromResult(TokenStep.Continue($"{++_leg}"));

            public void Dispose()
            {
            }
        }
    }

    /// <summary>One connection of a client that does all by hand.</summary>
    private sealed class Lane(EdgeService service) : IDisposable
    {
        private readonly HttpClient _http = new(new SocketsHttpHandler { MaxConnectionsPerServer = 1 });

        public async Task<ISecurityContext> ProveAsync(string password)
        {
            var client = new NtlmInitiator(NtlmCredential.Of("Ann", password), "HTTP/box", null, TimeProvider.System);
            using var challenge = await SendAsync([], "text/plain", "Negotiate " + Convert.ToBase64String(client.Step([])!));
            var reply = Convert.FromBase64String(challenge.Headers.WwwAuthenticate.Single().Parameter!);
            using var last = await SendAsync([], "text/plain", "Negotiate " + Convert.ToBase64String(client.Step(reply)!));
            return last.StatusCode == HttpStatusCode.OK ? client : throw new InvalidOperationException(last.StatusCode.ToString());
        }

        public async Task<HttpResponseMessage> SendSealedAsync(IMessageSeal seal, byte[] message)
        {
            using var buffer = new RentedBuffer(4096);
            var type = SealedBody.Write(seal, SealedProtocol.Negotiate, "application/soap+xml;charset=UTF-8", message, buffer);
            return await SendAsync(buffer.Written.ToArray(), type, null);
        }

        public async Task<HttpResponseMessage> SendAsync(byte[] body, string type, string? authorization, bool expectContinue = false)
        {
            using var request = new HttpRequestMessage(HttpMethod.Post, service.Http) { Content = new ByteArrayContent(body) };
            request.Content.Headers.TryAddWithoutValidation("Content-Type", type);
            request.Headers.ExpectContinue = expectContinue;
            if (authorization is not null)
            {
                request.Headers.TryAddWithoutValidation("Authorization", authorization);
            }

            return await _http.SendAsync(request);
        }

        public void Dispose() => _http.Dispose();
    }
}
