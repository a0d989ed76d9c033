using Farwire.Service.Dispatch;

namespace Farwire.Service.Roles;

/// <summary>A part of the service that is a process of its own: its messages are handed over as they came, with who sent them.</summary>
/// <remarks>Killed, it takes nothing else along; what is meant for it is answered with 503 until it is there again.</remarks>
public interface IRole
{
    /// <summary>What the URIs of its resources begin with.</summary>
    IReadOnlyList<string> Uris { get; }

    /// <summary>True for a message of this role.</summary>
    /// <param name="resourceUri">The resource that it names; may be empty.</param>
    /// <param name="path">What follows the service's own path in the address; may be empty.</param>
    bool Takes(string resourceUri, string path);

    /// <summary>Hands a message over and brings the answer.</summary>
    /// <exception cref="ServiceBusyException">The role does not run, or cannot take anything now.</exception>
    ValueTask<EncodedReply> ForwardAsync(ReadOnlyMemory<byte> utf8, Caller caller, string path, CancellationToken clientGone);
}
