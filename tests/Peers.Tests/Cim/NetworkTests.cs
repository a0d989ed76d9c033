using System.Text.Json;

namespace Farwire.Peers.Tests.Cim;

/// <summary>The network classes against iproute2.</summary>
public sealed class NetworkTests(RunningService service)
{
    [Fact]
    public async Task The_adapters_are_those_that_ip_shows()
    {
        var ours = (await service.ListAsync("Win32_NetworkAdapter")).ToDictionary(a => a.Number("Index"));
        var links = await IpAsync("-d", "link");

        Assert.Equal(links.Select(l => l.GetProperty("ifindex").GetInt64()).Order(), ours.Keys.Order());
        foreach (var link in links)
        {
            var adapter = ours[link.GetProperty("ifindex").GetInt64()];
            var flags = link.GetProperty("flags").EnumerateArray().Select(f => f.GetString()).ToList();
            Assert.Equal(link.GetProperty("ifname").GetString(), adapter.Text("NetConnectionID"));
            Assert.Equal(flags.Contains("UP"), adapter.GetProperty("NetEnabled").GetBoolean());
            Assert.Equal(flags.Contains("UP") && flags.Contains("LOWER_UP"), adapter.Number("NetConnectionStatus") == 2);
            Assert.Equal(flags.Contains("LOOPBACK") ? null : link.GetProperty("address").GetString()!.ToUpperInvariant(), adapter.Text("MACAddress"));
            Assert.Equal(Directory.Exists($"/sys/class/net/{link.GetProperty("ifname").GetString()}/device"), adapter.GetProperty("PhysicalAdapter").GetBoolean());
        }
    }

    [Fact]
    public async Task The_configurations_have_the_addresses_and_routers_that_ip_shows()
    {
        var ours = (await service.ListAsync("Win32_NetworkAdapterConfiguration")).ToDictionary(a => a.Number("InterfaceIndex"));
        var routes = (await IpAsync("route")).Concat(await IpAsync("-6", "route")).Where(r => r.GetProperty("dst").GetString() == "default" && r.TryGetProperty("gateway", out _)).ToList();
        foreach (var link in await IpAsync("addr"))
        {
            var name = link.GetProperty("ifname").GetString();
            var addresses = link.GetProperty("addr_info").EnumerateArray().ToList();
            var configuration = ours[link.GetProperty("ifindex").GetInt64()];
            Assert.Equal(addresses.Select(a => a.GetProperty("local").GetString()!).Order(StringComparer.Ordinal), configuration.Texts("IPAddress").Order(StringComparer.Ordinal));
            Assert.Equal(
                addresses.Where(a => a.GetProperty("family").GetString() == "inet6").Select(a => a.GetProperty("prefixlen").GetRawText()).Order(StringComparer.Ordinal),
                configuration.Texts("IPSubnet").Where(s => !s.Contains('.', StringComparison.Ordinal)).Order(StringComparer.Ordinal));
            Assert.Equal(link.GetProperty("mtu").GetInt64(), configuration.Number("MTU"));
            Assert.Equal(
                routes.Where(r => r.GetProperty("dev").GetString() == name).Select(r => r.GetProperty("gateway").GetString()!).Order(StringComparer.Ordinal),
                configuration.Texts("DefaultIPGateway").Order(StringComparer.Ordinal));
        }
    }

    [Fact]
    public async Task An_address_that_is_added_shows_at_the_next_question()
    {
        var added = await Commands.RunAsync("ip", ["addr", "add", "127.77.7.7/12", "dev", "lo"]);
        Assert.SkipUnless(added.ExitCode == 0, "addresses cannot be changed here: " + added.Errors);
        try
        {
            var loopback = await service.GetAsync("Win32_NetworkAdapterConfiguration?Index=1");
            Assert.Equal("255.240.0.0", loopback.Texts("IPSubnet")[Array.IndexOf(loopback.Texts("IPAddress"), "127.77.7.7")]);
        }
        finally
        {
            await Commands.RunAsync("ip", ["addr", "del", "127.77.7.7/12", "dev", "lo"]);
        }

        Assert.DoesNotContain("127.77.7.7", (await service.GetAsync("Win32_NetworkAdapterConfiguration?Index=1")).Texts("IPAddress"));
    }

