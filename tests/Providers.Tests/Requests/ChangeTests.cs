using System.Xml.Linq;
using Farwire.Protocol.Envelope;
using Farwire.Protocol.Names;

namespace Farwire.Providers.Tests.Requests;

/// <summary>Put, Create, Delete and methods.</summary>
public sealed class ChangeTests : IAsyncDisposable
{
    private const string Thing = FixedService.Test + "/T_Thing";

    private readonly FixedService _service = new();

    [Fact]
    [Trait("Feature", "WMI-14")]
    public async Task A_Put_leaves_alone_what_it_does_not_name_and_nil_sets_NULL()
    {
        await PutAsync("<p:Count>9</p:Count><p:Description xsi:nil=\"true\"/>");

        var one = await GetAsync();
        Assert.Equal(["9"], one.Texts("Count"));
        Assert.Equal(["red", "green", "blue"], one.Texts("Words"));
        Assert.Equal("true", one.Elements().Single(e => e.Name.LocalName == "Description").Attribute(XName.Get("nil", Namespaces.SchemaInstance))?.Value);
    }

    [Fact]
    [Trait("Feature", "WMI-14")]
    public async Task What_a_Get_answered_can_be_put_back()
    {
        var before = await GetAsync();

        var after = await _service.AskAsync(Actions.Put, Thing, before.ToString(), keys: ("Name", "one"));

        Assert.Equal(before.ToString(), after.ToString());
    }

    [Fact]
    [Trait("Feature", "WMI-14")]
    public async Task An_empty_key_is_a_key_that_nothing_has()
    {
        var fault = await _service.FaultAsync(Actions.Put, Thing, Body("<p:Count>9</p:Count>"), keys: ("Name", ""));

        Assert.Equal(2150858752u, fault.Code);
    }

    [Theory]
    [InlineData("<p:Fixed>78</p:Fixed>", 0x80041023u)]
    [InlineData("<p:Fixed xsi:nil=\"true\"/>", 0x80041023u)]
    [InlineData("<p:Name>other</p:Name>", 0x80041008u)]
    [Trait("Feature", "WMI-05")]
    public async Task A_property_that_may_not_be_written_faults_as_the_provider_says_and_nothing_is_changed(string properties, uint status)
    {
        var fault = await _service.FaultAsync(Actions.Put, Thing, Body("<p:Count>9</p:Count>" + properties), keys: ("Name", "one"));

        Assert.Equal("WMI Provider", fault.Provider!.Provider);
        Assert.Contains($"<p:StatusCode>{status}</p:StatusCode>", fault.Provider.ExtendedError, StringComparison.Ordinal);
        Assert.Equal(["5"], (await GetAsync()).Texts("Count"));
    }

    [Fact]
    [Trait("Feature", "WMI-14")]
    public async Task Of_a_client_of_MI_only_the_properties_it_lists_are_written()
    {
        var options = OptionSet.Of(new Option("wmiarray:__MIInstanceModifiedPropertiesList", "Count"));

        await _service.AskAsync(Actions.Put, Thing, Body("<p:Count>9</p:Count><p:Description>lost</p:Description><p:Fixed>78</p:Fixed>"), options: options, keys: ("Name", "one"));

        var one = await GetAsync();
        Assert.Equal(["9"], one.Texts("Count"));
        Assert.Equal(["<one>"], one.Texts("Description"));
    }

    [Theory]
    [InlineData("<p:Count>many</p:Count>")]
    [InlineData("<p:Wings>2</p:Wings>")]
    public async Task What_does_not_fit_the_class_faults(string property)
    {
        var fault = await _service.FaultAsync(Actions.Put, Thing, Body(property), keys: ("Name", "one"));

        Assert.Equal(2150858838u, fault.Code);
    }

    [Fact]
    [Trait("Feature", "PRO-11")]
    public async Task An_instance_is_created_read_and_deleted()
    {
        var created = await _service.AskAsync(Actions.Create, Thing, Body("<p:Name>new</p:Name><p:Count>3</p:Count>"));
        var read = await _service.AskAsync(Actions.Get, Thing, keys: ("Name", "new"));
        var again = await _service.FaultAsync(Actions.Create, Thing, Body("<p:Name>new</p:Name>"));
        Assert.Equal("ResourceCreated", created.Name.LocalName);
        Assert.Equal(["new"], created.Texts("Selector"));
        Assert.Equal(["3"], read.Texts("Count"));
        Assert.Equal(0x80041019u, again.Provider is { ExtendedError: { } error } ? StatusOf(error) : 0);

        Assert.Equal(2150858752u, (await _service.FaultAsync(Actions.Delete, Thing, keys: ("Name", "never"))).Code);
    }

