using System.Text.Json;
using Farwire.CommandLine.WinRm;
using Farwire.TestKit;

namespace Farwire.CommandLine.Tests;

public sealed class WinRmTests : IAsyncDisposable
{
    private readonly StringWriter _output = new() { NewLine = "\n" };
    private readonly StringWriter _errors = new() { NewLine = "\n" };
    private EdgeService _service = null!;

    [Fact]
    [Trait("Feature", "CLI-03")]
    public async Task A_resource_is_made_changed_run_and_removed_by_its_verbs()
    {
        await StartAsync();

        Assert.Equal(0, await RunAsync("create", ShelfResource.Uri, "@{Name=\"new\";Tags=\"a\";Tags=\"b\"}"));
        Assert.Equal(
            $"ResourceCreated\n    Address = {_service.Https}\n    ReferenceParameters\n        ResourceURI = {ShelfResource.Uri}\n"
            + "        SelectorSet\n            Selector: Name = new\n\n",
            Taken());
        Assert.Equal(0, await RunAsync("g", ShelfResource.Uri + "?Name=new"));
        Assert.Equal("Box\n    Name = new\n    Tags = a, b\n\n", Taken());
        Assert.Equal(0, await RunAsync("invoke", "Relabel", ShelfResource.Uri + "?Name=new", "@{Tags=\"c\"}"));
        Assert.Equal("Relabel_OUTPUT\n    ReturnValue = 1\n\n", Taken());
        Assert.Equal(0, await RunAsync("set", ShelfResource.Uri + "?Name=new", "@{Tags=\"d\"}"));
        Assert.Equal("Box\n    Name = new\n    Tags = d\n\n", Taken());
        Assert.Equal(0, await RunAsync("delete", ShelfResource.Uri + "?Name=new"));
        Assert.Equal(1, await RunAsync("get", ShelfResource.Uri + "?Name=new"));
        Assert.Contains("Error number:  -2144108544 0x80338000", _errors.ToString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("-format:xml", "<t:Box")]
    [InlineData("-f:PRETTY", "\n    <t:Name>box0</t:Name>")]
    [InlineData("/format:text", "Box\n    Name = box0\n    Tags = \u00fcber\n\n")]
    [Trait("Feature", "CLI-06")]
    public async Task A_list_is_shown_in_the_form_asked_for(string format, string expected)
    {
        await StartAsync();

        Assert.Equal(0, await RunAsync("enumerate", ShelfResource.Uri, format));

        Assert.Contains(expected, Taken(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("-o", "json")]
    [InlineData("--output=json")]
    [InlineData("-format:json")]
    public async Task Json_is_one_object_a_line(params string[] format)
    {
        await StartAsync();

        Assert.Equal(0, await RunAsync(["enum", ShelfResource.Uri, .. format]));

        var lines = Taken().TrimEnd().Split('\n');
        Assert.Equal(3, lines.Length);
        Assert.Equal("box1", JsonDocument.Parse(lines[1]).RootElement.GetProperty("Name").GetString());
    }

    [Fact]
    public async Task A_fault_as_json_is_on_the_error_stream()
    {
        await StartAsync();

        Assert.Equal(1, await RunAsync("get", "urn:nothing", "-o", "json"));

        var fault = JsonDocument.Parse(_errors.ToString()).RootElement.GetProperty("fault");
        Assert.Equal("0x80338000", fault.GetProperty("hex").GetString());
        Assert.Empty(Taken());
    }

    [Fact]
    public async Task References_and_filters_are_asked_for_by_switches()
    {
        await StartAsync();

        Assert.Equal(0, await RunAsync("enumerate", ShelfResource.Uri, "-returntype:epr", "-dialect:selector", "-filter:{Name=\"box2\"}"));

        Assert.Equal(
            "EndpointReference\n    Address = http://schemas.xmlsoap.org/ws/2004/08/addressing/role/anonymous\n    ReferenceParameters\n"
            + $"        ResourceURI = {ShelfResource.Uri}\n        SelectorSet\n            Selector: Name = box2\n\n",
            Taken());
    }

    [Theory]
    [InlineData("'fetch' is not a verb", "fetch", "x")]
    [InlineData("Did you mean -format?", "get", "x", "-formt:xml")]
    [InlineData("needs a value", "get", "x", "-format")]
    [InlineData("given twice", "get", "x", "-f:xml", "-format:text")]
    [InlineData("takes no value", "enumerate", "x", "-shallow:yes")]
    [InlineData("the input is missing", "set", "urn:x")]
    [InlineData("the resource is missing: winrm get RESOURCE", "get")]
    [InlineData("'y' is one word too many", "get", "urn:x", "y")]
    [InlineData("-filter is not a switch of get", "get", "urn:x", "-filter:select")]
    [InlineData("the method is missing", "invoke")]
    [InlineData("put all of it in single quotes", "set", "urn:x", "{A=1}")]
    [InlineData("not both", "set", "urn:x", "@{A=1}", "-file:x.xml")]
    [InlineData("Could not find", "set", "urn:x", "-file:/no/such/file.xml")]
    [InlineData("-returntype is", "enumerate", "urn:x", "-returntype:all")]
    [InlineData("-dialect needs a -filter", "enumerate", "urn:x", "-dialect:wql")]
    [InlineData("-associations goes with", "enumerate", "urn:x", "-associations")]
    [InlineData("starts from an Object", "enumerate", "wmicimv2/*", "-dialect:association", "-filter:{Role=a}")]
    [InlineData("'Roll' does not stand in such a filter", "enumerate", "wmicimv2/*", "-dialect:association", "-filter:{Object=a;Roll=a}")]
    [InlineData("not a dialect", "enumerate", "urn:x", "-dialect:sql", "-filter:x")]
    [InlineData("-dialect needs a -fragment", "get", "urn:x", "-dialect:wql")]
    [InlineData("-encoding is utf-8 or utf-16", "get", "urn:x", "-encoding:latin1")]
    [InlineData("-timeout is a number", "get", "urn:x", "-timeout:soon")]
    [InlineData("goes with identify only", "get", "urn:x", "-auth:none")]
    [InlineData("cannot be the name of a property", "create", "urn:x", "@{1A=\"x\"}")]
    [InlineData("a character that XML cannot", "create", "urn:x", "@{A=\"\u0001\"}")]
    [InlineData("not a format", "get", "urn:x", "-format:html")]
    public async Task A_command_line_that_means_nothing_is_told_why(string problem, params string[] arguments)
    {
        await StartAsync();

        Assert.Equal(1, await RunAsync(arguments));

        Assert.StartsWith("Error: ", _errors.ToString(), StringComparison.Ordinal);
        Assert.Contains(problem, _errors.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_number_that_is_none_is_told_so()
    {
        Assert.Equal(1, await new WinRmFace(Terminal()).RunAsync(["helpmsg", "many"], default));
        Assert.Contains("'many' is not an error number", _errors.ToString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("5", "5 (0x00000005) ERROR_ACCESS_DENIED")]
    [InlineData("0x80338000", "2150858752")]
    [InlineData("-2144108544", "0x80338000")]
    [Trait("Feature", "CLI-13")]
    public async Task Error_numbers_are_explained(string number, string text)
    {
        Assert.Equal(0, await new WinRmFace(Terminal()).RunAsync(["HelpMsg", number], default));
        Assert.Contains(text, Taken(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("-?")]
    [InlineData("/?")]
    [InlineData("--help")]
    public async Task Every_verb_explains_itself(string help)
    {
        Assert.All(Verbs.All, verb =>
        {
            Assert.Equal(0, new WinRmFace(Terminal()).RunAsync([verb.Name, help], default).GetAwaiter().GetResult());
            var text = Taken();
            Assert.StartsWith(verb.Usage, text, StringComparison.Ordinal);
            Assert.Contains("\n  winrm ", text, StringComparison.Ordinal);
            Assert.All(verb.Switches, name => Assert.Contains(name[0] == '-' ? name : "-" + name, text + WinRmHelp.Of("switches"), StringComparison.OrdinalIgnoreCase));
        });
        Assert.Equal(0, await new WinRmFace(Terminal()).RunAsync([help], default));
        Assert.StartsWith("winrm: manage", Taken(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("uris", "wmicimv2/")]
    [InlineData("alias", "shell")]
    [InlineData("Input", "$null")]
    [InlineData("filters", "association")]
    [InlineData("switches", "-skipCAcheck")]
    [InlineData("e", "winrm enumerate RESOURCE")]
    public async Task Topics_are_explained(string topic, string text)
    {
        Assert.Equal(0, await new WinRmFace(Terminal()).RunAsync(["help", topic], default));
        Assert.Contains(text, Taken(), StringComparison.Ordinal);
    }

    [Fact]
    [Trait("Feature", "CLI-12")]
    public async Task A_wrong_pin_and_a_wrong_password_say_what_to_do()
    {
        await StartAsync();

        Assert.Equal(1, await new WinRmFace(Terminal()).RunAsync(["id", "-r:" + _service.Https, "--pin", new string('a', 64)], default));
        Assert.Contains("not the pinned one", _errors.ToString(), StringComparison.Ordinal);
        Assert.Equal(1, await new WinRmFace(Terminal() with { Environment = name => name == "FARWIRE_PASSWORD" ? "wrong" : null }).RunAsync(
            ["get", ShelfResource.Uri, "-r:" + _service.Https, "-u:Ann", "--pin", _service.CertificateSha256], default));
        Assert.Contains("Check user and password", _errors.ToString(), StringComparison.Ordinal);
    }

    public async ValueTask DisposeAsync()
    {
        if (_service is not null)
        {
            await _service.DisposeAsync();
        }
    }

    private async Task StartAsync() => _service = await EdgeService.StartAsync();

    private Terminal Terminal() => new(TextReader.Null, _output, _errors) { Environment = name => name == "FARWIRE_PASSWORD" ? "secret" : null };

    private Task<int> RunAsync(params string[] arguments) => new WinRmFace(Terminal()).RunAsync(
        [.. arguments, "-r:" + _service.Https, "-u:Ann", "--pin", _service.CertificateSha256], default);

    private string Taken()
    {
        var text = _output.ToString();
        _output.GetStringBuilder().Clear();
        return text;
    }
}
