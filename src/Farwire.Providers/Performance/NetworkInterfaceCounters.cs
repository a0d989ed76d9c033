using Farwire.Linux.Network;

namespace Farwire.Providers.Performance;

/// <summary>Tcpip_NetworkInterface: the network interfaces.</summary>
internal sealed class NetworkInterfaceCounters : CounterSet<Link>
{
    public NetworkInterfaceCounters(LinuxSources linux)
        : base(linux)
    {
        var devices = new LinkDevices(linux.Paths);
        Rate("BytesReceivedPersec", l => l.Counters.ReceivedBytes);
        Rate("BytesSentPersec", l => l.Counters.SentBytes);
        Rate("BytesTotalPersec", l => l.Counters.ReceivedBytes + l.Counters.SentBytes);
        Level("CurrentBandwidth", l => devices.BitsPerSecond(l.Name) ?? 0);
        Rate("PacketsReceivedPersec", l => l.Counters.ReceivedPackets);
        Rate("PacketsSentPersec", l => l.Counters.SentPackets);
        Rate("PacketsPersec", l => l.Counters.ReceivedPackets + l.Counters.SentPackets);
        Rate("PacketsReceivedNonUnicastPersec", l => l.Counters.Multicast);
        Rate("PacketsReceivedUnicastPersec", l => l.Counters.ReceivedPackets - Math.Min(l.Counters.Multicast, l.Counters.ReceivedPackets));
        Level("PacketsReceivedErrors", l => l.Counters.ReceiveErrors);
        Level("PacketsReceivedDiscarded", l => l.Counters.ReceiveDropped);
        Level("PacketsOutboundErrors", l => l.Counters.SendErrors);
        Level("PacketsOutboundDiscarded", l => l.Counters.SendDropped);
    }

    protected override string Name => "Tcpip_NetworkInterface";

    protected override ValueTask<IReadOnlyList<(string? Name, Link Row)>> ReadAsync(CancellationToken cancellationToken) =>
        ValueTask.FromResult<IReadOnlyList<(string? Name, Link Row)>>([.. NetworkTables.Links().Select(l => ((string?)l.Name, l))]);
}