    [Fact]
    [Trait("Feature", "WMI-06")]
    [Trait("Feature", "PRO-15")]
    public async Task A_static_method_takes_and_returns_arrays_embedded_instances_and_times()
    {
        var joined = await _service.AskAsync($"{Thing}/Join", Thing, Input("Join", "<p:Words>a</p:Words><p:Words>b</p:Words><p:Separator>-</p:Separator>"));
        var mirrored = await _service.AskAsync($"{Thing}/Mirror", Thing, Input(
            "Mirror", $"<p:Numbers>4</p:Numbers><p:Numbers>5</p:Numbers><p:Given xsi:type=\"q:T_Inner_Type\" xmlns:q=\"{FixedService.Test}/T_Inner\"><q:A>x</q:A><q:B>-9</q:B></p:Given>"));

        Assert.Equal("Join_OUTPUT", joined.Name.LocalName);
        Assert.Equal(Thing, joined.Name.NamespaceName);
        Assert.Equal("a-b", joined.Texts("Joined")[0]);
        Assert.Equal("0", joined.Texts("ReturnValue")[0]);
        Assert.Equal(["8", "10"], mirrored.Texts("Doubled"));
        Assert.Equal("7", mirrored.Texts("ReturnValue")[0]);
        Assert.Equal(("x", "-9"), (mirrored.Texts("A")[0], mirrored.Texts("B")[0]));
        Assert.Equal("2020-01-02T03:04:05Z", mirrored.Texts("Datetime")[0]);
    }

    [Fact]
    [Trait("Feature", "WMI-06")]
    public async Task A_method_of_an_instance_knows_the_instance_and_derived_classes_have_it_too()
    {
        var five = await _service.AskAsync($"{Thing}/Add", Thing, Input("Add", "<p:Number>10</p:Number>"), keys: ("Name", "one"));
        var one = await _service.AskAsync($"{FixedService.Test}/T_Special/Add", FixedService.Test + "/T_Special", Input("Add", "<p:Number>10</p:Number>"), keys: ("Name", "three"));
        var missing = await _service.AskAsync($"{Thing}/Add", Thing, keys: ("Name", "one"));

        Assert.Equal(("15", "11", "21"), (five.Texts("Sum")[0], one.Texts("Sum")[0], missing.Texts("ReturnValue")[0]));
    }

    [Theory]
    [InlineData("Fly", "", "one", 0x8004102Eu)]
    [InlineData("Nothing", "", "one", 0x80041055u)]
    [InlineData("Add", "<p:Number>-1</p:Number>", "one", 0x8004102Fu)]
    [InlineData("Add", "<p:Wings>2</p:Wings>", "one", 0x8004102Fu)]
    [InlineData("Add", "<p:Number>1</p:Number>", "nobody", 0x80041002u)]
    [Trait("Feature", "WMI-06")]
    public async Task A_method_that_cannot_be_called_so_faults(string method, string input, string name, uint status)
    {
        var fault = await _service.FaultAsync($"{Thing}/{method}", Thing, Input(method, input), keys: ("Name", name));

        Assert.Equal(status, StatusOf(fault.Provider!.ExtendedError!));
    }

    [Fact]
    public async Task An_action_that_is_no_method_of_CIM_is_not_supported() =>
        Assert.Equal(2150858771u, (await _service.FaultAsync("http://schemas.xmlsoap.org/ws/2004/08/eventing/GetStatus", Thing)).Code);

    public ValueTask DisposeAsync() => _service.DisposeAsync();

    private Task<XElement> GetAsync() => _service.AskAsync(Actions.Get, Thing, keys: ("Name", "one"));

    private Task<XElement> PutAsync(string properties) => _service.AskAsync(Actions.Put, Thing, Body(properties), keys: ("Name", "one"));

    private static string Body(string properties) => $"<p:T_Thing xmlns:p=\"{Thing}\" xmlns:xsi=\"{Namespaces.SchemaInstance}\">{properties}</p:T_Thing>";

    private static string Input(string method, string parameters) => $"<p:{method}_INPUT xmlns:p=\"{Thing}\" xmlns:xsi=\"{Namespaces.SchemaInstance}\">{parameters}</p:{method}_INPUT>";

    private static uint StatusOf(string extended) => uint.Parse(XElement.Parse(extended).Texts("StatusCode")[0], System.Globalization.CultureInfo.InvariantCulture);
}
