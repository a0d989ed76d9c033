using System.Buffers;
using System.Text;
using Farwire.Security.CredSsp;
using Farwire.Security.Ntlm;
using Farwire.Security.Sealing;
using Farwire.Security.Spnego;
using Farwire.Security.Tests.Ntlm;

namespace Farwire.Security.Tests.CredSsp;

public sealed class CredSspTests : IDisposable
{
    private readonly NtlmPair _pair = new();
    private readonly CredSspScheme _scheme;

    public CredSspTests() => _scheme = new CredSspScheme(_pair.Service, kerberos: null);

    [Fact]
    public async Task The_password_arrives_with_the_user_and_messages_are_sealed_in_pieces()
    {
        using var client = Client();
        using var service = _scheme.Accept(new ConnectionFacts("192.0.2.1"));

        var step = await ShakeAsync(client, service);

        Assert.Equal("J\u00fcrgen", step.Principal!.Identity!.Name);
        Assert.Equal("daemon", step.Principal.FindFirst(SecurityClaims.Account)!.Value);
        Assert.True(client.IsComplete);
        foreach (var length in (int[])[1, 100, 16384, 16385, 100_000])
        {
            AssertCarries(client.Seal!, step.Seal!, length);
            AssertCarries(step.Seal!, client.Seal!, length);
        }
    }

    [Fact]
    public async Task A_changed_record_is_refused()
    {
        using var client = Client();
        using var service = _scheme.Accept(new ConnectionFacts("192.0.2.1"));
        var step = await ShakeAsync(client, service);
        var output = new ArrayBufferWriter<byte>();
        var type = SealedContentType.Read(SealedBody.Write(client.Seal!, SealedProtocol.CredSsp, "application/soap+xml", "<x/>"u8, output));
        var body = output.WrittenSpan.ToArray();
        body[^30] ^= 1;

        Assert.Throws<SecurityTokenException>(() => SealedBody.Open(step.Seal!, type, body));
    }

    [Fact]
    public async Task A_wrong_password_is_refused_with_a_status()
    {
        using var client = Client("wrong");
        using var service = _scheme.Accept(new ConnectionFacts("192.0.2.1"));

        var failure = await Assert.ThrowsAsync<SecurityTokenException>(() => ShakeAsync(client, service));

        Assert.Contains("0xC000006D", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_host_that_is_on_no_list_gets_no_password()
    {
        using var client = Client(mayDelegate: false);
        using var service = _scheme.Accept(new ConnectionFacts("192.0.2.1"));

        var failure = await Assert.ThrowsAsync<SecurityTokenException>(() => ShakeAsync(client, service));

        Assert.Contains("WSMAN/box", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Rubbish_inside_of_the_tunnel_is_refused_and_nothing_else_happens()
    {
        var random = new Random(20260104);
        var whole = new TsRequest { Version = 6, Token = new byte[40], PubKeyAuth = new byte[48], AuthInfo = new byte[60], ClientNonce = new byte[32], ErrorCode = 5 }.ToBytes();
        Assert.Equal(whole, TsRequest.Read(whole).ToBytes());
        for (var i = 0; i < 4_000; i++)
        {
            var spoiled = whole[..(random.Next(3) == 0 ? random.Next(whole.Length) : whole.Length)];
            for (var n = 1 + random.Next(3); n > 0 && spoiled.Length > 0; n--)
            {
                spoiled[random.Next(spoiled.Length)] = (byte)random.Next(256);
            }

            var failure = Record.Exception(() => TsRequest.Read(spoiled)) ?? Record.Exception(() => TsCredentials.Read(spoiled));

            Assert.True(failure is SecurityTokenException, failure?.ToString());
        }

        foreach (var token in (string[])["", "AAAA", "FgMBAAEA", "***", Convert.ToBase64String(whole)])
        {
            using var service = _scheme.Accept(new ConnectionFacts("192.0.2.1"));
            Assert.False((await service.StepAsync(token, default)).IsAccepted);
        }
    }

    public void Dispose() => _pair.Dispose();

    private CredSspInitiator Client(string password = NtlmPair.Password, bool mayDelegate = true) => new(
        NtlmCredential.Of("j\u00fcrgen", password), "box", new SpnegoInitiator([(MechanismIds.Ntlm, () => _pair.Client("j\u00fcrgen", password))]), _ => mayDelegate);

    private static async Task<TokenStep> ShakeAsync(CredSspInitiator client, ITokenAcceptor service)
    {
        var token = await client.StepAsync("", default);
        for (var legs = 0; legs < 8; legs++)
        {
            var step = await service.StepAsync(token!, default);
            if (step.IsAccepted)
            {
                return step;
            }

            token = await client.StepAsync(step.Reply!, default);
        }

        throw new InvalidOperationException("CredSSP came to no end.");
    }

    private static void AssertCarries(IMessageSeal from, IMessageSeal to, int length)
    {
        var plain = Encoding.ASCII.GetBytes(new string('x', length));
        var output = new ArrayBufferWriter<byte>();
        var type = SealedBody.Write(from, SealedProtocol.CredSsp, "application/soap+xml;charset=UTF-8", plain, output);

        var opened = SealedBody.Open(to, SealedContentType.Read(type), output.WrittenSpan.ToArray());

        Assert.StartsWith(length > 16384 ? "multipart/x-multi-encrypted" : "multipart/encrypted", type, StringComparison.Ordinal);
        Assert.Equal(plain, opened.Plain.ToArray());
    }
}
