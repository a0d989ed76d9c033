using System.Diagnostics.CodeAnalysis;
using Farwire.Protocol.Shell;

namespace Farwire.Shells.Commands;

/// <summary>Input on its way to a command: one Send is being written, the next waits until it is.</summary>
/// <remarks>
/// A Send is taken whole or, when its time ends before the last one is through, not at all: the client may repeat it without doubling a byte.
/// </remarks>
[SuppressMessage("Design", "CA1001", Justification = "A semaphore without a wait handle holds memory alone.")]
internal sealed class InputQueue(Stream input)
{
    private readonly SemaphoreSlim _turn = new(1, 1);

    /// <summary>Returns when the command can take more than this.</summary>
    public async ValueTask SendAsync(IEnumerable<StreamData> pieces, CancellationToken cancellationToken)
    {
        await _turn.WaitAsync(cancellationToken).ConfigureAwait(false);
        _ = WriteAsync(pieces);
    }

    /// <summary>The end of the input, for commands to which nobody can write.</summary>
    public void Close() => _ = WriteAsync([new StreamData(StreamNames.Input, default) { End = true }], ownTurn: false);

    private async Task WriteAsync(IEnumerable<StreamData> pieces, bool ownTurn = true)
    {
        try
        {
            foreach (var piece in pieces)
            {
                await input.WriteAsync(piece.Data).ConfigureAwait(false);
                if (piece.End)
                {
                    await input.DisposeAsync().ConfigureAwait(false);
                }
            }
        }
        catch (Exception e) when (e is IOException or ObjectDisposedException)
        {
            // The command does not read any more. Windows discards such input too.
        }
        finally
        {
            if (ownTurn)
            {
                _turn.Release();
            }
        }
    }
}
