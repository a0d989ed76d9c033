namespace Farwire.Peers.Tests.Forwarding;

/// <summary>Waits for what other processes do, as long as a slow machine may take.</summary>
internal static class Waiting
{
    public static async Task UntilAsync(Func<Task<bool>> condition, Func<string> otherwise)
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        while (!await condition())
        {
            Assert.False(patience.IsCancellationRequested, otherwise());
            await Task.Delay(50);
        }
    }
}
