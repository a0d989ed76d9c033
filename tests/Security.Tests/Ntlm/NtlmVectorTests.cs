using System.Text;
using Farwire.Security.Ntlm;

namespace Farwire.Security.Tests.Ntlm;

/// <summary>MS-NLMP, "NTLM v2 authentication" of the cryptographic values for validation, and the vectors of RFC 1320 and RFC 6229.</summary>
public sealed class NtlmVectorTests
{
    private const string TargetInfo = "02000c0044006f006d00610069006e0001000c005300650072007600650072000000000000000000";

    private static readonly byte[] ServiceChallenge = Convert.FromHexString("0123456789abcdef");
    private static readonly byte[] ResponseKey = NtHash.ResponseKey(NtHash.Of("Password"), "User", "Domain");
    private static readonly byte[] SessionKey = [.. Enumerable.Repeat((byte)0x55, 16)];

    // version 1 1, reserved, time 0, client's challenge, reserved, attributes
    private static byte[] ClientPart => Convert.FromHexString("0101000000000000" + "0000000000000000" + "aaaaaaaaaaaaaaaa" + "00000000" + TargetInfo);

    [Theory]
    [InlineData("", "31d6cfe0d16ae931b73c59d7e0c089c0")]
    [InlineData("abc", "a448017aaf21d8525fc10ae87aa6729d")]
    [InlineData("abcdefghijklmnopqrstuvwxyz", "d79e1c308aa5bbcdeea8ed63df412da9")]
    [InlineData("12345678901234567890123456789012345678901234567890123456789012345678901234567890", "e33b4ddc9c38f2199c3e7b164fcc0536")]
    public void MD4_is_that_of_the_RFC(string text, string hash) => Assert.Equal(hash, Hex(Md4.Hash(Encoding.ASCII.GetBytes(text))));

    [Theory]
    [InlineData("0102030405", "b2396305f03dc027ccc3524a0a1118a8")]
    [InlineData("0102030405060708090a0b0c0d0e0f10", "9ac7cc9a609d1ef7b2932899cde41b97")]
    public void RC4_is_that_of_the_RFC(string key, string stream) => Assert.Equal(stream, Hex(Rc4.Once(Convert.FromHexString(key), new byte[16])));

    [Fact]
    public void The_hashes_are_those_of_the_specification()
    {
        Assert.Equal("a4f49c406510bdcab6824ee7c30fd852", Hex(NtHash.Of("Password")));
        Assert.Equal("0c868a403bfd7a93a3001ef22ef02e3f", Hex(ResponseKey));
    }

    [Fact]
    public void The_proof_and_the_keys_are_those_of_the_specification()
    {
        var proof = NtlmResponse.Proof(ResponseKey, ServiceChallenge, ClientPart);
        var baseKey = NtlmResponse.BaseKey(ResponseKey, proof);

        Assert.Equal("68cd0ab851e51c96aabc927bebef6a1c", Hex(proof));
        Assert.Equal("8de40ccadbc14a82f15cb0ad0de95ca3", Hex(baseKey));
        Assert.Equal("c5dad2544fc9799094ce1ce90bc9d03e", Hex(Rc4.Once(baseKey, SessionKey)));
    }

    [Fact]
    public void A_sealed_message_is_that_of_the_specification()
    {
        const NtlmFlags flags = NtlmFlags.Key128 | NtlmFlags.Key56 | NtlmFlags.KeyExchange | NtlmFlags.ExtendedSessionSecurity;
        using var seal = new NtlmSeal(SessionKey, flags, isClient: true);
        var target = new byte[64];

        var length = seal.Seal(Encoding.Unicode.GetBytes("Plaintext"), target);

        Assert.Equal(34, length.Total);
        Assert.Equal("010000007fb38ec5c55d497600000000", Hex(target.AsSpan(0, 16)));
        Assert.Equal("54e50165bf1936dc996020c1811b0f06fb5f", Hex(target.AsSpan(16, 18)));
    }

    private static string Hex(ReadOnlySpan<byte> bytes) => Convert.ToHexStringLower(bytes);
}
