using System.Collections.Concurrent;
using Farwire.Client.Connection;
using Farwire.Client.ShellApi;

namespace Farwire.Peers.Tests.ShellApi;

/// <summary>A program that was written for the client shell API: it starts operations, and keeps what their callbacks are told.</summary>
internal sealed class Heard
{
    private readonly ConcurrentQueue<CallbackEvent> _told = new();
    private readonly TaskCompletionSource<CallbackEvent> _end = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public IReadOnlyList<CallbackEvent> All => [.. _told];

    public CallbackFlags Flags => _told.Aggregate(CallbackFlags.None, (flags, told) => flags | told.Flags);

    /// <summary>What was told at the end of the operation.</summary>
    public Task<CallbackEvent> End => _end.Task.WaitAsync(TimeSpan.FromSeconds(60), TestContext.Current.CancellationToken);

    public string Text => string.Concat(_told.Where(t => t.Data is { Name: "stdout" }).Select(t => System.Text.Encoding.UTF8.GetString(t.Data!.Data.Span)));

    public void Callback(CallbackEvent told)
    {
        Assert.False(_end.Task.IsCompleted, "something was told after the end");
        _told.Enqueue(told);
        if (told.Flags.HasFlag(CallbackFlags.EndOfOperation))
        {
            _end.SetResult(told);
        }
    }

    /// <summary>Starts an operation and waits for its end.</summary>
    public static async Task<CallbackEvent> RunAsync(Func<ShellCallback, ApiOperation> start)
    {
        var heard = new Heard();
        using var operation = start(heard.Callback);
        var end = await heard.End;
        await operation.Completion;
        return end;
    }

    /// <summary>The same for an operation that must not fail.</summary>
    public static async Task<CallbackEvent> DoneAsync(Func<ShellCallback, ApiOperation> start)
    {
        var end = await RunAsync(start);
        Assert.Null(end.Error);
        return end;
    }

    public static ApiSession Session(WSManShellApi api, RunningService service, int? port = null, Func<WSManConnectionOptions, WSManConnectionOptions>? more = null)
    {
        var address = port is null ? service.Https : new UriBuilder(service.Https) { Port = port.Value }.Uri.ToString();
        var session = api.CreateSession(address, ApiAuthentication.Basic, service.User, service.Password);
        session.Configure = options => (more ?? (o => o))(options with { CertificateSha256 = service.CertificateSha256 });
        return session;
    }
}
