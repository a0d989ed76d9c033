using System.Buffers;
using System.IO.Pipelines;
using Farwire.Client.Shells;

namespace Farwire.Client.Files;

/// <summary>Input for a command, gathered into the largest pieces that an envelope takes: the next is filled while one is on its way.</summary>
internal sealed class CommandFeed : Stream
{
    private readonly RemoteCommand _command;
    private readonly Pipe _pipe;
    private readonly int _pieceBytes;
    private readonly Task _sending;
    private bool _ended;

    public CommandFeed(RemoteCommand command, int maxEnvelopeBytes)
    {
        _command = command;
        _pieceBytes = CommandInput.PieceBytes(maxEnvelopeBytes);
        _pipe = new Pipe(new PipeOptions(pauseWriterThreshold: 2 * _pieceBytes, resumeWriterThreshold: _pieceBytes, useSynchronizationContext: false));
        _sending = Task.Run(SendAsync);
    }

    public override bool CanRead => false;

    public override bool CanSeek => false;

    public override bool CanWrite => true;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    public override async ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
    {
        if ((await _pipe.Writer.WriteAsync(buffer, cancellationToken).ConfigureAwait(false)).IsCompleted)
        {
            await _sending.ConfigureAwait(false); // throws why nobody takes it any more
        }
    }

    public override Task WriteAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        WriteAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override void Write(byte[] buffer, int offset, int count) => WriteAsync(buffer.AsMemory(offset, count)).AsTask().GetAwaiter().GetResult();

    public override void Flush()
    {
    }

    public override Task FlushAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    /// <summary>The end of the input: everything has arrived, or it throws.</summary>
    public async Task EndAsync()
    {
        if (!_ended)
        {
            _ended = true;
            await _pipe.Writer.CompleteAsync().ConfigureAwait(false);
            await _sending.ConfigureAwait(false);
        }
    }

    private async Task SendAsync()
    {
        var buffer = ArrayPool<byte>.Shared.Rent(_pieceBytes);
        Exception? failure = null;
        try
        {
            while (await _pipe.Reader.ReadAsync().ConfigureAwait(false) is { } read && !(read.IsCompleted && read.Buffer.IsEmpty))
            {
                // A small piece waits for more while the source still writes.
                if (read.Buffer.Length < _pieceBytes && !read.IsCompleted)
                {
                    _pipe.Reader.AdvanceTo(read.Buffer.Start, read.Buffer.End);
                    continue;
                }

                var piece = read.Buffer.Slice(0, Math.Min(read.Buffer.Length, _pieceBytes));
                piece.CopyTo(buffer);
                var count = (int)piece.Length;
                _pipe.Reader.AdvanceTo(piece.End);
                await _command.StandardInput.WriteAsync(buffer.AsMemory(0, count)).ConfigureAwait(false);
            }

            await _command.StandardInput.DisposeAsync().ConfigureAwait(false);
        }
        catch (Exception e)
        {
            failure = e;
            throw;
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
            await _pipe.Reader.CompleteAsync(failure).ConfigureAwait(false);
        }
    }
}
