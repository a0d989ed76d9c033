using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using Farwire.Security.Accounts;
using Farwire.Security.ChannelBinding;
using Farwire.Security.Ntlm;

namespace Farwire.Security.Tests.Ntlm;

public sealed class NtlmTests
{
    [Theory]
    [InlineData("DOM\\j\u00fcrgen")]
    [InlineData("J\u00dcRGEN")]
    [InlineData("j\u00fcrgen@example.org")]
    [Trait("Feature", "AUT-03")]
    public void The_right_password_proves_the_user_under_every_form_of_the_name(string user)
    {
        using var pair = new NtlmPair();
        using var client = pair.Client(user);
        using var service = pair.Acceptor();

        NtlmPair.Shake(client, service);

        Assert.Equal("J\u00fcrgen", service.Principal!.Identity!.Name);
        Assert.Equal("daemon", service.Principal.FindFirst(SecurityClaims.Account)!.Value);
    }

    [Theory]
    [InlineData("j\u00fcrgen", "wrong")]
    [InlineData("nobody", NtlmPair.Password)]
    [InlineData("basic", NtlmPair.Password)]
    [Trait("Feature", "AUT-03")]
    public void Anything_else_is_refused_in_the_same_words(string user, string password)
    {
        using var pair = new NtlmPair();
        using var client = pair.Client(user, password);
        using var service = pair.Acceptor();

        var refusal = Assert.Throws<SecurityTokenException>(() => NtlmPair.Shake(client, service));

        Assert.Equal("The NTLM user or password is wrong.", refusal.Message);
        Assert.Null(service.Principal);
    }

    [Fact]
    public void Guessing_is_closed_after_some_wrong_passwords_even_to_the_right_one()
    {
        using var pair = new NtlmPair();
        for (var i = 0; i < GuessLimit.FreeGuesses; i++)
        {
            Assert.Throws<SecurityTokenException>(() => NtlmPair.Shake(pair.Client(password: "wrong"), pair.Acceptor()));
        }

        Assert.Contains("Too many", Assert.Throws<SecurityTokenException>(() => NtlmPair.Shake(pair.Client(), pair.Acceptor())).Message, StringComparison.Ordinal);
        NtlmPair.Shake(pair.Client(), pair.Acceptor(address: "192.0.2.2"));
        pair.Time.Advance(TimeSpan.FromSeconds(61));
        NtlmPair.Shake(pair.Client(), pair.Acceptor());
    }

    [Fact]
    public void Anonymous_and_version_1_are_refused()
    {
        using var pair = new NtlmPair();

        Assert.Contains("Anonymous", Refusal([]), StringComparison.Ordinal);
        Assert.Contains("NTLMv1", Refusal(new byte[24]), StringComparison.Ordinal);

        string Refusal(byte[] response)
        {
            using var service = pair.Acceptor();
            service.Step(new NegotiateMessage(NtlmFlags.Unicode | NtlmFlags.Ntlm).ToBytes());
            var message = new AuthenticateMessage { Domain = "", User = "J\u00fcrgen", Workstation = "", NtResponse = response, Flags = NtlmFlags.Unicode }.ToBytes();
            return Assert.Throws<SecurityTokenException>(() => service.Step(message)).Message;
        }
    }

    [Fact]
    public void A_client_with_OEM_strings_is_understood()
    {
        using var pair = new NtlmPair();
        using var service = pair.Acceptor();
        var challenge = service.Step(new NegotiateMessage(NtlmFlags.Oem | NtlmFlags.Ntlm).ToBytes())!;
        Assert.Equal(NtlmFlags.Oem, ChallengeMessage.Read(challenge).Flags & (NtlmFlags.Oem | NtlmFlags.Unicode));
        Assert.Equal("BOX", Encoding.ASCII.GetString(challenge.AsSpan(56, 3)));
        var client = new byte[NtlmResponse.AttributesAt + 4];
        var key = NtHash.ResponseKey(NtHash.Of(NtlmPair.Password), "j\u00fcrgen", "d");
        var proof = NtlmResponse.Proof(key, ChallengeMessage.Read(challenge).Challenge, client);

        service.Step(new AuthenticateMessage { Domain = "d", User = "j\u00fcrgen", Workstation = "", NtResponse = [.. proof, .. client], Flags = NtlmFlags.Oem }.ToBytes());

        Assert.Equal("J\u00fcrgen", service.Principal!.Identity!.Name);
        Assert.Null(service.Seal);
    }

