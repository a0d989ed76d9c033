using System.Net;

namespace Farwire.Client.Connection;

/// <summary>Which method a client takes when nobody says.</summary>
/// <remarks>
/// "Authentication for Remote Connections" of the WinRM documentation. Explicit credentials mean Negotiate, always. Without them a loopback address
/// means Negotiate too, a named host in a domain Kerberos, and outside of a domain Negotiate when the host is trusted (TrustedHosts).
/// </remarks>
public static class AuthenticationChoice
{
    /// <summary>Chooses.</summary>
    /// <param name="address">Where to.</param>
    /// <param name="hasCredentials">User and password are given.</param>
    /// <param name="hasTickets">This side belongs to a domain: there are Kerberos tickets to be had.</param>
    /// <param name="isTrusted">The host is among the trusted ones.</param>
    /// <exception cref="WSManTransportException">No method would do, and why.</exception>
    public static AuthenticationMethod Choose(Uri address, bool hasCredentials, bool hasTickets, bool isTrusted)
    {
        if (hasCredentials || address.IsLoopback)
        {
            return AuthenticationMethod.Negotiate;
        }

        var isName = !IPAddress.TryParse(address.Host.Trim('[', ']'), out _);
        if (hasTickets && isName)
        {
            return AuthenticationMethod.Kerberos;
        }

        if (!hasTickets && isTrusted)
        {
            return AuthenticationMethod.Negotiate;
        }

        throw new WSManTransportException(
            TransportFailure.Authentication,
            isName ? $"There are no credentials for {address.Host}: no user is given and no Kerberos ticket is there." : $"Kerberos knows services by name, and {address.Host} is an address: explicit credentials are required.",
            isName ? "Give -username, or get a ticket with kinit." : "Connect by name, or give -username.");
    }

    /// <summary>Refuses a method that was asked for, when it cannot do with what is given.</summary>
    /// <exception cref="WSManTransportException">What is missing.</exception>
    public static void Check(AuthenticationMethod method, Uri address, bool hasCredentials, bool hasCertificate)
    {
        var isLocalNegotiate = method == AuthenticationMethod.Negotiate && (address.IsLoopback || address.Scheme == Uri.UriSchemeHttps);
        if (method is AuthenticationMethod.Basic or AuthenticationMethod.Digest or AuthenticationMethod.Negotiate or AuthenticationMethod.CredSsp && !hasCredentials && !isLocalNegotiate)
        {
            throw new WSManTransportException(
                TransportFailure.Authentication, $"With {method} explicit credentials are required.", "Give -username, and a password when asked.");
        }

        if (method == AuthenticationMethod.Kerberos && IPAddress.TryParse(address.Host.Trim('[', ']'), out _))
        {
            throw new WSManTransportException(
                TransportFailure.Authentication, $"Kerberos knows services by name, and {address.Host} is an address.", "Connect by name, or use Negotiate with -username.");
        }

        if (method == AuthenticationMethod.Certificate && (!hasCertificate || address.Scheme != Uri.UriSchemeHttps))
        {
            throw new WSManTransportException(
                TransportFailure.Authentication, "A client certificate goes with https, and must be named.", "Use https and -certificate:THUMBPRINT or -certificate:FILE.pem.");
        }
    }
}
