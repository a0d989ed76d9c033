namespace Farwire.Security;

/// <summary>The service's side of one handshake on one connection.</summary>
/// <remarks>Schemes of several legs keep their state between steps; the connection disposes of it.</remarks>
public interface ITokenAcceptor : IDisposable
{
    /// <summary>Takes the client's token: what follows the scheme's name.</summary>
    ValueTask<TokenStep> StepAsync(string token, CancellationToken cancellationToken);
}
