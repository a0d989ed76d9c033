using Farwire.Protocol.Enumeration;
using Farwire.Protocol.Names;

namespace Farwire.Providers.Tests.Requests;

/// <summary>What belongs to what, by the filter of associations and by WQL.</summary>
public sealed class AssociationTests : IAsyncDisposable
{
    private readonly FixedService _service = new();

    [Theory]
    [InlineData("ASSOCIATORS OF {Win32_Service.Name='WinRM'}", "Win32_Service RpcSs|Win32_SystemDriver HTTP")]
    [InlineData("associators of {win32_service='winrm'} where resultclass = Win32_SystemDriver", "Win32_SystemDriver HTTP")]
    [InlineData(@"ASSOCIATORS OF {\\.\root\cimv2:Win32_Service.Name=""RpcSs""} WHERE AssocClass=Win32_DependentService ResultRole=Dependent", "Win32_Service WinRM|Win32_Service Other")]
    [InlineData("ASSOCIATORS OF {Win32_BaseService.Name='WinRM'} WHERE Role = Dependent ResultClass = CIM_Service", "Win32_Service RpcSs|Win32_SystemDriver HTTP")]
    [InlineData("ASSOCIATORS OF {Win32_Service.Name='WinRM'} WHERE Role = Antecedent", "")]
    [InlineData("ASSOCIATORS OF {Win32_Service.Name='WinRM'} WHERE RequiredQualifier = Singleton", "")]
    [Trait("Feature", "WMI-09")]
    public async Task Associators_are_what_associations_lead_to(string query, string expected)
    {
        var found = await _service.QueryAsync(query, "root/cimv2");

        Assert.Equal(expected, string.Join('|', found.Select(f => $"{f.Name.LocalName} {f.Texts("Name")[0]}")));
    }

    [Theory]
    [InlineData("REFERENCES OF {Win32_Service.Name='WinRM'}", 2)]
    [InlineData("REFERENCES OF {Win32_Service.Name='RpcSs'} WHERE ResultClass = CIM_ServiceServiceDependency Role = Antecedent", 2)]
    [InlineData("REFERENCES OF {Win32_Service.Name='RpcSs'} WHERE Role = Dependent", 0)]
    [InlineData("REFERENCES OF {Win32_SystemDriver.Name='HTTP'}", 1)]
    [Trait("Feature", "WMI-09")]
    public async Task References_are_the_associations_themselves(string query, int expected)
    {
        var found = await _service.QueryAsync(query, "root/cimv2");

        Assert.Equal(expected, found.Count);
        Assert.All(found, f => Assert.Equal("Win32_DependentService", f.Name.LocalName));
    }

    [Theory]
    [InlineData("ASSOCIATORS OF {Win32_Service.Name='WinRM'} WHERE ClassDefsOnly", "Win32_Service|Win32_SystemDriver")]
    [InlineData("REFERENCES OF {Win32_DiskPartition} WHERE SchemaOnly ResultClass = Win32_DiskDriveToDiskPartition", null)]
    [InlineData("SELECT * FROM meta_class WHERE __this ISA 'Win32_BaseService'", "Win32_BaseService|Win32_Service|Win32_SystemDriver")]
    [InlineData("SELECT * FROM meta_class WHERE __Class = 'Win32_Process'", "Win32_Process")]
    [InlineData("SELECT * FROM meta_class WHERE __Superclass = 'Win32_BaseService'", "Win32_Service|Win32_SystemDriver")]
    [Trait("Feature", "WMI-10")]
    public async Task Classes_are_found_by_schema_queries(string query, string? expected)
    {
        var found = await _service.QueryAsync(query, "root/cimv2");

        Assert.All(found, f => Assert.Equal("CLASS", f.Name.LocalName));
        var names = found.Select(f => f.Attribute("NAME")!.Value).Order(StringComparer.Ordinal).ToList();
        if (expected is null)
        {
            Assert.Contains("Win32_DiskDriveToDiskPartition", names);
        }
        else
        {
            Assert.Equal(expected, string.Join('|', names));
        }
    }

