using Farwire.CommandLine.Grammar;

namespace Farwire.CommandLine.Tests;

public sealed class RemoteWordTests
{
    [Theory]
    [InlineData("http://box", false, "http://box/wsman")]
    [InlineData("https://box", false, "https://box/wsman")]
    [InlineData("box", false, "http://box:5985/wsman")]
    [InlineData("box", true, "https://box:5986/wsman")]
    [InlineData("box:80", false, "http://box/wsman")]
    [InlineData("box:443", true, "https://box/wsman")]
    [InlineData("box:8080/prefix", false, "http://box:8080/prefix")]
    [InlineData("[::1]", false, "http://[::1]:5985/wsman")]
    [InlineData("[::1]:99", true, "https://[::1]:99/wsman")]
    [InlineData("https://box/", false, "https://box/wsman")]
    [InlineData("HTTPS://box:5986/a/b", false, "https://box:5986/a/b")]
    [Trait("Feature", "CLI-17")]
    public void A_host_has_the_port_that_its_form_means(string word, bool useSsl, string address) =>
        Assert.Equal(address, RemoteWord.Parse(word, useSsl).AbsoluteUri);

    [Theory]
    [InlineData("https://box", true)]
    [InlineData("ftp://box", false)]
    [InlineData("http://ann:secret@box", false)]
    [InlineData("box?a=b", false)]
    [InlineData("", false)]
    [InlineData("box:port", false)]
    public void What_is_no_address_is_refused(string word, bool useSsl) => Assert.Throws<UsageException>(() => RemoteWord.Parse(word, useSsl));
}
