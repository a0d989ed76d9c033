using System.Diagnostics;
using System.Globalization;
using Farwire.Cim.Classes;
using Farwire.Cim.Instances;
using Farwire.Cim.Naming;
using Farwire.Protocol.Addressing;
using Farwire.Protocol.Enumeration;
using Farwire.Protocol.Envelope;
using Farwire.Protocol.Faults;
using Farwire.Protocol.Names;
using Farwire.Service.Dispatch;
using Farwire.Service.Loopback;
using Farwire.Service.Resources;
using Farwire.TestKit;

namespace Farwire.Providers.Tests;

public sealed class ProviderTests : IAsyncDisposable
{
    private const string Wmi = ResourceUris.WmiCimV2;

    private readonly Dispatcher _dispatcher = new(new ResourceCatalog().Add(CimProviders.Linux()));
    private readonly LoopbackChannel _channel;

    public ProviderTests() => _channel = new LoopbackChannel(_dispatcher, Caller.Named("ann"));

    [Fact]
    public async Task The_operating_system_tells_what_the_tools_of_the_system_tell()
    {
        var os = await GetAsync(Wmi + "/win32_operatingsystem");

        Assert.Equal(Output("hostname").Trim(), os["CSName"].AsString());
        Assert.Equal(Output("uname", "-r").Trim(), os["BuildNumber"].AsString());
        Assert.Equal(36ul, os["OSType"].AsUInt64());
        var total = ulong.Parse(Output("sh", "-c", "awk '/MemTotal/{print $2}' /proc/meminfo").Trim(), CultureInfo.InvariantCulture);
        Assert.Equal(total, os["TotalVisibleMemorySize"].AsUInt64());
        Assert.InRange(os["FreePhysicalMemory"].AsUInt64(), 1ul, total);
        var booted = DateTimeOffset.UtcNow - TimeSpan.FromSeconds(double.Parse(File.ReadAllText("/proc/uptime").Split(' ')[0], CultureInfo.InvariantCulture));
        Assert.InRange((os["LastBootUpTime"].AsDateTime().Time - booted).Duration(), TimeSpan.Zero, TimeSpan.FromSeconds(3));
    }

    [Fact]
    public async Task A_process_is_there_while_it_runs_and_gone_after()
    {
        using var sleep = Process.Start(new ProcessStartInfo("sleep", "1000"))!;
        var query = $"select * from Win32_Process where ProcessId = {sleep.Id}";

        CimInstance process;
        do
        {
            process = Assert.Single(await QueryAsync(query));
        }
        while (process["WorkingSetSize"].AsUInt64() < 100_000); // its pages come in while it starts

        var same = await GetAsync(Wmi + "/Win32_Process", ("Handle", sleep.Id.ToString(CultureInfo.InvariantCulture)));
        sleep.Kill();
        await sleep.WaitForExitAsync();
        var after = await QueryAsync(query);

        Assert.Equal("sleep", process["Name"].AsString());
        Assert.Equal("sleep 1000", process["CommandLine"].AsString());
        Assert.Equal((ulong)Environment.ProcessId, process["ParentProcessId"].AsUInt64());
        Assert.InRange((process["CreationDate"].AsDateTime().Time - DateTimeOffset.UtcNow).Duration(), TimeSpan.Zero, TimeSpan.FromSeconds(5));
        Assert.EndsWith("/sleep", same["ExecutablePath"].AsString(), StringComparison.Ordinal);
        Assert.Empty(after);
    }

    [Fact]
    [Trait("Feature", "PRO-21")]
    public async Task A_projection_brings_the_chosen_properties_alone()
    {
        var fragments = await QueryAsync("select ProcessId, Name, WorkingSetSize from Win32_Process where ProcessId = 1", Wmi + "/*");

        var fragment = Assert.Single(fragments);
        Assert.Equal("XmlFragment", fragment.Class.Name);
        Assert.Equal(["Name", "ProcessId", "WorkingSetSize"], fragment.Class.Properties.Select(p => p.Name));
        Assert.Equal("1", fragment["ProcessId"].ToString());
    }

    [Fact]
    public async Task A_base_class_lists_the_instances_of_the_classes_derived_from_it()
    {
        var derived = await EnumerateAsync(Wmi + "/CIM_OperatingSystem", new Enumerate());
        var cut = await EnumerateAsync(Wmi + "/CIM_OperatingSystem", new Enumerate { Polymorphism = PolymorphismMode.ExcludeSubClassProperties });
        var exact = await EnumerateAsync(Wmi + "/CIM_OperatingSystem", new Enumerate { Polymorphism = PolymorphismMode.None });

        Assert.Equal("Win32_OperatingSystem", Assert.Single(derived).Class.Name);
        Assert.Equal("CIM_OperatingSystem", Assert.Single(cut).Class.Name);
        Assert.Empty(exact);
    }

