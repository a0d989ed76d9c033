using Farwire.Security.Digest;

namespace Farwire.Security.Tests.Digest;

/// <summary>RFC 7616, "Example with SHA-256 and MD5"; RFC 2617 likewise for the older form.</summary>
public sealed class DigestTests
{
    private const string Challenge =
        "realm=\"http-auth@example.org\", qop=\"auth, auth-int\", algorithm={0}, nonce=\"7ypf/xlj9XXwfDPEoM4URrv/xwf94BcCAzFZH4GiTo0v\", opaque=\"FQhe/qaU925kfnzjCev0ciny7QMkPqMAFRtzCUYo5tdS\"";

    [Theory]
    [InlineData("MD5", "8ca523f5e9506fed4657c9700eebdbec")]
    [InlineData("SHA-256", "753927fa0e85d155564e2e272a28d1802ca10daf4496794697cf8db5856cb6c1")]
    public void The_response_is_that_of_the_RFC(string algorithm, string response)
    {
        Assert.True(DigestChallenge.TryRead(Challenge.Replace("{0}", algorithm, StringComparison.Ordinal), out var challenge));

        var header = new DigestClient("Mufasa", "Circle of Life").Answer(challenge, "GET", "/dir/index.html", "00000001", "f2/wE4q74E6zIJEtWaHKaf5wv/H5QzzpXusqGemxURZJ");

        Assert.Contains($"response=\"{response}\"", header, StringComparison.Ordinal);
        Assert.Contains("opaque=\"FQhe/qaU925kfnzjCev0ciny7QMkPqMAFRtzCUYo5tdS\"", header, StringComparison.Ordinal);
        Assert.Contains("nc=00000001, cnonce=", header, StringComparison.Ordinal);
        Assert.DoesNotContain("Circle", header, StringComparison.Ordinal);
    }

    [Fact]
    public void The_stronger_of_two_challenges_is_taken_and_requests_are_counted()
    {
        var client = new DigestClient("a", "b");

        Assert.True(client.TryTake([Challenge.Replace("{0}", "MD5", StringComparison.Ordinal), Challenge.Replace("{0}", "SHA-256", StringComparison.Ordinal)], out _));

        Assert.Contains("algorithm=SHA-256", client.Authorize("POST", "/wsman"), StringComparison.Ordinal);
        Assert.Contains("nc=00000002", client.Authorize("POST", "/wsman"), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("realm=\"a\"")]
    [InlineData("nonce=\"a\"")]
    [InlineData("realm=\"a\", nonce=\"b\", algorithm=ROT13")]
    [InlineData("realm=\"a\", nonce=\"b\", qop=\"auth-int\"")]
    [InlineData("realm=\"")]
    [InlineData("")]
    [InlineData("=,=,=")]
    public void What_is_not_understood_is_not_answered(string parameters) => Assert.False(DigestChallenge.TryRead(parameters, out _));
}
