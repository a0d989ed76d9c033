using Farwire.Security.Ntlm;
using Farwire.Security.Spnego;
using Farwire.Security.Tests.Ntlm;

namespace Farwire.Security.Tests.Spnego;

public sealed class SpnegoTests
{
    [Fact]
    public void The_first_mechanism_is_taken_at_once_and_the_list_is_signed()
    {
        using var pair = new NtlmPair();
        using var client = Client(pair, MechanismIds.Ntlm);
        using var service = Acceptor(pair);

        NtlmPair.Shake(client, service);

        AssertSeals(client, service);
    }

    [Fact]
    public void A_mechanism_that_the_service_lacks_is_passed_over()
    {
        using var pair = new NtlmPair();
        using var client = Client(pair, MechanismIds.Kerberos, MechanismIds.Ntlm);
        using var service = Acceptor(pair);
        var legs = 0;

        NtlmPair.Shake(client, service, token => { legs++; return token; });

        Assert.Equal(3, legs); // offer, NTLM's first, NTLM's last
        AssertSeals(client, service);
    }

    [Fact]
    public void A_list_that_somebody_cut_short_is_found_out()
    {
        using var pair = new NtlmPair();
        using var client = Client(pair, "1.2.3.4", MechanismIds.Ntlm);
        using var service = Acceptor(pair);

        // In between somebody takes the better mechanism off the list.
        var first = true;
        var failure = Assert.Throws<SecurityTokenException>(() => NtlmPair.Shake(client, service, token =>
        {
            if (!first)
            {
                return token;
            }

            first = false;
            var init = NegTokenInit.Read(token);
            return (init with { MechanismList = NegTokenInit.Encode([MechanismIds.Ntlm]), Token = null }).ToBytes();
        }));

        Assert.Contains("signature", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Nothing_in_common_is_refused()
    {
        using var pair = new NtlmPair();
        using var service = Acceptor(pair);

        Assert.Throws<SecurityTokenException>(() => service.Step(new NegTokenInit([], NegTokenInit.Encode(["1.2.3.4"]), [1], null).ToBytes()));
    }

    [Fact]
    public void Rubbish_in_any_form_is_refused_and_nothing_else_happens()
    {
        using var pair = new NtlmPair();
        var tokens = new List<byte[]>();
        NtlmPair.Shake(Client(pair, MechanismIds.Ntlm), Acceptor(pair), token => { tokens.Add(token); return token; });
        var random = new Random(20260102);
        for (var i = 0; i < 4_000; i++)
        {
            using var service = new SpnegoAcceptor(id => id == MechanismIds.Ntlm ? pair.Acceptor(address: i.ToString(System.Globalization.CultureInfo.InvariantCulture)) : null);
            var failure = Record.Exception(() =>
            {
                service.Step(i % 2 == 0 ? tokens[0] : Spoil(tokens[0]));
                service.Step(Spoil(tokens[1]));
            });

            Assert.True(failure is null or SecurityTokenException, failure?.ToString());
            Assert.Null(service.Principal);
        }

        byte[] Spoil(byte[] token)
        {
            var spoiled = token[..(random.Next(3) == 0 ? random.Next(token.Length) : token.Length)];
            for (var n = 1 + random.Next(4); n > 0 && spoiled.Length > 0; n--)
            {
                spoiled[random.Next(spoiled.Length)] ^= (byte)(1 + random.Next(255));
            }

            return spoiled;
        }
    }

    internal static SpnegoInitiator Client(NtlmPair pair, params string[] mechanisms) =>
        new([.. mechanisms.Select(id => (id, (Func<ISecurityContext>)(() => pair.Client())))]);

    internal static SpnegoAcceptor Acceptor(NtlmPair pair) => new(id => id == MechanismIds.Ntlm ? pair.Acceptor() : null);

    private static void AssertSeals(SpnegoInitiator client, SpnegoAcceptor service)
    {
        Assert.Equal("J\u00fcrgen", service.Principal!.Identity!.Name);
        for (var i = 0; i < 3; i++)
        {
            var buffer = new byte[100];
            var length = client.Seal!.Seal("to the service"u8, buffer);
            Assert.Equal("to the service"u8, service.Seal!.Open(buffer.AsSpan(0, length.Total), length.Header));
            length = service.Seal.Seal("to the client"u8, buffer);
            Assert.Equal("to the client"u8, client.Seal.Open(buffer.AsSpan(0, length.Total), length.Header));
        }
    }
}
