using Microsoft.Win32.SafeHandles;

namespace Farwire.CommandLine;

/// <summary>Standard output or error of this process, which tells when nobody reads it any more: who writes without end must end then.</summary>
/// <remarks>The runtime's own stream takes such bytes and says nothing.</remarks>
internal sealed class StandardStream(int descriptor, Action gone) : Stream
{
    private readonly FileStream _file = new(new SafeFileHandle(descriptor, ownsHandle: false), FileAccess.Write, bufferSize: 0);

    /// <summary>Opens it: a file is left to the runtime, which shares its place in the file with other programs as this stream would not.</summary>
    public static Stream Open(int descriptor, Func<Stream> otherwise, Action gone)
    {
        if (OperatingSystem.IsWindows())
        {
            return otherwise();
        }

        var stream = new StandardStream(descriptor, gone);
        return stream._file.CanSeek ? otherwise() : stream;
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

    public override void Write(ReadOnlySpan<byte> buffer)
    {
        try
        {
            _file.Write(buffer);
        }
        catch (IOException)
        {
            gone();
        }
    }

    public override void Write(byte[] buffer, int offset, int count) => Write(buffer.AsSpan(offset, count));

    public override ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
    {
        Write(buffer.Span);
        return ValueTask.CompletedTask;
    }

    public override Task WriteAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken)
    {
        Write(buffer.AsSpan(offset, count));
        return Task.CompletedTask;
    }

    public override void Flush()
    {
    }

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();
}
