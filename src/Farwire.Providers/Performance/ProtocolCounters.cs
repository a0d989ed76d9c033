using Farwire.Linux.Performance;

namespace Farwire.Providers.Performance;

/// <summary>What the kernel counts of a protocol.</summary>
/// <remarks>RFC 4022, RFC 4113, RFC 4293: the kernel's names are theirs.</remarks>
internal abstract class ProtocolCounters(LinuxSources linux) : CounterSet<KernelNumbers>(linux)
{
    protected override ValueTask<IReadOnlyList<(string? Name, KernelNumbers Row)>> ReadAsync(CancellationToken cancellationToken) =>
        ValueTask.FromResult<IReadOnlyList<(string? Name, KernelNumbers Row)>>(Read() is var numbers && numbers.Has(Proof) ? [(null, numbers)] : []);

    /// <summary>A number that is there when the protocol is.</summary>
    protected abstract string Proof { get; }

    protected virtual KernelNumbers Read() => KernelNumbers.ReadPairs(Linux.Paths, "net/snmp");
}

/// <summary>Tcpip_TCPv4: TCP. The kernel counts both versions of IP together.</summary>
internal sealed class TcpCounters : ProtocolCounters
{
    public TcpCounters(LinuxSources linux)
        : base(linux)
    {
        Level("ConnectionFailures", k => k["Tcp.AttemptFails"]);
        Level("ConnectionsActive", k => k["Tcp.ActiveOpens"]);
        Level("ConnectionsEstablished", k => k["Tcp.CurrEstab"]);
        Level("ConnectionsPassive", k => k["Tcp.PassiveOpens"]);
        Level("ConnectionsReset", k => k["Tcp.EstabResets"]);
        Rate("SegmentsPersec", k => k["Tcp.InSegs"] + k["Tcp.OutSegs"]);
        Rate("SegmentsReceivedPersec", k => k["Tcp.InSegs"]);
        Rate("SegmentsRetransmittedPersec", k => k["Tcp.RetransSegs"]);
        Rate("SegmentsSentPersec", k => k["Tcp.OutSegs"]);
    }

    protected override string Name => "Tcpip_TCPv4";

    protected override string Proof => "Tcp.InSegs";
}

/// <summary>Tcpip_UDPv4: UDP over IPv4.</summary>
internal sealed class UdpCounters : ProtocolCounters
{
    public UdpCounters(LinuxSources linux)
        : base(linux)
    {
        Rate("DatagramsNoPortPersec", k => k["Udp.NoPorts"]);
        Rate("DatagramsPersec", k => k["Udp.InDatagrams"] + k["Udp.OutDatagrams"]);
        Level("DatagramsReceivedErrors", k => k["Udp.InErrors"]);
        Rate("DatagramsReceivedPersec", k => k["Udp.InDatagrams"]);
        Rate("DatagramsSentPersec", k => k["Udp.OutDatagrams"]);
    }

    protected override string Name => "Tcpip_UDPv4";

    protected override string Proof => "Udp.InDatagrams";
}

/// <summary>Tcpip_UDPv6: UDP over IPv6.</summary>
internal sealed class Udp6Counters : ProtocolCounters
{
    public Udp6Counters(LinuxSources linux)
        : base(linux)
    {
        Rate("DatagramsNoPortPersec", k => k["Udp6NoPorts"]);
        Rate("DatagramsPersec", k => k["Udp6InDatagrams"] + k["Udp6OutDatagrams"]);
        Level("DatagramsReceivedErrors", k => k["Udp6InErrors"]);
        Rate("DatagramsReceivedPersec", k => k["Udp6InDatagrams"]);
        Rate("DatagramsSentPersec", k => k["Udp6OutDatagrams"]);
    }

    protected override string Name => "Tcpip_UDPv6";

    protected override string Proof => "Udp6InDatagrams";

    protected override KernelNumbers Read() => KernelNumbers.ReadLines(Linux.Paths, "net/snmp6");
}

/// <summary>Tcpip_IPv4 and Tcpip_IPv6: packets of one version of IP.</summary>
internal sealed class IpCounters : ProtocolCounters
{
    private readonly bool _six;

    public IpCounters(LinuxSources linux, bool six)
        : base(linux)
    {
        _six = six;
        var prefix = six ? "Ip6" : "Ip.";
        var forwarded = six ? "OutForwDatagrams" : "ForwDatagrams";
        Rate("DatagramsForwardedPersec", k => k[prefix + forwarded]);
        Level("DatagramsOutboundDiscarded", k => k[prefix + "OutDiscards"]);
        Level("DatagramsOutboundNoRoute", k => k[prefix + "OutNoRoutes"]);
        Rate("DatagramsPersec", k => k[prefix + "InReceives"] + k[prefix + "OutRequests"]);
        Level("DatagramsReceivedAddressErrors", k => k[prefix + "InAddrErrors"]);
        Rate("DatagramsReceivedDeliveredPersec", k => k[prefix + "InDelivers"]);
        Level("DatagramsReceivedDiscarded", k => k[prefix + "InDiscards"]);
        Level("DatagramsReceivedHeaderErrors", k => k[prefix + "InHdrErrors"]);
        Rate("DatagramsReceivedPersec", k => k[prefix + "InReceives"]);
        Level("DatagramsReceivedUnknownProtocol", k => k[prefix + "InUnknownProtos"]);
        Rate("DatagramsSentPersec", k => k[prefix + "OutRequests"]);
        Level("FragmentationFailures", k => k[prefix + "FragFails"]);
        Rate("FragmentedDatagramsPersec", k => k[prefix + "FragOKs"]);
        Level("FragmentReassemblyFailures", k => k[prefix + "ReasmFails"]);
        Rate("FragmentsCreatedPersec", k => k[prefix + "FragCreates"]);
        Rate("FragmentsReassembledPersec", k => k[prefix + "ReasmOKs"]);
        Rate("FragmentsReceivedPersec", k => k[prefix + "ReasmReqds"]);
    }

    protected override string Name => _six ? "Tcpip_IPv6" : "Tcpip_IPv4";

    protected override string Proof => _six ? "Ip6InReceives" : "Ip.InReceives";

    protected override KernelNumbers Read() => _six ? KernelNumbers.ReadLines(Linux.Paths, "net/snmp6") : base.Read();
}
