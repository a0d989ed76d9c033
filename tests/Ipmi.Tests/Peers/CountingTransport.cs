namespace Farwire.Ipmi.Tests.Peers;

/// <summary>Counts what passes through.</summary>
internal sealed class CountingTransport(IIpmiTransport inner) : IIpmiTransport
{
    public int Requests { get; private set; }

    public string Address => inner.Address;

    public ValueTask<IpmiResponse> RequestAsync(IpmiRequest request, CancellationToken cancellationToken = default)
    {
        Requests++;
        return inner.RequestAsync(request, cancellationToken);
    }

    public ValueTask DisposeAsync() => inner.DisposeAsync();
}
