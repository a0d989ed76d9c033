using System.Security.Cryptography.X509Certificates;
using Farwire.Client.Connection;
using Farwire.Events.Subscriptions;

namespace Farwire.Collector.Initiated;

/// <summary>What holds for all connections that the collector makes to sources.</summary>
public sealed record SourceConnectionOptions
{
    /// <summary>Passwords and events may go over plain HTTP to sources on other machines.</summary>
    public bool AllowUnencrypted { get; init; }

    /// <summary>Sources that may be talked to over HTTP though they prove nothing about themselves.</summary>
    public TrustedHosts TrustedHosts { get; init; } = TrustedHosts.None;

    /// <summary>Authorities of the sources' certificates; null is whom the system trusts.</summary>
    public X509Certificate2Collection? Authorities { get; init; }

    /// <summary>The keytab of this machine, for credentials of the type LocalMachine.</summary>
    public string MachineKeytab { get; init; } = Environment.GetEnvironmentVariable("KRB5_KTNAME") ?? "/etc/krb5.keytab";
}

/// <summary>How the collector reaches one source, and who it is there.</summary>
/// <remarks>
/// Windows Event Collector, "EC_SUBSCRIPTION_CREDENTIALS_TYPE". The source's own user comes before the common one. Default without a user takes the
/// tickets of the service's account, LocalMachine the machine's own key.
/// </remarks>
internal static class SourceConnection
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    public static WSManConnectionOptions Of(SubscriptionDefinition subscription, EventSource source, SourceConnectionOptions options)
    {
        var address = new UriBuilder(subscription.TransportName.ToLowerInvariant(), source.Address, subscription.EffectivePort, "/wsman").Uri;
        var isMachine = subscription.CredentialsType == CredentialsType.LocalMachine;
        var (user, password) = isMachine ? (null, null)
            : source.UserName is not null ? (source.UserName, source.Password)
            : (subscription.CommonUserName, subscription.CommonPassword);
        return new WSManConnectionOptions
        {
            Address = address,
            Authentication = subscription.CredentialsType switch
            {
                CredentialsType.Basic => AuthenticationMethod.Basic,
                CredentialsType.Digest => AuthenticationMethod.Digest,
                CredentialsType.Default when user is null => AuthenticationMethod.Kerberos,
                CredentialsType.LocalMachine => AuthenticationMethod.Kerberos,
                _ => AuthenticationMethod.Negotiate,
            },
            User = user,
            Password = password,
            KerberosKeytab = isMachine ? options.MachineKeytab : null,
            SpnPort = subscription.UseSpnPort,
            // Only what cannot seal goes in clear, and to this machine: nobody is in between.
            AllowUnencrypted = subscription.CredentialsType is CredentialsType.Basic or CredentialsType.Digest && (options.AllowUnencrypted || address.IsLoopback),
            TrustedHosts = options.TrustedHosts,
            TrustedAuthorities = options.Authorities,
            SkipRevocationCheck = options.Authorities is not null, // an authority of one's own seldom has a list
            OperationTimeout = Patience,
            Locale = subscription.Locale ?? "en-US",
        };
    }
}