    [Fact]
    public async Task The_filter_of_associations_answers_in_the_family_of_URIs_that_it_was_asked_in()
    {
        var wmi = await _service.ListAsync($"{ResourceUris.WmiCimV2}/*", Filter("AssociationInstances", ResourceUris.WmiCimV2 + "/Win32_Service", "", "<b:Role>Dependent</b:Role>"));
        var dmtf = await _service.ListAsync(
            ResourceUris.AllClasses,
            Filter("AssociatedInstances", ResourceUris.CimSchema + "/Win32_Service", "<w:Selector Name=\"__cimnamespace\">root/cimv2</w:Selector>", "<b:ResultClassName>Win32_SystemDriver</b:ResultClassName>"),
            ("__cimnamespace", "root/cimv2"));
        var dmtfReferences = await _service.ListAsync(
            ResourceUris.AllClasses, Filter("AssociationInstances", ResourceUris.CimSchema + "/Win32_Service", "", "<b:ResultClassName>Win32_DependentService</b:ResultClassName>"), ("__cimnamespace", "root/cimv2"));
        var part = await _service.ListAsync(
            $"{ResourceUris.WmiCimV2}/*", Filter("AssociatedInstances", ResourceUris.WmiCimV2 + "/Win32_Service", "", "<b:IncludeResultProperty>Name</b:IncludeResultProperty>"));

        Assert.Equal([ResourceUris.WmiCimV2 + "/Win32_Service", ResourceUris.WmiCimV2 + "/Win32_Service", ResourceUris.WmiCimV2 + "/Win32_SystemDriver", ResourceUris.WmiCimV2 + "/Win32_Service"], wmi.SelectMany(w => w.Texts("ResourceURI")));
        Assert.Equal(ResourceUris.CimSchema + "/Win32_SystemDriver", Assert.Single(dmtf).Name.NamespaceName);
        Assert.All(dmtfReferences.SelectMany(d => d.Texts("ResourceURI")), uri => Assert.StartsWith(ResourceUris.CimSchema, uri, StringComparison.Ordinal));
        Assert.Contains("root/cimv2", dmtfReferences[0].Texts("Selector"));
        Assert.Equal(["XmlFragment", "XmlFragment"], part.Select(p => p.Name.LocalName));
        Assert.Equal(["RpcSs", "HTTP"], part.Select(p => p.Value));
    }

    [Theory]
    [InlineData("ASSOCIATORS OF {Win32_Service.Name='nobody'}", 0x80041002u)]
    [InlineData("ASSOCIATORS OF {Win32_Nothing.Name='x'}", 0x80041010u)]
    [InlineData("ASSOCIATORS OF {Win32_Service.Name='WinRM'} WHERE ResultClass = Win32_Nothing", 0x80041010u)]
    [InlineData("ASSOCIATORS OF {Win32_Service.Name='WinRM'} WHERE ResultClass = Win32_Service AND Role = Dependent", 0x80041017u)]
    [InlineData("ASSOCIATORS OF {Win32_Service.Name='WinRM'} WHERE ClassDefsOnly ResultClass = Win32_Service", 0x80041017u)]
    [InlineData("REFERENCES OF {Win32_Service.Name='WinRM'} WHERE AssocClass = Win32_DependentService", 0x80041017u)]
    [InlineData("ASSOCIATORS OF {Win32_Service.Name='WinRM'", 0x80041017u)]
    [InlineData("ASSOCIATORS OF {Win32_Service.Name=}", 0x80041017u)]
    [InlineData("SELECT * FROM __InstanceCreationEvent WITHIN 5", 0x80041017u)]
    public async Task A_question_that_is_wrong_faults(string query, uint status)
    {
        var fault = await _service.ListFaultAsync($"{ResourceUris.WmiCimV2}/*", new Enumerate { Filter = Farwire.Protocol.Enumeration.Filter.Wql(query) });

        Assert.Contains($"<p:StatusCode>{status}<", fault.Provider!.ExtendedError, StringComparison.Ordinal);
    }

    public ValueTask DisposeAsync() => _service.DisposeAsync();

    private static Enumerate Filter(string kind, string uri, string moreKeys, string rest) => new()
    {
        Filter = new Filter(Dialects.Association)
        {
            Xml = $"<b:{kind} xmlns:b=\"{Namespaces.CimBinding}\" xmlns:a=\"{Namespaces.Addressing}\" xmlns:w=\"{Namespaces.WSMan}\"><b:Object><a:Address>x</a:Address><a:ReferenceParameters>"
                + $"<w:ResourceURI>{uri}</w:ResourceURI><w:SelectorSet><w:Selector Name=\"Name\">winrm</w:Selector>{moreKeys}</w:SelectorSet></a:ReferenceParameters></b:Object>{rest}</b:{kind}>",
        },
    };
}
