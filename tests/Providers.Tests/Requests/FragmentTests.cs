using Farwire.Protocol.Names;

namespace Farwire.Providers.Tests.Requests;

/// <summary>Fragment transfer: Get and Put of a part of an instance.</summary>
public sealed class FragmentTests : IAsyncDisposable
{
    private const string Thing = FixedService.Test + "/T_Thing";

    private readonly FixedService _service = new();

    [Theory]
    [InlineData("Count", "<p:Count>5</p:Count>")]
    [InlineData("/T_Thing/Count", "<p:Count>5</p:Count>")]
    [InlineData("T_Thing/Count", "<p:Count>5</p:Count>")]
    [InlineData("Count/text()", "5")]
    [InlineData("Description/text()", "&lt;one&gt;")]
    [InlineData("Words", "<p:Words>red</p:Words><p:Words>green</p:Words><p:Words>blue</p:Words>")]
    [InlineData("Words[1]", "<p:Words>red</p:Words>")]
    [InlineData("Words[3]/text()", "blue")]
    [InlineData("Inner/A", "<p:A>inside</p:A>")]
    [InlineData("When", "")]
    [Trait("Feature", "PRO-12")]
    public async Task A_fragment_is_the_part_and_nothing_else(string path, string expected)
    {
        var fragment = await _service.AskAsync(Actions.Get, Thing, fragment: path, keys: ("Name", "one"));

        Assert.Equal("XmlFragment", fragment.Name.LocalName);
        Assert.Equal(Namespaces.WSMan, fragment.Name.NamespaceName);
        using var reader = fragment.CreateReader();
        reader.MoveToContent();
        Assert.Equal(expected, System.Text.RegularExpressions.Regex.Replace(reader.ReadInnerXml(), " xmlns:\\w+=\"[^\"]*\"", ""));
        Assert.Equal(path == "When", fragment.Attributes().Any(a => a.Name.LocalName == "nil" && a.Value == "true"));
    }

    [Theory]
    [InlineData("count")]
    [InlineData("/T_THING/Count")]
    [InlineData("/Count")]
    [InlineData("Words[4]")]
    [InlineData("Words[0]")]
    [InlineData("Count[1]")]
    [InlineData("Count/Sub")]
    [InlineData("Inner/a")]
    [InlineData("//Count")]
    [InlineData("Count[last()]")]
    [InlineData("Wings")]
    [Trait("Feature", "PRO-12")]
    public async Task A_path_that_leads_nowhere_faults(string path)
    {
        var fault = await _service.FaultAsync(Actions.Get, Thing, fragment: path, keys: ("Name", "one"));

        Assert.Equal(2150858899u, fault.Code);
        Assert.Equal("w:CannotProcessFilter", fault.Subcode);
    }

    [Theory]
    [InlineData("Count", "<p:Count>6</p:Count>", "Count", "6")]
    [InlineData("Count/text()", "7", "Count", "7")]
    [InlineData("Words", "<p:Words>a</p:Words><p:Words>b</p:Words>", "Words", "a|b")]
    [InlineData("Words[2]", "<p:Words>GREEN</p:Words>", "Words", "red|GREEN|blue")]
    [Trait("Feature", "PRO-12")]
    public async Task A_put_of_a_fragment_changes_it_alone(string path, string part, string property, string expected)
    {
        var answer = await _service.AskAsync(
            Actions.Put, Thing, $"<w:XmlFragment xmlns:w=\"{Namespaces.WSMan}\" xmlns:p=\"{Thing}\">{part}</w:XmlFragment>", path, keys: ("Name", "one"));

        Assert.Equal("XmlFragment", answer.Name.LocalName);
        var one = await _service.AskAsync(Actions.Get, Thing, keys: ("Name", "one"));
        Assert.Equal(expected, string.Join('|', one.Texts(property)));
        Assert.Equal("<one>", one.Texts("Description")[0]);
        var two = await _service.AskAsync(Actions.Get, Thing, keys: ("Name", "two"));
        Assert.Equal("5", two.Texts("Count")[0]);
    }

    [Fact]
    public async Task A_list_has_no_fragments()
    {
        var fault = await _service.FaultAsync(Actions.Enumerate, Thing, $"<n:Enumerate xmlns:n=\"{Namespaces.Enumeration}\"/>", "Count");

        Assert.Equal(2150858871u, fault.Code);
    }

    public ValueTask DisposeAsync() => _service.DisposeAsync();
}