    [Fact]
    [Trait("Feature", "WMI-04")]
    public async Task Both_families_of_URIs_reach_the_same_instance()
    {
        var dmtf = await GetAsync(ResourceUris.CimSchema + "/Win32_ComputerSystem", ("Name", Environment.MachineName), ("__cimnamespace", "root/cimv2"));
        var wmi = await GetAsync(Wmi + "/Win32_ComputerSystem", ("Name", Environment.MachineName.ToUpperInvariant()));

        Assert.Equal(dmtf["TotalPhysicalMemory"], wmi["TotalPhysicalMemory"]);
        Assert.Equal((ulong)Environment.ProcessorCount, wmi["NumberOfLogicalProcessors"].AsUInt64());
    }

    [Fact]
    public async Task The_root_file_system_has_the_size_that_df_says()
    {
        var root = await GetAsync(Wmi + "/Win32_LogicalDisk", ("DeviceID", "/"));

        var size = ulong.Parse(Output("sh", "-c", "df -B1 --output=size / | tail -1").Trim(), CultureInfo.InvariantCulture);
        Assert.Equal(size, root["Size"].AsUInt64());
        Assert.InRange(root["FreeSpace"].AsUInt64(), 1ul, size);
    }

    [Fact]
    public async Task A_reference_leads_to_its_instance()
    {
        using var opened = (await _channel.AskAsync(
            Exchange.Headers(Actions.Enumerate, ResourceUris.CimSchema + "/Win32_ComputerSystem", ("__cimnamespace", "root/cimv2")),
            new Enumerate { Optimize = true, MaxElements = 5, Mode = EnumerationMode.Epr })).EnsureSuccess();
        EndpointReference? reference = null;
        EnumerationBatch.Read(opened.Body, body => reference = EndpointReference.Read(body));

        Assert.Equal("__cimnamespace", reference!.Selectors[^1].Name);
        using var got = (await _channel.AskAsync(Exchange.Headers(Actions.Get, reference.ResourceUri!) with { Selectors = reference.Selectors })).EnsureSuccess();
    }

    [Theory]
    [InlineData(Wmi + "/Win32_Nothing", null, 2150858752u)]
    [InlineData(ResourceUris.Wmi + "/root/nowhere/Win32_Process", null, 2150858752u)]
    [InlineData(Wmi + "/Win32_Process", null, 2150859002u)]
    [InlineData(Wmi + "/Win32_Process", "Name", 2150858843u)]
    [InlineData(Wmi + "/Win32_Process", "Handle", 2150858752u)]
    [InlineData(Wmi + "/Win32_Service", "Name", 2150858752u)]
    [Trait("Feature", "WMI-03")]
    [Trait("Feature", "PRO-13")]
    public async Task What_cannot_be_got_faults(string uri, string? key, uint code)
    {
        var fault = await _channel.FaultAsync(key is null ? Exchange.Headers(Actions.Get, uri) : Exchange.Headers(Actions.Get, uri, (key, "99999999")));

        Assert.Equal(code, fault.Code);
    }

    [Theory]
    [InlineData("select * form Win32_Process", 2150859042u)]
    [InlineData("select Wings from Win32_Process", 2150859042u)]
    [InlineData("select * from Win32_Nothing", 2150858752u)]
    public async Task A_query_that_cannot_be_answered_faults(string query, uint code)
    {
        var fault = await _channel.FaultAsync(Exchange.Headers(Actions.Enumerate, Wmi + "/*"), new Enumerate { Filter = Filter.Wql(query) });

        Assert.Equal(code, fault.Code);
    }

    public async ValueTask DisposeAsync()
    {
        await _channel.DisposeAsync();
        await _dispatcher.DisposeAsync();
    }

    private async Task<CimInstance> GetAsync(string uri, params (string, string)[] keys)
    {
        using var reply = (await _channel.AskAsync(Exchange.Headers(Actions.Get, uri, keys))).EnsureSuccess();
        return new InstanceReader(CimSchema.CimV2.Find).Read(reply.Body);
    }

    private Task<List<CimInstance>> QueryAsync(string query, string uri = ResourceUris.WmiCimV2 + "/*") =>
        EnumerateAsync(uri, new Enumerate { Filter = Filter.Wql(query) });

    private async Task<List<CimInstance>> EnumerateAsync(string uri, Enumerate request)
    {
        var reader = new InstanceReader(CimSchema.CimV2.Find);
        var items = new List<CimInstance>();
        using var opened = (await _channel.AskAsync(Exchange.Headers(Actions.Enumerate, uri), request with { Optimize = true, MaxElements = 100 })).EnsureSuccess();
        var batch = EnumerationBatch.Read(opened.Body, body => items.Add(reader.Read(body)));
        while (!batch.EndOfSequence)
        {
            using var reply = (await _channel.AskAsync(Exchange.Headers(Actions.Pull, uri), new Pull(batch.Context!) { MaxElements = 100 })).EnsureSuccess();
            batch = EnumerationBatch.Read(reply.Body, body => items.Add(reader.Read(body)));
        }

        return items;
    }

    private static string Output(string program, params string[] arguments)
    {
        using var process = Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true })!;
        return process.StandardOutput.ReadToEnd();
    }
}
