using Farwire.Client.Connection;
using Farwire.Protocol.Envelope;
using Farwire.Protocol.Eventing;
using Farwire.Protocol.Faults;
using Farwire.Service.Subscriptions;

namespace Farwire.Hosting.Delivery;

/// <summary>The ways to subscribers over HTTP and HTTPS.</summary>
/// <remarks>
/// A subscriber proves itself by its certificate, which must be good, or over HTTP by Kerberos, which seals too. How this machine proves itself is what
/// the policy in e:NotifyTo asks; without one it does not. Clear text goes out only where the service takes it in.
/// </remarks>
internal sealed class HttpDeliveries(Func<bool> allowsUnencrypted) : IDeliveryChannels
{
    public IDeliveryChannel Open(EventingReference to)
    {
        if (!Uri.TryCreate(to.Address, UriKind.Absolute, out var address) || address.Scheme is not ("http" or "https"))
        {
            throw FaultCatalog.UnusableAddress.Fault($"'{to.Address}' is neither an http nor an https address.");
        }

        var method = MethodOf(to.Policy);
        if (address.Scheme == Uri.UriSchemeHttp && method == AuthenticationMethod.None && !allowsUnencrypted())
        {
            throw FaultCatalog.InsecureAddress.Fault($"'{to.Address}' is plain HTTP: use https, ask for Kerberos in the policy of e:NotifyTo, or let the service speak clear text (AllowUnencrypted).");
        }

        try
        {
            // Whoever asks for Kerberos over HTTP asks for sealing, also of a service that may speak clear text.
            return new Way(new HttpChannel(new WSManConnectionOptions { Address = address, Authentication = method, AllowUnencrypted = method == AuthenticationMethod.None && allowsUnencrypted() }), address);
        }
        catch (WSManTransportException e)
        {
            throw FaultCatalog.UnusableAddress.Fault(e.Message);
        }
    }

    private static AuthenticationMethod MethodOf(DeliveryPolicy? policy) => policy?.Profile switch
    {
        null => AuthenticationMethod.None,
        DeliveryPolicy.HttpKerberos or DeliveryPolicy.HttpsKerberos => AuthenticationMethod.Kerberos,
        var other => throw FaultCatalog.CannotComplyWithPolicy.Fault($"'{other}' is none of '{DeliveryPolicy.HttpKerberos}' and '{DeliveryPolicy.HttpsKerberos}'."),
    };

    private sealed class Way(HttpChannel channel, Uri address) : IDeliveryChannel
    {
        public async Task<ReceivedReply?> SendAsync(Request message, CancellationToken cancellationToken)
        {
            try
            {
                await foreach (var reply in channel.SendAsync(message, cancellationToken).ConfigureAwait(false))
                {
                    return reply;
                }

                return null;
            }
            catch (WSManTransportException e)
            {
                throw new DeliveryException($"{address} was not reached: {e.Message}", e);
            }
        }

        public ValueTask DisposeAsync() => channel.DisposeAsync();
    }
}
