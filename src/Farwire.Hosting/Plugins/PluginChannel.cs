using System.Buffers;
using System.Buffers.Binary;
using System.Collections.Concurrent;
using Farwire.Plugins;

namespace Farwire.Hosting.Plugins;

/// <summary>Calls in both directions over two pipes, many at a time, each with an answer, a failure, or a cancellation.</summary>
/// <remarks>The other side may be anybody's code: frames have a limit before they have memory, and an unknown one ends the channel.</remarks>
internal sealed class PluginChannel(Stream input, Stream output, Func<PluginCall, ReadOnlyMemory<byte>, CancellationToken, ValueTask<byte[]>> serve) : IDisposable
{
    private const int HeaderBytes = 10; // length of the rest, kind of frame, number of the call, kind of call
    private const int MaxFrameBytes = 64 * 1024 * 1024;
    private const int MaxCallsServed = 10_000;

    private readonly ConcurrentDictionary<uint, TaskCompletionSource<byte[]>> _asked = new();
    private readonly ConcurrentDictionary<uint, CancellationTokenSource> _served = new();
    private readonly SemaphoreSlim _turn = new(1);
    private uint _last;
    private volatile bool _isOver;

    private enum Frame : byte
    {
        Call = 1,
        Answer,
        Failure,
        Cancel,
    }

    /// <summary>Nothing comes any more.</summary>
    public bool IsOver => _isOver;

    /// <summary>Asks the other side.</summary>
    /// <exception cref="PluginException">The plug-in refuses.</exception>
    /// <exception cref="PluginProcessException">The plug-in failed, or its process ended.</exception>
    public async Task<byte[]> CallAsync(PluginCall call, ReadOnlyMemory<byte> content, CancellationToken cancellationToken)
    {
        var id = Interlocked.Increment(ref _last);
        var answer = new TaskCompletionSource<byte[]>(TaskCreationOptions.RunContinuationsAsynchronously);
        _asked[id] = answer;
        try
        {
            if (_isOver)
            {
                throw Over();
            }

            await _turn.WaitAsync(cancellationToken).ConfigureAwait(false);
            return await AskAsync(id, call, content, answer, cancellationToken).ConfigureAwait(false);
        }
        finally
        {
            _asked.TryRemove(id, out _);
        }
    }

    /// <summary>Serves the other side until it is gone.</summary>
    public async Task RunAsync()
    {
        try
        {
            var header = new byte[HeaderBytes];
            while (await input.ReadAtLeastAsync(header, HeaderBytes, throwOnEndOfStream: false).ConfigureAwait(false) == HeaderBytes)
            {
                var length = BinaryPrimitives.ReadInt32LittleEndian(header) - (HeaderBytes - 4);
                if (length is < 0 or > MaxFrameBytes)
                {
                    return;
                }

                var content = length == 0 ? [] : GC.AllocateUninitializedArray<byte>(length);
                await input.ReadExactlyAsync(content).ConfigureAwait(false);
                var id = BinaryPrimitives.ReadUInt32LittleEndian(header.AsSpan(5));
                switch ((Frame)header[4])
                {
                    case Frame.Call when _served.Count < MaxCallsServed:
                        var source = new CancellationTokenSource();
                        _served[id] = source;
                        _ = ServeAsync(id, (PluginCall)header[9], content, source);
                        break;
                    case Frame.Answer when _asked.TryGetValue(id, out var answered):
                        answered.TrySetResult(content);
                        break;
                    case Frame.Failure when _asked.TryGetValue(id, out var failed):
                        failed.TrySetException(PluginFailure.Read(content));
                        break;
                    case Frame.Cancel when _served.TryGetValue(id, out var running):
                        await running.CancelAsync().ConfigureAwait(false);
                        break;
                    case Frame.Answer or Frame.Failure or Frame.Cancel:
                        break; // whoever asked has gone, or what was asked has ended
                    default:
                        return;
                }
            }
        }
        catch (Exception e) when (e is IOException or EndOfStreamException or ObjectDisposedException)
        {
            // The other side is gone, in the middle of a frame.
        }
        finally
        {
            await EndAsync().ConfigureAwait(false);
        }
    }

    /// <summary>Nothing comes any more: what was asked fails, what is served is cancelled.</summary>
    public async Task EndAsync()
    {
        _isOver = true;
        foreach (var source in _served.Values)
        {
            await source.CancelAsync().ConfigureAwait(false);
        }

        foreach (var answer in _asked.Values)
        {
            answer.TrySetException(Over());
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _isOver = true;
        input.Dispose();
        output.Dispose();
    }

    // A frame that has begun is written to its end, whoever goes meanwhile: another would come in its middle. One that reads nothing holds up nobody so.
    private async Task<byte[]> AskAsync(uint id, PluginCall call, ReadOnlyMemory<byte> content, TaskCompletionSource<byte[]> answer, CancellationToken cancellationToken)
    {
        _ = SendInTurnAsync(Frame.Call, id, call, content);
        try
        {
            using var cancelled = cancellationToken.UnsafeRegister(_ => answer.TrySetCanceled(cancellationToken), null);
            return await answer.Task.ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested && !_isOver)
        {
            _ = SendAsync(Frame.Cancel, id, call, default);
            throw;
        }
    }

    private static PluginProcessException Over() => new("The process of the plug-in has ended.");

    private async Task ServeAsync(uint id, PluginCall call, byte[] content, CancellationTokenSource source)
    {
        await Task.Yield(); // a plug-in that computes must not hold up the frames behind it
        Frame frame;
        byte[] answer;
        try
        {
            answer = await serve(call, content, source.Token).ConfigureAwait(false);
            frame = Frame.Answer;
        }
        catch (Exception e)
        {
            answer = PluginFailure.Write(e);
            frame = Frame.Failure;
        }

        // Not disposed: a cancellation that comes at this moment would end the channel. Without a timer it holds memory alone.
        _served.TryRemove(id, out _);
        await SendAsync(frame, id, call, answer).ConfigureAwait(false);
    }

    private async Task SendAsync(Frame frame, uint id, PluginCall call, ReadOnlyMemory<byte> content)
    {
        await _turn.WaitAsync().ConfigureAwait(false);
        await SendInTurnAsync(frame, id, call, content).ConfigureAwait(false);
    }

    private async Task SendInTurnAsync(Frame frame, uint id, PluginCall call, ReadOnlyMemory<byte> content)
    {
        var length = HeaderBytes + content.Length;
        var bytes = ArrayPool<byte>.Shared.Rent(length);
        BinaryPrimitives.WriteInt32LittleEndian(bytes, length - 4);
        bytes[4] = (byte)frame;
        BinaryPrimitives.WriteUInt32LittleEndian(bytes.AsSpan(5), id);
        bytes[9] = (byte)call;
        content.CopyTo(bytes.AsMemory(HeaderBytes));
        try
        {
            await output.WriteAsync(bytes.AsMemory(0, length)).ConfigureAwait(false);
            await output.FlushAsync().ConfigureAwait(false);
        }
        catch (Exception e) when (e is IOException or ObjectDisposedException)
        {
            // Who waits for an answer learns of the end where frames are read.
        }
        finally
        {
            _turn.Release();
            ArrayPool<byte>.Shared.Return(bytes);
        }
    }
}
