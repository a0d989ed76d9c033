using Farwire.Protocol.Shell;

namespace Farwire.Client.ShellApi;

/// <summary>Hears what becomes of an operation, one call after the other.</summary>
/// <param name="told">What is told.</param>
public delegate void ShellCallback(CallbackEvent told);

/// <summary>What a callback is told.</summary>
/// <param name="Flags">What happened.</param>
/// <param name="Operation">The operation it is about.</param>
/// <remarks>WSMan API, "WSMAN_SHELL_COMPLETION_FUNCTION".</remarks>
public sealed record CallbackEvent(CallbackFlags Flags, ApiOperation Operation)
{
    /// <summary>Why it failed; null when it did not.</summary>
    public ApiError? Error { get; init; }

    /// <summary>The shell, once it is open.</summary>
    public ApiShell? Shell { get; init; }

    /// <summary>The command, once it runs.</summary>
    public ApiCommand? Command { get; init; }

    /// <summary>A piece of output.</summary>
    public StreamData? Data { get; init; }

    /// <summary>The command's state with its output: a URI that ends in Pending, Running or Done.</summary>
    public string? CommandState { get; init; }

    /// <summary>The command's code, once it is done.</summary>
    public int? ExitCode { get; init; }

    /// <summary>What the service answered to <c>Connect</c>, XML; null when it said nothing.</summary>
    public string? ConnectResponseXml { get; init; }
}

/// <summary>Something under way. Closing it gives it up.</summary>
/// <remarks>WSMan API, "Asynchronous operations": its callback is called until it is told <see cref="CallbackFlags.EndOfOperation"/>, and never after.</remarks>
public sealed class ApiOperation : IDisposable
{
    private readonly CancellationTokenSource _closed = new();
    private readonly ShellCallback _callback;
    private readonly Lock _turn = new();
    private Task _work = Task.CompletedTask;

    private ApiOperation(ShellCallback callback) => _callback = callback;

    /// <summary>Ends when the callback has heard the end.</summary>
    public Task Completion => _work;

    /// <summary>Gives it up: the callback hears the error 995 with the end of the operation.</summary>
    [WSManFunction("WSManCloseOperation")]
    public async Task CloseAsync()
    {
        await _closed.CancelAsync().ConfigureAwait(false);
        await _work.ConfigureAwait(false);
    }

    /// <inheritdoc/>
    public void Dispose() => _closed.Dispose();

    /// <summary>Starts an operation; what <paramref name="work"/> answers is told at its end.</summary>
    internal static ApiOperation Start(WSManShellApi api, ShellCallback callback, Func<ApiOperation, CancellationToken, Task<CallbackEvent>> work)
    {
        var operation = new ApiOperation(callback);
        operation._work = Task.Run(() => operation.RunAsync(work));
        api.Keep(operation);
        return operation;
    }

    internal void Tell(CallbackEvent told)
    {
        lock (_turn)
        {
            _callback(told);
        }
    }

    private async Task RunAsync(Func<ApiOperation, CancellationToken, Task<CallbackEvent>> work)
    {
        CallbackEvent last;
        try
        {
            last = await work(this, _closed.Token).ConfigureAwait(false);
        }
        catch (Exception e)
        {
            // Whatever it is, the callback is the only one who can hear it.
            last = new CallbackEvent(CallbackFlags.None, this) { Error = ApiError.Of(e) };
        }

        Tell(last with { Flags = last.Flags | CallbackFlags.EndOfOperation });
    }
}
