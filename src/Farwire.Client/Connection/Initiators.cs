using System.Security.Cryptography.X509Certificates;
using Farwire.Security;
using Farwire.Security.ChannelBinding;
using Farwire.Security.CredSsp;
using Farwire.Security.Kerberos;
using Farwire.Security.Ntlm;
using Farwire.Security.Spnego;

namespace Farwire.Client.Connection;

/// <summary>From the options of a connection to the side of a handshake.</summary>
internal static class Initiators
{
    /// <summary>The initiator of <paramref name="method"/>.</summary>
    /// <exception cref="SecurityTokenException">It cannot be had for this address or user.</exception>
    public static ITokenInitiator Make(WSManConnectionOptions options, AuthenticationMethod method, X509Certificate2? serviceCertificate)
    {
        var binding = serviceCertificate is null ? null : TlsBinding.Of(serviceCertificate);
        return method switch
        {
            AuthenticationMethod.Negotiate => new ContextInitiator("Negotiate", Negotiate(options, binding)),
            AuthenticationMethod.Kerberos => new ContextInitiator("Kerberos", Kerberos(options, binding)),
            AuthenticationMethod.CredSsp => CredSsp(options),
            _ => throw new InvalidOperationException($"{method} has no handshake."),
        };
    }

    /// <summary>The password goes to services on a list alone, and to those that prove themselves by NTLM on a list of their own.</summary>
    private static CredSspInitiator CredSsp(WSManConnectionOptions options)
    {
        var credential = NtlmCredential.Of(options.User ?? throw new SecurityTokenException("CredSSP needs user and password; implicit credentials cannot be delegated."), options.Password ?? "");
        var host = options.Address.IdnHost;
        var byKerberos = DelegationList.Holds(options.DelegateTo, host);
        var byNtlm = DelegationList.Holds(options.DelegateToNtlm, host);
        return byKerberos || byNtlm
            ? new CredSspInitiator(credential, host, Negotiate(options, binding: null), mechanism => mechanism == "NTLM" ? byNtlm : byKerberos || byNtlm)
            : throw new SecurityTokenException($"WSMAN/{host} is not on the list of services that passwords may be delegated to (--delegate-to, --delegate-to-ntlm).");
    }

    /// <summary>Kerberos when the host has a name and the user may have a realm; NTLM when there is a password.</summary>
    internal static SpnegoInitiator Negotiate(WSManConnectionOptions options, TlsBinding? binding)
    {
        var mechanisms = new List<(string, Func<ISecurityContext>)>();
        if (MayBeKerberos(options))
        {
            mechanisms.Add((MechanismIds.Kerberos, () => Kerberos(options, binding)));
        }

        // A service that speaks NTLM shows that it knows the user, and not that it is the host: over HTTP that is for trusted hosts.
        var mayBeNtlm = AuthenticationChoice.MayGoUnproved(options.Address) || options.TrustedHosts.Holds(options.Address) || DelegationList.Holds(options.DelegateToNtlm, options.Address.IdnHost);
        if (options.User is not null && NtlmService.IsAvailable && mayBeNtlm)
        {
            var credential = NtlmCredential.Of(options.User, options.Password ?? "");
            mechanisms.Add((MechanismIds.Ntlm, () => new NtlmInitiator(credential, "HTTP/" + options.Address.IdnHost, binding, TimeProvider.System)));
        }

        return mechanisms.Count > 0
            ? new SpnegoInitiator(mechanisms)
            : throw new SecurityTokenException(
                options.User is not null && !mayBeNtlm ? "over HTTP NTLM goes to trusted hosts alone, and Kerberos is not to be had."
                : options.User is not null ? "this machine allows no MD5, so NTLM is not to be had, and Kerberos is not either."
                : IsAddress(options.Address) ? "without user and password there is Kerberos alone, and Kerberos knows names, not addresses."
                : "without user and password there is Kerberos alone, and its library (libgssapi_krb5.so.2) is not on this machine.");
    }

    /// <summary>The host has a name, the user may have a realm, and the library is there.</summary>
    internal static bool MayBeKerberos(WSManConnectionOptions options) =>
        !IsAddress(options.Address) && (options.User is null || options.User.AsSpan().IndexOfAny('@', '\\') >= 0) && KerberosInitiator.IsAvailable;

    internal static KerberosInitiator Kerberos(WSManConnectionOptions options, TlsBinding? binding)
    {
        if (IsAddress(options.Address))
        {
            throw new SecurityTokenException($"Kerberos knows services by name, and {options.Address.Host} is an address; connect by name, or use Negotiate with user and password.");
        }

        var credential = new KerberosCredential
        {
            User = options.User,
            Password = options.Password,
            Cache = options.KerberosCache,
            Keytab = options.KerberosKeytab,
            Delegate = options.DelegateCredentials,
        };
        var host = options.Address.IdnHost;
        return new KerberosInitiator(credential, $"{options.SpnService}@{host}{(options.SpnPort ? ":" + options.Address.Port : "")}", binding);
    }

    private static bool IsAddress(Uri address) => AuthenticationChoice.IsAddress(address);
}
