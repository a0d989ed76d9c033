using Farwire.Client.Connection;

namespace Farwire.Client.Tests.Connection;

public sealed class TrustedHostsTests
{
    [Theory]
    [InlineData("", "server", false)]
    [InlineData("*", "server", true)]
    [InlineData("*", "192.0.2.7", true)]
    [InlineData("*", "[fe80::1]", true)]
    [InlineData("server", "SERVER", true)]
    [InlineData("server", "server.example.org", false)]
    [InlineData("a, b ,server", "server", true)]
    [InlineData("*.example.org", "server.example.org", true)]
    [InlineData("*.example.org", "example.org", false)]
    [InlineData("*.example.org", "server.example.org.evil.net", false)]
    [InlineData("192.168.*", "192.168.4.4", true)]
    [InlineData("192.168.*", "192.169.4.4", false)]
    [InlineData("web*-*.example.org", "web1-a.example.org", true)]
    [InlineData("<local>", "server", true)]
    [InlineData("<local>", "server.example.org", false)]
    [InlineData("<local>", "192.0.2.7", false)]
    [InlineData("<local>", "[fe80::1]", false)]
    [InlineData("[fe80::1]", "[fe80::1]", true)]
    [InlineData("[fe80::1]", "[fe80::2]", false)]
    [InlineData("[fe80:*]", "[fe80::2]", true)]
    [Trait("Feature", "AUT-09")]
    public void The_list_says_who_is_trusted(string list, string host, bool trusted) =>
        Assert.Equal(trusted, TrustedHosts.Parse(list).Holds(new Uri($"http://{host}/wsman")));

    [Theory]
    [InlineData("fe80::1")]
    [InlineData("[fe80::1")]
    [InlineData("http://server")]
    [InlineData("two words")]
    [InlineData("<locale>")]
    public void What_is_no_host_is_refused(string list) => Assert.Throws<FormatException>(() => TrustedHosts.Parse(list));

    [Theory]
    [InlineData(AuthenticationMethod.Basic)]
    [InlineData(AuthenticationMethod.Digest)]
    [InlineData(AuthenticationMethod.Negotiate)]
    public async Task Who_is_not_trusted_hears_nothing_over_HTTP(AuthenticationMethod method)
    {
        var options = new WSManConnectionOptions
        {
            Address = new Uri("http://server.example.org/wsman"), Authentication = method, User = "ann", Password = "secret", AllowUnencrypted = true,
        };

        Assert.Equal(TransportFailure.NotTrusted, Assert.Throws<WSManTransportException>(() => new WSManClient(options)).Failure);
        await new WSManClient(options with { TrustedHosts = TrustedHosts.Parse("*.example.org") }).DisposeAsync();
        await new WSManClient(options with { Address = new Uri("https://server.example.org/wsman") }).DisposeAsync();
    }
}