    [Fact]
    public async Task An_adapter_is_switched_off_and_on_as_ip_shows()
    {
        var added = await Commands.RunAsync("ip", ["link", "add", "farwiretest", "type", "veth", "peer", "name", "farwirepeer"]);
        Assert.SkipUnless(added.ExitCode == 0, "no interface can be made here: " + added.Errors);
        try
        {
            var index = (await IpAsync("link", "show", "farwiretest"))[0].GetProperty("ifindex").GetRawText();

            var on = await InvokeAsync("Enable", index);
            var up = await IsUpAsync();
            var off = await InvokeAsync("Disable", index);

            Assert.Equal((0, 0, true, false), (on, off, up, await IsUpAsync()));
        }
        finally
        {
            await Commands.RunAsync("ip", ["link", "del", "farwiretest"]);
        }

        async Task<bool> IsUpAsync() => (await IpAsync("link", "show", "farwiretest"))[0].GetProperty("flags").EnumerateArray().Any(f => f.GetString() == "UP");

        async Task<long> InvokeAsync(string method, string index)
        {
            var outcome = await Commands.RunAsync(RunningService.Program("farwire"), ["winrm", "invoke", method, "wmicimv2/Win32_NetworkAdapter?DeviceID=" + index, "-o", "json", "--connect", service.ConnectionFile]);
            Assert.True(outcome.ExitCode == 0, outcome.Output + outcome.Errors);
            return JsonDocument.Parse(outcome.Output).RootElement.Number("ReturnValue");
        }
    }

    [Fact]
    public async Task A_socket_that_listens_is_there_with_its_process_and_gone_after()
    {
        var listener = new System.Net.Sockets.TcpListener(System.Net.IPAddress.Loopback, 0);
        listener.Start();
        using var udp = new System.Net.Sockets.UdpClient(new System.Net.IPEndPoint(System.Net.IPAddress.IPv6Loopback, 0));
        var port = ((System.Net.IPEndPoint)listener.LocalEndpoint).Port;
        var udpPort = ((System.Net.IPEndPoint)udp.Client.LocalEndPoint!).Port;
        var query = $"select LocalAddress,LocalPort,State,OwningProcess from MSFT_NetTCPConnection where LocalPort={port} and State=2";

        var socket = Assert.Single(await service.QueryAsync(query, "root/standardcimv2"));
        var end = Assert.Single(await service.QueryAsync($"select * from MSFT_NetUDPEndpoint where LocalPort={udpPort}", "root/standardcimv2"));
        listener.Stop();

        Assert.Equal(("127.0.0.1", "2", Environment.ProcessId), (socket.Text("LocalAddress"), socket.Text("State"), socket.Number("OwningProcess")));
        Assert.Equal(("::1", Environment.ProcessId), (end.Text("LocalAddress"), end.Number("OwningProcess")));
        Assert.Empty(await service.QueryAsync(query, "root/standardcimv2"));
    }

    [Fact]
    public async Task The_modern_classes_have_the_addresses_and_routes_that_ip_shows()
    {
        var addresses = (await IpAsync("addr")).SelectMany(l => l.GetProperty("addr_info").EnumerateArray().Select(a => (l.Text("ifname")!, a.Text("local")!, a.Number("prefixlen")))).Order();
        var routes = (await IpAsync("route")).Concat(await IpAsync("-6", "route")).Select(r => r.Text("dst")!.Replace("default", "0/0", StringComparison.Ordinal)).Count();

        Assert.Equal(addresses, (await service.ListAsync("MSFT_NetIPAddress", "root/standardcimv2")).Select(a => (a.Text("InterfaceAlias")!, a.Text("IPAddress")!.Split('%')[0], a.Number("PrefixLength"))).Order());
        Assert.Equal(routes, (await service.ListAsync("MSFT_NetRoute", "root/standardcimv2")).Count);
        Assert.Equal((await IpAsync("link")).Count, (await service.ListAsync("MSFT_NetAdapter", "root/standardcimv2")).Count);
    }

    [Fact]
    public async Task The_name_servers_are_those_of_the_resolver()
    {
        var servers = (await File.ReadAllLinesAsync("/etc/resolv.conf")).Where(l => l.StartsWith("nameserver ", StringComparison.Ordinal)).Select(l => l.Split(' ')[1].Trim()).ToArray();
        var enabled = await service.QueryAsync("select DNSServerSearchOrder from Win32_NetworkAdapterConfiguration where IPEnabled=True");
        Assert.SkipWhen(enabled.Count == 0, "no interface but the loopback has an address here");
        Assert.SkipWhen(servers is ["127.0.0.53"], "the resolver's own file names only the stub");

        Assert.All(enabled, e => Assert.Equal(servers, Many(e.GetProperty("DNSServerSearchOrder"))));
    }

    // A projection has no types: one value is a text.
    private static string[] Many(JsonElement value) =>
        value.ValueKind == JsonValueKind.Array ? [.. value.EnumerateArray().Select(v => v.GetString()!)] : [value.GetString()!];

    private static async Task<IReadOnlyList<JsonElement>> IpAsync(params string[] arguments)
    {
        Assert.SkipUnless(File.Exists("/usr/sbin/ip") || File.Exists("/sbin/ip"), "iproute2 is not installed");
        var outcome = await Commands.RunAsync("ip", ["-j", .. arguments]);
        return [.. JsonDocument.Parse(outcome.Output is { Length: > 1 } json ? json : "[]").RootElement.EnumerateArray().Where(e => e.TryGetProperty("ifindex", out _) || e.TryGetProperty("dst", out _))];
    }
}
