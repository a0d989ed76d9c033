using Farwire.Client.Connection;

namespace Farwire.Client.Tests;

/// <summary>The truth table of the method that a client takes when nobody says.</summary>
public sealed class AuthenticationChoiceTests
{
    [Theory]
    [Trait("Feature", "AUT-10")]
    // explicit credentials: Negotiate, whatever else
    [InlineData("http://host:5985", true, true, true, AuthenticationMethod.Negotiate)]
    [InlineData("http://host:5985", true, false, false, AuthenticationMethod.Negotiate)]
    [InlineData("https://host:5986", true, true, false, AuthenticationMethod.Negotiate)]
    [InlineData("https://192.0.2.1:5986", true, false, false, AuthenticationMethod.Negotiate)]
    // loopback: Negotiate
    [InlineData("http://localhost:5985", false, true, false, AuthenticationMethod.Negotiate)]
    [InlineData("http://127.0.0.1:5985", false, false, false, AuthenticationMethod.Negotiate)]
    [InlineData("https://[::1]:5986", false, false, true, AuthenticationMethod.Negotiate)]
    // a name, in a domain: Kerberos
    [InlineData("http://host:5985", false, true, false, AuthenticationMethod.Kerberos)]
    [InlineData("https://host:5986", false, true, true, AuthenticationMethod.Kerberos)]
    // outside of one: Negotiate with trusted hosts
    [InlineData("http://host:5985", false, false, true, AuthenticationMethod.Negotiate)]
    [InlineData("http://192.0.2.1:5985", false, false, true, AuthenticationMethod.Negotiate)]
    // all else is refused
    [InlineData("http://host:5985", false, false, false, null)]
    [InlineData("http://192.0.2.1:5985", false, true, true, null)]
    [InlineData("https://192.0.2.1:5986", false, true, false, null)]
    public void The_method_follows_from_host_credentials_domain_and_trust(string address, bool credentials, bool tickets, bool trusted, AuthenticationMethod? method)
    {
        AuthenticationMethod Choose() => AuthenticationChoice.Choose(new Uri(address), credentials, tickets, trusted);

        if (method is null)
        {
            Assert.Equal(TransportFailure.Authentication, Assert.Throws<WSManTransportException>(() => Choose()).Failure);
        }
        else
        {
            Assert.Equal(method, Choose());
        }
    }

    [Theory]
    [Trait("Feature", "AUT-10")]
    [InlineData(AuthenticationMethod.Basic, "https://host", "explicit credentials are required")]
    [InlineData(AuthenticationMethod.Digest, "https://host", "explicit credentials are required")]
    [InlineData(AuthenticationMethod.Negotiate, "http://host", "explicit credentials are required")]
    [InlineData(AuthenticationMethod.CredSsp, "http://host", "explicit credentials are required")]
    [InlineData(AuthenticationMethod.Kerberos, "http://192.0.2.1", "is an address")]
    [InlineData(AuthenticationMethod.Certificate, "http://host", "goes with https")]
    public void A_method_that_cannot_do_with_what_is_given_says_what_is_missing(AuthenticationMethod method, string address, string message)
    {
        var refusal = Assert.Throws<WSManTransportException>(() => AuthenticationChoice.Check(method, new Uri(address), hasCredentials: false, hasCertificate: false));

        Assert.Contains(message, refusal.Message, StringComparison.Ordinal);
    }
}
