using System.Security.Claims;
using Farwire.Security.Kerberos;
using Farwire.Security.Sealing;

namespace Farwire.Security.Spnego;

/// <summary>The service's side of SPNEGO.</summary>
/// <remarks>
/// RFC 4178, "Acceptor"; MS-SPNG. The steps: 1. choose the first of the client's mechanisms that we have; 2. if it is the client's own first, take
/// its token, else ask for a new one and for signatures over the list; 3. the mechanism's legs; 4. the signatures, when either side wants them.
/// </remarks>
internal sealed class SpnegoAcceptor(Func<string, ISecurityContext?> accept) : ISecurityContext
{
    private ISecurityContext? _inner;
    private NegTokenInit? _init;
    private string? _chosen;
    private bool _micNeeded;
    private bool _micSent;
    private bool _complete;

    public string Mechanism => _inner?.Mechanism ?? "SPNEGO";

    public bool IsComplete => _complete;

    public ClaimsPrincipal? Principal => _complete ? _inner!.Principal : null;

    public IMessageSeal? Seal => _complete ? _inner!.Seal : null;

    public DelegatedTickets? Tickets => _complete ? _inner!.Tickets : null;

    public byte[]? Step(ReadOnlySpan<byte> token)
    {
        if (_complete)
        {
            throw new SecurityTokenException("The SPNEGO handshake is over.");
        }

        return _init is null ? First(token.ToArray()) : Next(NegTokenResp.Read(token.ToArray()));
    }

    public byte[] Sign(ReadOnlySpan<byte> message) => _inner!.Sign(message);

    public void Verify(ReadOnlySpan<byte> message, ReadOnlySpan<byte> signature) => _inner!.Verify(message, signature);

    public void RestartKeyStreams() => _inner!.RestartKeyStreams();

    public void Dispose() => _inner?.Dispose();

    private byte[] First(byte[] token)
    {
        // 1
        _init = NegTokenInit.Read(token);
        var mechanisms = _init.Mechanisms;
        for (var i = 0; i < mechanisms.Count && _inner is null; i++)
        {
            _chosen = mechanisms[i];
            _inner = accept(_chosen);
            _micNeeded = i > 0;
        }

        if (_inner is null)
        {
            throw new SecurityTokenException("The client offers no mechanism that this service has.");
        }

        // 2. The two names of Kerberos are one mechanism: the token is good for either.
        if (_micNeeded && _inner.Mechanism == "Kerberos" && mechanisms[0] is MechanismIds.Kerberos or MechanismIds.KerberosOfWindows)
        {
            _micNeeded = false;
        }

        if (_micNeeded || _init.Token is null)
        {
            return new NegTokenResp { State = _micNeeded ? NegState.RequestMic : NegState.AcceptIncomplete, Mechanism = _chosen }.ToBytes();
        }

        return Advance(_init.Token, _init.Mic, _chosen);
    }

    private byte[] Next(NegTokenResp token)
    {
        if (token.State == NegState.Reject)
        {
            throw new SecurityTokenException("The client gave SPNEGO up.");
        }

        return Advance(token.Token, token.Mic, null);
    }

    private byte[] Advance(byte[]? token, byte[]? mic, string? chosen)
    {
        // 3
        byte[]? reply = null;
        if (!_inner!.IsComplete)
        {
            reply = _inner.Step(token ?? throw new SecurityTokenException("SPNEGO brings no token of its mechanism."));
        }

        if (!_inner.IsComplete)
        {
            return new NegTokenResp { State = NegState.AcceptIncomplete, Mechanism = chosen, Token = reply }.ToBytes();
        }

        // 4
        byte[]? ourMic = null;
        var list = _init!.MechanismList.Span;
        if (mic is { } theirs)
        {
            _inner.Verify(list, theirs);
        }

        if ((mic is not null || _micNeeded) && !_micSent)
        {
            ourMic = _inner.Sign(list);
            _micSent = true;
        }

        if (mic is not null)
        {
            _inner.RestartKeyStreams();
        }

        _complete = mic is not null || !_micNeeded;
        var state = _complete ? NegState.AcceptCompleted : NegState.AcceptIncomplete;
        return new NegTokenResp { State = state, Mechanism = chosen, Token = reply, Mic = ourMic }.ToBytes();
    }
}
