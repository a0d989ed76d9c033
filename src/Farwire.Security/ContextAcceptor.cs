namespace Farwire.Security;

/// <summary>Tokens of a mechanism in base64, as HTTP carries them: the service's side.</summary>
/// <remarks>RFC 4559, "HTTP Negotiate Authentication Scheme".</remarks>
internal sealed class ContextAcceptor(ContextFactory begin) : ITokenAcceptor
{
    private ISecurityContext? _context;

    public ValueTask<TokenStep> StepAsync(string token, CancellationToken cancellationToken)
    {
        var bytes = new byte[token.Length];
        if (!Convert.TryFromBase64String(token, bytes, out var length) || length == 0)
        {
            return ValueTask.FromResult(TokenStep.Refused);
        }

        try
        {
            _context ??= begin(bytes.AsSpan(0, length));
            return ValueTask.FromResult(_context is null ? TokenStep.Refused : Step(_context, bytes.AsSpan(0, length)));
        }
        catch (SecurityTokenException e)
        {
            return ValueTask.FromResult(TokenStep.RefusedFor(e.Message));
        }
    }

    public void Dispose() => _context?.Dispose();

    private static TokenStep Step(ISecurityContext context, ReadOnlySpan<byte> token)
    {
        var reply = context.Step(token) is { } bytes ? Convert.ToBase64String(bytes) : null;
        if (context.IsComplete)
        {
            return TokenStep.Accepted(context.Principal!, reply, context.Seal, context.Tickets);
        }

        return reply is null ? TokenStep.Refused : TokenStep.Continue(reply);
    }
}

/// <summary>Makes the context that a first token asks for; null when there is none.</summary>
internal delegate ISecurityContext? ContextFactory(ReadOnlySpan<byte> token);
