using System.Globalization;
using Farwire.Linux.Systemd;

namespace Farwire.Daemon;

/// <summary>Tells the service manager again and again that the service answers; when it does not any more, the manager starts it anew.</summary>
/// <remarks>sd_watchdog_enabled(3). The service is asked as others ask it: over its socket.</remarks>
internal sealed class ServiceWatchdog : IAsyncDisposable
{
    private readonly CancellationTokenSource _end = new();
    private readonly Task _watching;

    private ServiceWatchdog(string socket, TimeSpan interval) => _watching = WatchAsync(socket, interval, _end.Token);

    /// <summary>Begins, when the manager asks for it; null when it does not.</summary>
    public static ServiceWatchdog? Begin(string socket) =>
        long.TryParse(Environment.GetEnvironmentVariable("WATCHDOG_USEC"), NumberStyles.None, CultureInfo.InvariantCulture, out var microseconds) && microseconds > 0
            ? new ServiceWatchdog(socket, TimeSpan.FromMicroseconds(microseconds) / 3)
            : null;

    public async ValueTask DisposeAsync()
    {
        await _end.CancelAsync().ConfigureAwait(false);
        await _watching.ConfigureAwait(false);
        _end.Dispose();
    }

    private static async Task WatchAsync(string socket, TimeSpan interval, CancellationToken end)
    {
        using var client = LocalEndpoint.Client(socket);
        client.Timeout = interval;
        using var timer = new PeriodicTimer(interval);
        try
        {
            do
            {
                try
                {
                    using var answer = await client.GetAsync(new Uri("http://localhost/health"), end).ConfigureAwait(false);
                    ServiceNotification.Send(ServiceNotification.Alive); // a listener that stays closed is no reason to start anew
                }
                catch (Exception e) when (e is HttpRequestException or TaskCanceledException && !end.IsCancellationRequested)
                {
                    await Console.Error.WriteLineAsync($"farwired: the service did not answer itself in time: {e.Message}").ConfigureAwait(false);
                }
            }
            while (await timer.WaitForNextTickAsync(end).ConfigureAwait(false));
        }
        catch (OperationCanceledException) when (end.IsCancellationRequested)
        {
            // The service ends.
        }
    }
}
