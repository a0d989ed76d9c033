using System.Collections.Concurrent;
using Farwire.Plugins;
using Farwire.Processes;
using Microsoft.Extensions.Logging;

namespace Farwire.Hosting.Plugins;

/// <summary>A process with one plug-in in it, seen from the service. Whoever uses it holds a use; without any it may be idle.</summary>
internal sealed class PluginProcess : IDisposable
{
    private const int MaxLineBytes = 4096;

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(15);
    private static readonly TimeSpan LastAnswers = TimeSpan.FromSeconds(1);

    private readonly RunningProcess _process;
    private readonly PluginChannel _channel;
    private readonly ConcurrentDictionary<int, PluginCommand> _commands = new();
    private int _lastCommand;
    private int _uses;
    private bool _isClosed;
    private long _lastUse;
    private Task? _ending;

    /// <summary>Takes a started process over.</summary>
    public PluginProcess(RunningProcess process, TimeProvider time, ILogger log, string name)
    {
        _process = process;
        _lastUse = time.GetTimestamp();
        Time = time;
        _channel = new PluginChannel(process.StandardOutput, process.StandardInput, ServeAsync);
        Ended = EndAsync();
        _ = TellAsync(process.StandardError, log, name);
    }

    /// <summary>Ends when the process does, asked or not.</summary>
    public Task Ended { get; }

    /// <summary>It was told to end.</summary>
    public bool IsStopping { get; private set; }

    /// <summary>Its id.</summary>
    public int Id => _process.Id;

    /// <summary>The process and all that it started.</summary>
    public RunningProcess Process => _process;

    private TimeProvider Time { get; }

    /// <summary>Begins a use; false when it ends or has ended.</summary>
    public bool TryEnter()
    {
        lock (_commands)
        {
            if (_isClosed || _channel.IsOver || Ended.IsCompleted)
            {
                return false;
            }

            _uses++;
            return true;
        }
    }

    /// <summary>Ends a use.</summary>
    public void Leave()
    {
        lock (_commands)
        {
            _uses--;
            _lastUse = Time.GetTimestamp();
        }
    }

    /// <summary>How long nobody has used it; when that is at least <paramref name="limit"/>, nobody can any more.</summary>
    public TimeSpan CloseWhenIdle(TimeSpan limit)
    {
        lock (_commands)
        {
            var idle = _uses > 0 ? TimeSpan.Zero : Time.GetElapsedTime(_lastUse);
            _isClosed |= idle >= limit;
            return idle;
        }
    }

    /// <summary>Asks the plug-in.</summary>
    public async Task<PluginReader> CallAsync(PluginCall call, Action<PluginWriter> write, CancellationToken cancellationToken) =>
        new(await CallRawAsync(call, write, cancellationToken).ConfigureAwait(false));

    /// <summary>Asks the plug-in for bytes.</summary>
    public Task<byte[]> CallRawAsync(PluginCall call, Action<PluginWriter> write, CancellationToken cancellationToken)
    {
        var message = new PluginWriter();
        write(message);
        return _channel.CallAsync(call, message.ToArray(), cancellationToken);
    }

