using System.Security.Claims;
using Farwire.Security.Sealing;

namespace Farwire.Security.Spnego;

/// <summary>The client's side of SPNEGO.</summary>
/// <remarks>
/// RFC 4178, "Initiator". The steps: 1. begin the first mechanism that can begin, and offer it and those after it; 2. if the service chooses another,
/// begin that one; 3. the mechanism's legs; 4. the signatures over the list: always with NTLM, and when the service chose or asked.
/// </remarks>
/// <param name="mechanisms">The mechanisms in the order we like them: identifier, and how to begin one.</param>
public sealed class SpnegoInitiator(IReadOnlyList<(string Id, Func<ISecurityContext> Begin)> mechanisms) : ISecurityContext
{
    private readonly List<string> _unavailable = [];
    private ISecurityContext? _inner;
    private byte[] _list = [];
    private string? _current;
    private IReadOnlyList<(string Id, Func<ISecurityContext> Begin)> _offered = [];
    private bool _micNeeded;
    private bool _micSent;
    private bool _complete;

    /// <inheritdoc/>
    public string Mechanism => _inner?.Mechanism ?? "SPNEGO";

    /// <inheritdoc/>
    public bool IsComplete => _complete;

    /// <inheritdoc/>
    public ClaimsPrincipal? Principal => null;

    /// <inheritdoc/>
    public IMessageSeal? Seal => _complete ? _inner!.Seal : null;

    /// <inheritdoc/>
    public byte[]? Step(ReadOnlySpan<byte> token)
    {
        if (_inner is null)
        {
            return First();
        }

        return _complete ? throw new SecurityTokenException("The service goes on after the end of SPNEGO.") : Next(NegTokenResp.Read(token.ToArray()));
    }

    /// <inheritdoc/>
    public byte[] Sign(ReadOnlySpan<byte> message) => _inner!.Sign(message);

    /// <inheritdoc/>
    public void Verify(ReadOnlySpan<byte> message, ReadOnlySpan<byte> signature) => _inner!.Verify(message, signature);

    /// <inheritdoc/>
    public void RestartKeyStreams() => _inner!.RestartKeyStreams();

    /// <inheritdoc/>
    public void Dispose() => _inner?.Dispose();

    private byte[] First()
    {
        // 1
        for (var i = 0; i < mechanisms.Count; i++)
        {
            var context = mechanisms[i].Begin();
            try
            {
                var token = context.Step([]);
                _inner = context;
                _current = mechanisms[i].Id;
                _offered = [.. mechanisms.Skip(i)];
                _list = NegTokenInit.Encode(_offered.Select(m => m.Id));
                return new NegTokenInit([], _list, token, null).ToBytes();
            }
            catch (SecurityTokenException e) when (e.IsUnavailable)
            {
                _unavailable.Add(e.Message);
                context.Dispose();
            }
        }

        throw new SecurityTokenException(string.Join(" ", _unavailable)) { IsUnavailable = true };
    }

    private byte[]? Next(NegTokenResp token)
    {
        if (token.State == NegState.Reject)
        {
            throw new SecurityTokenException("The service rejected every mechanism.");
        }

        // 2
        _micNeeded |= token.State == NegState.RequestMic;
        var reply = token.Mechanism is { } mechanism && !IsSame(mechanism, _current!) ? Switch(mechanism) : Advance(token);

        // 4. Theirs is checked whenever it comes; once both are there, or the service is content, it is over.
        byte[]? ourMic = null;
        if (_inner!.IsComplete)
        {
            if (!_micSent && (_micNeeded || token.Mic is not null || (_inner.Mechanism == "NTLM" && reply is not null)))
            {
                ourMic = _inner.Sign(_list);
                _micSent = true;
            }

            if (token.Mic is { } theirs)
            {
                _inner.Verify(_list, theirs);
                _inner.RestartKeyStreams();
                _complete = true;
            }
            else if (token.State == NegState.AcceptCompleted)
            {
                // Somebody in between could have cut the list short; the signature is what tells.
                _complete = !_micNeeded ? true : throw new SecurityTokenException("The service did not sign the list of mechanisms.");
            }
        }
        else if (token.State == NegState.AcceptCompleted)
        {
            throw new SecurityTokenException($"The service ended SPNEGO before {_inner.Mechanism} was done.");
        }

        return reply is null && ourMic is null ? null : new NegTokenResp { Token = reply, Mic = ourMic, State = _complete ? NegState.AcceptCompleted : NegState.AcceptIncomplete }.ToBytes();
    }

    private byte[]? Switch(string mechanism)
    {
        var chosen = _offered.FirstOrDefault(m => IsSame(m.Id, mechanism));
        if (chosen.Begin is null)
        {
            throw new SecurityTokenException($"The service chose the mechanism {mechanism}, which was not offered.");
        }

        _inner!.Dispose();
        _inner = chosen.Begin();
        _current = chosen.Id;
        _micNeeded = true;
        return _inner.Step([]);
    }

    private byte[]? Advance(NegTokenResp token)
    {
        // 3
        if (_inner!.IsComplete)
        {
            return null;
        }

        return token.Token is { } inner
            ? _inner.Step(inner)
            : throw new SecurityTokenException($"The service's answer has no token of {_inner.Mechanism}.");
    }

    private static bool IsSame(string a, string b) =>
        a == b || (a is MechanismIds.Kerberos or MechanismIds.KerberosOfWindows && b is MechanismIds.Kerberos or MechanismIds.KerberosOfWindows);
}
