using System.Globalization;
using Farwire.Client.Connection;
using Farwire.TestKit.Connection;

namespace Farwire.Client.Tests.Connection;

public sealed class AuthenticationChoiceTests
{
    [Fact]
    [Trait("Feature", "AUT-10")]
    public void Who_says_no_method_gets_the_one_of_the_table_or_its_refusal()
    {
        var rows = ChoiceRow.All();

        Assert.Equal(48, rows.Distinct().Count());
        Assert.All(rows, row => Assert.Equal(row.Outcome, OutcomeOf(row)));
    }

    [Theory]
    [InlineData(AuthenticationMethod.Basic)]
    [InlineData(AuthenticationMethod.Digest)]
    [InlineData(AuthenticationMethod.Negotiate)]
    [InlineData(AuthenticationMethod.CredSsp)]
    [Trait("Feature", "AUT-10")]
    public void Methods_with_a_password_want_one(AuthenticationMethod method)
    {
        var failure = Assert.Throws<WSManTransportException>(() => AuthenticationChoice.Check(method, new Uri("http://server/wsman"), hasCredentials: false, hasCertificate: false));

        Assert.Equal(0x803380E5, failure.Code);
        Assert.Contains("explicit credentials are required", failure.Message, StringComparison.Ordinal);
    }

    private static string OutcomeOf(ChoiceRow row)
    {
        var host = row.Target switch { "loopback" => "localhost", "name" => "server.test.local", _ => "192.0.2.1" };
        var address = new Uri($"{row.Scheme}://{host}/wsman");
        try
        {
            var method = AuthenticationChoice.Choose(address, row.IsExplicit, row.IsInDomain, row.IsTrusted);
            AuthenticationChoice.CheckTrust(method, address, mayBeKerberos: row.IsInDomain && row.Target == "name", row.IsTrusted);
            return method.ToString();
        }
        catch (WSManTransportException e)
        {
            return "0x" + e.Code!.Value.ToString("X8", CultureInfo.InvariantCulture);
        }
    }
}
