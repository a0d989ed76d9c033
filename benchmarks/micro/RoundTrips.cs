using BenchmarkDotNet.Attributes;
using Farwire.Providers;
using Farwire.Service.Dispatch;
using Farwire.Service.Resources;

namespace Farwire.Benchmarks.Micro;

/// <summary>The whole engine without a network: envelope in, envelope out.</summary>
public class RoundTrips : IAsyncDisposable
{
    private readonly Dispatcher _dispatcher = new(new ResourceCatalog().Add(CimProviders.Linux()));
    private readonly Caller _caller = Caller.Named("bench");

    [Benchmark]
    public Task<int> Identify() => RunAsync(Samples.Identify);

    [Benchmark]
    public Task<int> GetOperatingSystem() => RunAsync(Samples.Get);

    [GlobalCleanup]
    public async ValueTask DisposeAsync()
    {
        await _dispatcher.DisposeAsync();
        GC.SuppressFinalize(this);
    }

    private async Task<int> RunAsync(byte[] envelope)
    {
        using var reply = await _dispatcher.ProcessAsync(envelope, _caller, CancellationToken.None);
        return reply.IsFault ? throw new InvalidOperationException("The engine answered a fault.") : reply.Utf8.Length;
    }
}