    [Fact]
    public void A_service_that_cannot_seal_is_refused_by_the_client()
    {
        using var pair = new NtlmPair();
        using var client = pair.Client();
        client.Step([]);
        var weak = new ChallengeMessage { Flags = NtlmFlags.Unicode | NtlmFlags.Ntlm, Challenge = new byte[8], TargetName = "" }.ToBytes();

        Assert.Contains("Seal", Assert.Throws<SecurityTokenException>(() => client.Step(weak)).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(BindingLevel.None, "no", true)]
    [InlineData(BindingLevel.None, "right", true)]
    [InlineData(BindingLevel.None, "wrong", true)]
    [InlineData(BindingLevel.Relaxed, "no", true)]
    [InlineData(BindingLevel.Relaxed, "right", true)]
    [InlineData(BindingLevel.Relaxed, "wrong", false)]
    [InlineData(BindingLevel.Strict, "no", false)]
    [InlineData(BindingLevel.Strict, "right", true)]
    [InlineData(BindingLevel.Strict, "wrong", false)]
    public void Bindings_to_TLS_count_as_the_level_says(BindingLevel level, string binding, bool taken)
    {
        using var pair = new NtlmPair(level);
        var ours = Binding();
        using var client = pair.Client(binding: binding switch { "no" => null, "right" => ours, _ => Binding() });
        using var service = pair.Acceptor(ours);

        var failure = Record.Exception(() => NtlmPair.Shake(client, service));

        Assert.Equal(taken, failure is null);
        Assert.True(failure is null or SecurityTokenException);
    }

    [Fact]
    public void No_byte_of_the_handshake_may_change()
    {
        using var pair = new NtlmPair();
        var first = true;
        var length = 0;
        NtlmPair.Shake(pair.Client(), pair.Acceptor(), token => { length = token.Length; return token; });
        for (var at = 0; at < length; at++)
        {
            first = true;
            using var client = pair.Client();
            using var service = pair.Acceptor(address: $"192.0.2.{at}");
            var taken = Record.Exception(() => NtlmPair.Shake(client, service, token =>
            {
                if (first)
                {
                    first = false;
                    return token;
                }

                var changed = token.ToArray();
                changed[at] ^= 0x10;
                return changed;
            })) is null;

            Assert.False(taken, $"byte {at} of the last message changed, and the service took it");
        }
    }

    [Fact]
    public void Rubbish_in_any_form_is_refused_and_nothing_else_happens()
    {
        using var pair = new NtlmPair();
        using var client = pair.Client();
        using var model = pair.Acceptor();
        var negotiate = client.Step([])!;
        var authenticate = client.Step(model.Step(negotiate)!)!;
        var random = new Random(20260101);
        for (var i = 0; i < 4_000; i++)
        {
            using var service = pair.Acceptor(address: i.ToString(System.Globalization.CultureInfo.InvariantCulture));
            var failure = Record.Exception(() =>
            {
                service.Step(i % 2 == 0 ? negotiate : Spoil(negotiate));
                service.Step(Spoil(authenticate));
            });

            Assert.True(failure is null or SecurityTokenException, failure?.ToString());
            Assert.Null(service.Principal);
        }

        byte[] Spoil(byte[] token)
        {
            var spoiled = token[..random.Next(token.Length + 1)];
            for (var n = random.Next(4); n > 0 && spoiled.Length > 0; n--)
            {
                spoiled[random.Next(spoiled.Length)] = (byte)random.Next(256);
            }

            return spoiled;
        }
    }

    [Fact]
    public void A_field_that_points_outside_is_refused()
    {
        var message = new AuthenticateMessage { Domain = "", User = "u", Workstation = "", NtResponse = new byte[60], Flags = NtlmFlags.Unicode }.ToBytes();
        BinaryPrimitives.WriteUInt32LittleEndian(message.AsSpan(24), 0xFFFFFFF0);

        Assert.Throws<SecurityTokenException>(() => AuthenticateMessage.Read(message).User);
    }

    internal static TlsBinding Binding()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        using var certificate = new CertificateRequest("CN=box", key, HashAlgorithmName.SHA256).CreateSelfSigned(DateTimeOffset.UnixEpoch, DateTimeOffset.UnixEpoch.AddDays(1));
        return TlsBinding.Of(certificate);
    }
}