    /// <summary>Tells the plug-in that a list or a shell is over. One that does not care keeps nobody waiting for ever.</summary>
    public async Task CloseAsync(PluginCall call, int number)
    {
        if (!Ended.IsCompleted)
        {
            using var patience = new CancellationTokenSource(Patience);
            await ((Task)CallRawAsync(call, message => message.Int32(number), patience.Token)).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    /// <summary>Runs a command in a shell of it: input, signals and output go on meanwhile.</summary>
    public async Task<int> RunAsync(int shell, PluginCommand command, CancellationToken cancellationToken)
    {
        var number = Interlocked.Increment(ref _lastCommand);
        _commands[number] = command;
        using var over = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        try
        {
            // shell, command, id, line, arguments, options → exit code
            var run = CallAsync(
                PluginCall.Run,
                message =>
                {
                    message.Int32(shell);
                    message.Int32(number);
                    message.Text(command.CommandId);
                    message.Text(command.CommandLine);
                    message.Many(command.Arguments, message.Text);
                    message.Write(command.Options);
                },
                cancellationToken);
            _ = FeedAsync(number, command, over.Token);
            _ = SignalAsync(number, command, over.Token);
            return (await run.ConfigureAwait(false)).Int32();
        }
        finally
        {
            await over.CancelAsync().ConfigureAwait(false);
            _commands.TryRemove(number, out _);
        }
    }

    /// <summary>Tells the plug-in to stop, and ends the process with all that it started.</summary>
    public async Task StopAsync(ShutdownReason reason)
    {
        lock (_commands)
        {
            _isClosed = true;
        }

        IsStopping = true;
        using var patience = new CancellationTokenSource(Patience);
        try
        {
            await CallAsync(PluginCall.Shutdown, message => message.Byte((byte)reason), patience.Token).ConfigureAwait(false);
        }
        catch (Exception e) when (e is OperationCanceledException or PluginProcessException or PluginException)
        {
            // One that does not stop in time, or not in peace, is ended all the same.
        }

        await KillAsync().ConfigureAwait(false);
    }

    /// <summary>Ends the process with all that it started.</summary>
    public async Task KillAsync()
    {
        await EndTreeAsync().ConfigureAwait(false);
        await Ended.ConfigureAwait(false);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _channel.Dispose();
        _process.Dispose();
    }

    private async Task EndAsync()
    {
        // 1. What it started may hold its pipes open when it is gone; one that closes them and goes on would be of no use to anybody.
        var channel = _channel.RunAsync();
        await Task.WhenAny(channel, _process.Exit).ConfigureAwait(false);
        await EndTreeAsync().ConfigureAwait(false);

        // 2. Its last answers are in the pipe still. 3. Whoever left its tree and holds the pipe keeps nobody waiting.
        await Task.WhenAny(channel, Task.Delay(LastAnswers)).ConfigureAwait(false);
        await _channel.EndAsync().ConfigureAwait(false);
    }

    // Once: the broker forgets a program whose tree has ended.
    private Task EndTreeAsync()
    {
        lock (_commands)
        {
            return _ending ??= _process.EndTreeAsync();
        }
    }

    private async ValueTask<byte[]> ServeAsync(PluginCall call, ReadOnlyMemory<byte> content, CancellationToken cancellationToken)
    {
        var message = new PluginReader(content);
        if (call != PluginCall.Output || !_commands.TryGetValue(message.Int32(), out var command))
        {
            throw new IOException("Nobody takes this.");
        }

        var dropped = await command.WriteAsync(message.Text(), message.Bytes(), (OutputFlags)message.Byte(), cancellationToken).ConfigureAwait(false);
        var answer = new PluginWriter();
        answer.Int64(dropped);
        return answer.ToArray();
    }

    private async Task FeedAsync(int number, PluginCommand command, CancellationToken over)
    {
        try
        {
            await foreach (var piece in command.Input.ReadAllAsync(over).ConfigureAwait(false))
            {
                await CallAsync(
                    PluginCall.Input,
                    message =>
                    {
                        message.Int32(number);
                        message.Text(piece.Stream);
                        message.Bytes(piece.Data.Span);
                        message.Flag(piece.IsEnd);
                    },
                    over).ConfigureAwait(false);
            }
        }
        catch (Exception e) when (e is OperationCanceledException or PluginProcessException)
        {
            // The command has ended, and takes no more.
        }
    }

    private async Task SignalAsync(int number, PluginCommand command, CancellationToken over)
    {
        try
        {
            await foreach (var signal in command.Signals.ReadAllAsync(over).ConfigureAwait(false))
            {
                await CallAsync(
                    PluginCall.Signal,
                    message =>
                    {
                        message.Int32(number);
                        message.Text(signal);
                    },
                    over).ConfigureAwait(false);
            }
        }
        catch (Exception e) when (e is OperationCanceledException or PluginProcessException)
        {
            // The command has ended.
        }
    }

    // A plug-in that prints without end and without line breaks costs no more than one line.
    private static async Task TellAsync(Stream errors, ILogger log, string name)
    {
        using var reader = new StreamReader(errors);
        var buffer = new char[MaxLineBytes];
        try
        {
            while (await reader.ReadAsync(buffer.AsMemory()).ConfigureAwait(false) is > 0 and var count)
            {
                foreach (var line in new string(buffer, 0, count).Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))
                {
                    Log.PluginSaid(log, name, line);
                }
            }
        }
        catch (Exception e) when (e is IOException or ObjectDisposedException)
        {
            // The process is gone.
        }
    }
}
