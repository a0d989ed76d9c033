using Farwire.Protocol.Shell;
using Farwire.Service.Dispatch;

namespace Farwire.Service.Resources;

/// <summary>A kind of remote shell. The selector <c>ShellId</c> names the shell in every operation but Create.</summary>
/// <remarks>MS-WSMV, "Remote shells".</remarks>
public interface IShellResource : IResource
{
    /// <summary>Opens a shell.</summary>
    ValueTask<ShellInstance> CreateAsync(OperationContext context, CreateShell request);

    /// <summary>Starts a command.</summary>
    ValueTask<CommandResponse> CommandAsync(OperationContext context, CommandLine request);

    /// <summary>Takes input; returns when the command can take more.</summary>
    ValueTask<SendResponse> SendAsync(OperationContext context, Send request);

    /// <summary>
    /// Waits for output or the end. Faults with <c>FaultCatalog.OperationTimedOut</c> when <c>OperationContext.Cancellation</c> ends first,
    /// which an <see cref="OperationCanceledException"/> says as well.
    /// </summary>
    ValueTask<ReceiveResponse> ReceiveAsync(OperationContext context, Receive request);

    /// <summary>Interrupts or ends a command.</summary>
    ValueTask<SignalResponse> SignalAsync(OperationContext context, Signal request);

    /// <summary>Closes the shell and ends all that runs in it.</summary>
    ValueTask DeleteAsync(OperationContext context);
}
