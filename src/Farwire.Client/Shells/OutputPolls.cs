using System.Runtime.CompilerServices;
using Farwire.Client.Connection;
using Farwire.Protocol.Compression;
using Farwire.Protocol.Envelope;
using Farwire.Protocol.Faults;
using Farwire.Protocol.Names;
using Farwire.Protocol.Shell;

namespace Farwire.Client.Shells;

/// <summary>Asks for a command's output, or with a null id for the shell's own, again and again until it ends, one answer ahead of whoever uses it.</summary>
/// <remarks>MS-WSMV, "Receive": a long poll. Its time-out says only that there is nothing yet.</remarks>
internal sealed class OutputPolls(RemoteShell shell, string? commandId)
{
    private static readonly OptionSet KeepAlive = OptionSet.Of(new Option(ShellNames.KeepAlive, "TRUE"));

    /// <summary>What one compressed piece may become: a few bytes on the wire can stand for very many.</summary>
    private const int MaxPlainBytes = 64 * 1024 * 1024;

    private readonly Receive _receive = new(shell.OutputStreams) { CommandId = commandId };

    public async IAsyncEnumerable<ReceiveResponse> RunAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var next = PollAsync(stop.Token);
        try
        {
            while (true)
            {
                var response = await next.ConfigureAwait(false);
                if (response.IsDone)
                {
                    yield return response;
                    yield break;
                }

                next = PollAsync(stop.Token);
                yield return response;
            }
        }
        finally
        {
            if (!next.IsCompleted)
            {
                await stop.CancelAsync().ConfigureAwait(false);
            }

            await ((Task)next).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private async Task<ReceiveResponse> PollAsync(CancellationToken cancellationToken)
    {
        while (true)
        {
            var departures = shell.Departures;
            await shell.WhenConnectedAsync(cancellationToken).ConfigureAwait(false);
            try
            {
                using var reply = await shell.AskAsync(Actions.Receive, _receive, KeepAlive, cancellationToken).ConfigureAwait(false);
                var response = ReceiveResponse.Read(reply.Body);
                return shell.IsCompressed ? response with { Streams = [.. response.Streams.Select(Plain)] } : response;
            }
            catch (WSManFaultException e) when (e.Fault.Code == FaultCatalog.OperationTimedOut.Code)
            {
                // Nothing yet: the command runs on.
            }
            catch (WSManFaultException e) when (e.Fault.Code == FaultCatalog.ShellDisconnected.Code && shell.Departures != departures)
            {
                // The client has left meanwhile, and may even be back already.
            }
        }
    }

    private StreamData Plain(StreamData piece)
    {
        try
        {
            return piece with { Data = XpressStream.Decompress(piece.Data.Span, MaxPlainBytes) };
        }
        catch (InvalidDataException e)
        {
            throw new WSManTransportException(TransportFailure.NotSoap, $"The output is not compressed as agreed: {e.Message}", "Run the command without compression.", e);
        }
    }
}
