using System.Net;

namespace Farwire.Client.Connection;

/// <summary>Which method a client takes when nobody says, what each method needs, and to whom it may go.</summary>
/// <remarks>
/// "Authentication for Remote Connections" of the WinRM documentation. Explicit credentials mean Negotiate, always. Without them a loopback address
/// means Negotiate too, a named host in a domain Kerberos, and outside of a domain Negotiate when the host is trusted. Whether the service proves
/// itself is a question of its own: over HTTP it does by Kerberos alone, and else must be among the <see cref="TrustedHosts"/>.
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
        if (hasCredentials || address.IsLoopback || (!hasTickets && isTrusted))
        {
            return AuthenticationMethod.Negotiate;
        }

        if (IsAddress(address))
        {
            throw Refuse(
                ClientErrors.DefaultAuthenticationByAddress,
                $"Kerberos knows services by name, and {address.Host} is an address: explicit credentials are required.",
                "Connect by name, or give -username.");
        }

        return hasTickets ? AuthenticationMethod.Kerberos : throw Refuse(
            ClientErrors.ExplicitCredentialsRequired,
            $"No user is given for {address.Host} and there is no Kerberos ticket: explicit credentials are required.",
            "Give -username, or get a ticket with kinit.");
    }

    /// <summary>Refuses a method that was asked for, when it cannot do with what is given.</summary>
    /// <exception cref="WSManTransportException">What is missing.</exception>
    public static void Check(AuthenticationMethod method, Uri address, bool hasCredentials, bool hasCertificate)
    {
        var isLocalNegotiate = method == AuthenticationMethod.Negotiate && (address.IsLoopback || address.Scheme == Uri.UriSchemeHttps);
        if (method is AuthenticationMethod.Basic or AuthenticationMethod.Digest or AuthenticationMethod.Negotiate or AuthenticationMethod.CredSsp && !hasCredentials && !isLocalNegotiate)
        {
            throw Refuse(ClientErrors.ExplicitCredentialsRequired, $"With {method} explicit credentials are required.", "Give -username, and a password when asked.");
        }

        if (method == AuthenticationMethod.Kerberos && IsAddress(address))
        {
            throw Refuse(ClientErrors.KerberosByAddress, $"Kerberos knows services by name, and {address.Host} is an address.", "Connect by name, or use Negotiate with -username.");
        }

        if (method == AuthenticationMethod.Certificate && (!hasCertificate || address.Scheme != Uri.UriSchemeHttps))
        {
            throw new WSManTransportException(
                TransportFailure.Authentication, "A client certificate goes with https, and must be named.", "Use https and -certificate:THUMBPRINT or -certificate:FILE.pem.");
        }
    }

    /// <summary>Refuses to prove oneself to a service that proves nothing in return and is not trusted to be the right one.</summary>
    /// <param name="method">The method.</param>
    /// <param name="address">Where to.</param>
    /// <param name="mayBeKerberos">With Negotiate: Kerberos can be had, so the service can be made to prove itself.</param>
    /// <param name="isTrusted">The host is among the trusted ones.</param>
    /// <exception cref="WSManTransportException">The service is not trusted.</exception>
    public static void CheckTrust(AuthenticationMethod method, Uri address, bool mayBeKerberos, bool isTrusted)
    {
        // CredSSP has lists of its own, to which hosts a password may go at all.
        var provesNothing = method is AuthenticationMethod.Basic or AuthenticationMethod.Digest || (method == AuthenticationMethod.Negotiate && !mayBeKerberos);
        if (provesNothing && !isTrusted && !MayGoUnproved(address))
        {
            throw new WSManTransportException(
                TransportFailure.NotTrusted,
                $"{address} proves nothing about itself by {method} over HTTP, and {address.Host} is not among the trusted hosts.",
                $"Use https, or Kerberos with the name of the host; or trust the network there: TrustedHosts: {address.Host} in client.yaml, or --trusted-hosts {address.Host}.")
            {
                Code = ClientErrors.ServerNotTrusted,
            };
        }
    }

    /// <summary>True where the service need not prove itself beyond what TLS did, or is this machine.</summary>
    internal static bool MayGoUnproved(Uri address) => address.Scheme == Uri.UriSchemeHttps || address.IsLoopback;

    internal static bool IsAddress(Uri address) => IPAddress.TryParse(address.Host.Trim('[', ']'), out _);

    private static WSManTransportException Refuse(uint code, string problem, string fix) => new(TransportFailure.Authentication, problem, fix) { Code = code };
}
