namespace Farwire.Security.CredSsp;

/// <summary>The wire that TLS believes it has: bytes are put in and taken out between HTTP requests.</summary>
internal sealed class MemoryDuplex : Stream
{
    private readonly Lock _lock = new();
    private readonly MemoryStream _output = new();
    private byte[] _input = [];
    private int _at;
    private TaskCompletionSource? _fed;
    private TaskCompletionSource _starved = New();
    private bool _ended;

    public override bool CanRead => true;

    public override bool CanSeek => false;

    public override bool CanWrite => true;

    public override long Length => throw new NotSupportedException();

    public override long Position { get => throw new NotSupportedException(); set => throw new NotSupportedException(); }

    /// <summary>Ends when TLS wants bytes that are not there.</summary>
    public Task Starved => _starved.Task;

    /// <summary>Gives TLS the peer's bytes.</summary>
    public void Feed(ReadOnlySpan<byte> bytes)
    {
        TaskCompletionSource? fed;
        lock (_lock)
        {
            _input = [.. _input.AsSpan(_at), .. bytes];
            _at = 0;
            _starved = New();
            (fed, _fed) = (_fed, null);
        }

        fed?.TrySetResult();
    }

    /// <summary>Takes what TLS wrote.</summary>
    public byte[] Take()
    {
        lock (_lock)
        {
            var bytes = _output.ToArray();
            _output.SetLength(0);
            return bytes;
        }
    }

    public override int Read(Span<byte> buffer)
    {
        lock (_lock)
        {
            var count = Math.Min(buffer.Length, _input.Length - _at);
            _input.AsSpan(_at, count).CopyTo(buffer);
            _at += count;
            return count;
        }
    }

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        while (true)
        {
            Task fed;
            lock (_lock)
            {
                var count = Read(buffer.Span);
                if (count > 0 || _ended || buffer.Length == 0)
                {
                    return count;
                }

                _fed ??= New();
                fed = _fed.Task;
                _starved.TrySetResult();
            }

            await fed.WaitAsync(cancellationToken).ConfigureAwait(false);
        }
    }

    public override void Write(ReadOnlySpan<byte> buffer)
    {
        lock (_lock)
        {
            _output.Write(buffer);
        }
    }

    public override ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
    {
        Write(buffer.Span);
        return ValueTask.CompletedTask;
    }

    public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));

    public override void Write(byte[] buffer, int offset, int count) => Write(buffer.AsSpan(offset, count));

    public override void Flush()
    {
    }

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    protected override void Dispose(bool disposing)
    {
        TaskCompletionSource? fed;
        lock (_lock)
        {
            _ended = true;
            fed = _fed;
        }

        fed?.TrySetResult();
        base.Dispose(disposing);
    }

    private static TaskCompletionSource New() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}
