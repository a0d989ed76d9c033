using Farwire.Security.Sealing;

namespace Farwire.Security;

/// <summary>The client's side of one handshake on one connection.</summary>
public interface ITokenInitiator : IDisposable
{
    /// <summary>The scheme's name in <c>Authorization</c> and <c>WWW-Authenticate</c>.</summary>
    string Scheme { get; }

    /// <summary>The mechanism and the leg, for the message of a failure.</summary>
    string Step { get; }

    /// <summary>Nothing more is needed from the service, and it has proved what the mechanism lets it prove.</summary>
    bool IsComplete { get; }

    /// <summary>Seals messages once the context is complete; null when the mechanism cannot.</summary>
    IMessageSeal? Seal { get; }

    /// <summary>Takes the service's token (empty at first) and gives the next; null when there is none to send.</summary>
    /// <exception cref="SecurityTokenException">The service's token is wrong, or the mechanism cannot go on.</exception>
    ValueTask<string?> StepAsync(string token, CancellationToken cancellationToken);
}
