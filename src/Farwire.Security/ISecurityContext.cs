using System.Security.Claims;
using Farwire.Security.Kerberos;
using Farwire.Security.Sealing;

namespace Farwire.Security;

/// <summary>One side of a mechanism: tokens in, tokens out, then signatures and sealed messages.</summary>
/// <remarks>RFC 2743, "Security contexts". Calls come one after another; any exception leaves the context useless.</remarks>
public interface ISecurityContext : IDisposable
{
    /// <summary>The mechanism's name, for messages.</summary>
    string Mechanism { get; }

    /// <summary>The last token was taken or given.</summary>
    bool IsComplete { get; }

    /// <summary>Who the client is: on the service's side, when complete.</summary>
    ClaimsPrincipal? Principal { get; }

    /// <summary>Seals messages, when complete; null when no sealing was negotiated.</summary>
    IMessageSeal? Seal { get; }

    /// <summary>What the client left to be used in its name: on the service's side, when complete. They end with the context.</summary>
    DelegatedTickets? Tickets => null;

    /// <summary>Takes the peer's token and gives ours; null when there is none to send.</summary>
    /// <exception cref="SecurityTokenException">The token is wrong.</exception>
    byte[]? Step(ReadOnlySpan<byte> token);

    /// <summary>Signs <paramref name="message"/>.</summary>
    byte[] Sign(ReadOnlySpan<byte> message);

    /// <summary>Checks the peer's signature.</summary>
    /// <exception cref="SecurityTokenException">It does not fit.</exception>
    void Verify(ReadOnlySpan<byte> message, ReadOnlySpan<byte> signature);

    /// <summary>MS-SPNG, "NTLM": after the signatures over the list of mechanisms the key streams begin anew; the numbers go on.</summary>
    void RestartKeyStreams()
    {
    }
}
