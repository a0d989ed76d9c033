using Farwire.Protocol.Faults;
using Farwire.Protocol.Xml;

namespace Farwire.Protocol.Envelope;

/// <summary>A message from service to client.</summary>
/// <param name="Headers">What it answers.</param>
/// <param name="Body">What it brings; a <see cref="WSManFault"/> when the request failed.</param>
public sealed record Reply(MessageHeaders Headers, IBody Body)
{
    /// <summary>The body is a fault; over HTTP the status is then 500.</summary>
    public bool IsFault => Body is WSManFault;
}

/// <summary>A reply as it arrived: headers read, body still on the wire. Dispose it after the body was read.</summary>
/// <param name="headers">What it answers.</param>
/// <param name="body">Stands at the first element inside <c>s:Body</c>, or at none.</param>
/// <param name="fault">The fault, when the body is one.</param>
public sealed class ReceivedReply(MessageHeaders headers, BodyReader body, WSManFault? fault) : IDisposable
{
    private IDisposable? _buffer;

    /// <summary>What it answers.</summary>
    public MessageHeaders Headers { get; } = headers;

    /// <summary>Stands at the first element inside <c>s:Body</c>, or at none.</summary>
    public BodyReader Body { get; } = body;

    /// <summary>The fault, when the body is one.</summary>
    public WSManFault? Fault { get; } = fault;

    /// <summary>Lets the reply own the buffer its body is read from.</summary>
    public ReceivedReply Owning(IDisposable buffer)
    {
        _buffer = buffer;
        return this;
    }

    /// <summary>Throws the fault, if there is one.</summary>
    /// <exception cref="WSManFaultException">The service refused.</exception>
    public ReceivedReply EnsureSuccess() => Fault is null ? this : throw new WSManFaultException(Fault);

    /// <inheritdoc/>
    public void Dispose()
    {
        Body.Dispose();
        _buffer?.Dispose();
        _buffer = null;
    }
}
