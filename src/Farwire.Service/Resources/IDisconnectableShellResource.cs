using Farwire.Protocol.Shell;
using Farwire.Service.Dispatch;

namespace Farwire.Service.Resources;

/// <summary>A kind of shell that runs on while nobody is connected to it.</summary>
/// <remarks>MS-WSMV, "Disconnect", "Reconnect", "Connect".</remarks>
public interface IDisconnectableShellResource : IShellResource
{
    /// <summary>Leaves the shell; who waits for output is told.</summary>
    ValueTask DisconnectAsync(OperationContext context, Disconnect request);

    /// <summary>Returns to the shell, or a command of it, in the session that left.</summary>
    ValueTask ReconnectAsync(OperationContext context, Reconnect request);

    /// <summary>Takes the shell, or a command of it, over from another session.</summary>
    ValueTask<ConnectResponse> ConnectAsync(OperationContext context, Connect request);
}
