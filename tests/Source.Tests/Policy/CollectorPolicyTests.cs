using Farwire.Source.Policy;

namespace Farwire.Source.Tests.Policy;

public sealed class CollectorPolicyTests
{
    [Fact]
    public void A_line_names_collector_interval_and_authority()
    {
        var policy = CollectorPolicy.Parse("Server=https://wec.corp.example:5986/wsman/SubscriptionManager/WEC,Refresh=60,IssuerCA=00112233445566778899aabbccddeeff00112233");

        Assert.Equal(new Uri("https://wec.corp.example:5986/wsman/SubscriptionManager/WEC"), policy.Server);
        Assert.Equal(TimeSpan.FromMinutes(1), policy.Refresh);
        Assert.Equal("00112233445566778899AABBCCDDEEFF00112233", policy.IssuerCA);
    }

    [Theory]
    [InlineData("server=HTTPS://wec:5986/wsman , REFRESH = 900 , issuerca = 00 11 22 33 44 55 66 77 88 99 aa bb cc dd ee ff 00 11 22 33")]
    [InlineData("Server=HTTPS://wec:5986/wsman,IssuerCA=\u200E00112233445566778899AABBCCDDEEFF00112233,")]
    public void Case_blanks_and_the_invisible_mark_of_a_copied_thumbprint_do_not_count(string line) =>
        Assert.Equal("Server=https://wec:5986/wsman,Refresh=900,IssuerCA=00112233445566778899AABBCCDDEEFF00112233", CollectorPolicy.Parse(line).ToString());

    [Theory]
    [InlineData("", "names its collector")]
    [InlineData("Refresh=60", "names its collector")]
    [InlineData("Server=ftp://wec/", "http or https")]
    [InlineData("Server=wec", "http or https")]
    [InlineData("Server=https://me:secret@wec/", "no password")]
    [InlineData("Server=https://wec/,Refresh=0", "from 1")]
    [InlineData("Server=https://wec/,Refresh=-5", "from 1")]
    [InlineData("Server=https://wec/,Refresh=99999999999", "from 1")]
    [InlineData("Server=https://wec/,IssuerCA=00112233", "40 hex digits")]
    [InlineData("Server=http://wec/,IssuerCA=00112233445566778899AABBCCDDEEFF00112233", "shows none")]
    [InlineData("Server=https://a/,Server=https://b/", "twice")]
    [InlineData("Server=https://wec/,Colour=red", "no part")]
    public void What_is_no_line_is_refused_with_the_reason(string line, string reason) =>
        Assert.Contains(reason, Assert.Throws<FormatException>(() => CollectorPolicy.Parse(line)).Message, StringComparison.Ordinal);
}
