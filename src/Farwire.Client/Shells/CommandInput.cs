using Farwire.Protocol.Compression;
using Farwire.Protocol.Envelope;
using Farwire.Protocol.Faults;
using Farwire.Protocol.Names;
using Farwire.Protocol.Shell;

namespace Farwire.Client.Shells;

/// <summary>A command's standard input: each write is one Send, or several when it does not fit into an envelope.</summary>
/// <remarks>MS-WSMV, "Send". A Send goes beside the pending Receive, on a connection of its own.</remarks>
internal sealed class CommandInput(RemoteShell shell, string commandId) : Stream
{
    private const string Name = "stdin";

    /// <summary>What an envelope needs beside the data.</summary>
    private const int EnvelopeBytes = 4096;

    private readonly int _pieceBytes = PieceBytes(shell.MaxEnvelopeBytes);
    private bool _ended;

    /// <summary>The data for which one envelope has room, as base64.</summary>
    internal static int PieceBytes(int maxEnvelopeBytes) => (maxEnvelopeBytes - EnvelopeBytes) / 4 * 3;

    public override bool CanRead => false;

    public override bool CanSeek => false;

    public override bool CanWrite => !_ended;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    public override async ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
    {
        ObjectDisposedException.ThrowIf(_ended, this);
        while (!buffer.IsEmpty)
        {
            var piece = buffer[..Math.Min(buffer.Length, _pieceBytes)];
            buffer = buffer[piece.Length..];
            var data = shell.IsCompressed ? XpressStream.Compress(piece.Span) : piece;
            await SendAsync(shell, new StreamData(Name, data) { CommandId = commandId }, cancellationToken).ConfigureAwait(false);
        }
    }

    public override Task WriteAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        WriteAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    // A synchronous caller has asked to wait.
    public override void Write(byte[] buffer, int offset, int count) => WriteAsync(buffer.AsMemory(offset, count)).AsTask().GetAwaiter().GetResult();

    public override void Flush()
    {
    }

    public override Task FlushAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    /// <summary>The end of the input.</summary>
    public override async ValueTask DisposeAsync()
    {
        if (!_ended)
        {
            _ended = true;
            await SendAsync(shell, new StreamData(Name, default) { CommandId = commandId, End = true }, CancellationToken.None).ConfigureAwait(false);
        }

        await base.DisposeAsync().ConfigureAwait(false);
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing && !_ended)
        {
            DisposeAsync().AsTask().GetAwaiter().GetResult();
        }

        base.Dispose(disposing);
    }

    /// <summary>One Send, again and again until the service takes it.</summary>
    internal static async Task SendAsync(RemoteShell shell, StreamData piece, CancellationToken cancellationToken)
    {
        await shell.SendTurn.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            while (true)
            {
                try
                {
                    using var reply = await shell.AskAsync(Actions.Send, new Send([piece]), OptionSet.Empty, cancellationToken).ConfigureAwait(false);
                    if (piece.End)
                    {
                        _ = shell.EndAsync(reply); // beside what follows; nobody waits for it
                    }

                    return;
                }
                catch (WSManFaultException e) when (e.Fault.Code == FaultCatalog.OperationTimedOut.Code)
                {
                    // The command does not read at present; the service has taken nothing of this piece.
                }
            }
        }
        finally
        {
            shell.SendTurn.Release();
        }
    }
}
