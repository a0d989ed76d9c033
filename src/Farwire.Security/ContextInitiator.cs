using Farwire.Security.Sealing;

namespace Farwire.Security;

/// <summary>Tokens of a mechanism in base64, as HTTP carries them: the client's side.</summary>
/// <remarks>RFC 4559, "HTTP Negotiate Authentication Scheme".</remarks>
public sealed class ContextInitiator(string scheme, ISecurityContext context) : ITokenInitiator
{
    private int _leg;

    /// <inheritdoc/>
    public string Scheme => scheme;

    /// <inheritdoc/>
    public string Step => $"{context.Mechanism}, leg {_leg}";

    /// <inheritdoc/>
    public bool IsComplete => context.IsComplete;

    /// <inheritdoc/>
    public IMessageSeal? Seal => context.Seal;

    /// <inheritdoc/>
    public async ValueTask<string?> StepAsync(string token, CancellationToken cancellationToken)
    {
        _leg++;
        var bytes = new byte[token.Length];
        if (!Convert.TryFromBase64String(token, bytes, out var length))
        {
            throw new SecurityTokenException($"The service's answer to {Step} is not base64.");
        }

        // Kerberos may ask its KDC over the network meanwhile, and knows no way to be told to stop.
        var reply = await Task.Run(() => context.Step(bytes.AsSpan(0, length)), cancellationToken).ConfigureAwait(false);
        return reply is null ? null : Convert.ToBase64String(reply);
    }

    /// <inheritdoc/>
    public void Dispose() => context.Dispose();
}
