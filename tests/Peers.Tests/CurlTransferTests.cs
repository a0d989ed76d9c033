using System.Text.RegularExpressions;

namespace Farwire.Peers.Tests;

/// <summary>curl against resources that can be made, changed, run and made to wait.</summary>
public sealed class CurlTransferTests(TestServiceProcess service)
{
    [Fact]
    [Trait("Feature", "PRO-11")]
    public async Task A_resource_is_made_read_changed_and_removed()
    {
        var keys = Soap.Selectors(("Name", "made"));
        var created = await SendAsync("Create", Box("<t:Name>made</t:Name><t:Tags>a</t:Tags><t:Tags>b</t:Tags>"));
        var again = await SendAsync("Create", Box("<t:Name>made</t:Name>"));
        var got = await SendAsync("Get", "", Soap.Selectors(("NAME", "MADE")));
        var put = await SendAsync("Put", Box("<t:Name>made</t:Name><t:Tags>c</t:Tags>"), keys);
        var after = await SendAsync("Get", "", keys);
        var deleted = await SendAsync("Delete", "", keys);
        var gone = await SendAsync("Get", "", keys);

        // The address is the one that the client called, whatever it is.
        Assert.Contains("<x:ResourceCreated><a:Address>http://x/wsman</a:Address>", created.Body, StringComparison.Ordinal);
        Assert.Contains("<w:Selector Name=\"Name\">made</w:Selector>", created.Body, StringComparison.Ordinal);
        Assert.Equal("2150858803", again.Code);
        Assert.Contains("<t:Tags>a</t:Tags><t:Tags>b</t:Tags>", got.Body, StringComparison.Ordinal);
        Assert.Contains("transfer/PutResponse", put.Body, StringComparison.Ordinal);
        Assert.Contains("<t:Tags>c</t:Tags></t:Box>", after.Body, StringComparison.Ordinal);
        Assert.Matches("transfer/DeleteResponse.*<s:Body(/>|></s:Body>)", deleted.Body);
        Assert.Equal("2150858752", gone.Code);
    }

    [Fact]
    [Trait("Feature", "PRO-15")]
    public async Task A_method_answers_its_output()
    {
        await SendAsync("Create", Box("<t:Name>labelled</t:Name>"));
        var answer = await service.Curl.SendAsync(Soap.Message(
            TestServiceProcess.Box + "/Relabel", TestServiceProcess.Box,
            $"<t:Relabel_INPUT xmlns:t=\"{TestServiceProcess.Box}\"><t:Tags>x</t:Tags><t:Tags>y</t:Tags><t:Owner><t:First>Bo</t:First></t:Owner></t:Relabel_INPUT>",
            Soap.Selectors(("Name", "labelled"))));

        Assert.Contains($"<a:Action>{TestServiceProcess.Box}/RelabelResponse</a:Action>", answer.Body, StringComparison.Ordinal);
        Assert.Matches("<t:Relabel_OUTPUT [^>]*><t:ReturnValue>2</t:ReturnValue></t:Relabel_OUTPUT>", answer.Body);
    }

    [Fact]
    [Trait("Feature", "PRO-14")]
    public async Task An_option_that_must_be_complied_with_and_is_not_known_faults()
    {
        const string must = "<w:OptionSet s:mustUnderstand=\"true\"><w:Option Name=\"Wings\" MustComply=\"true\">2</w:Option></w:OptionSet>";

        var refused = await SendAsync("Get", "", Soap.Selectors(("Name", "box1")) + must);
        var passed = await SendAsync("Get", "", Soap.Selectors(("Name", "box1")) + must.Replace("MustComply=\"true\"", "", StringComparison.Ordinal));

        Assert.Contains("<s:Value>w:InvalidOptions</s:Value>", refused.Body, StringComparison.Ordinal);
        Assert.Contains("faultDetail/NotSupported", refused.Body, StringComparison.Ordinal);
        Assert.Equal(200, passed.Status);
    }

    [Fact]
    [Trait("Feature", "PRO-05")]
    public async Task An_answer_larger_than_the_client_allows_faults()
    {
        await SendAsync("Create", Box($"<t:Name>large</t:Name><t:Tags>{new string('x', 9000)}</t:Tags>"));

        var small = await SendAsync("Get", "", "<w:MaxEnvelopeSize>8192</w:MaxEnvelopeSize>" + Soap.Selectors(("Name", "large")));
        var large = await SendAsync("Get", "", "<w:MaxEnvelopeSize>16384</w:MaxEnvelopeSize>" + Soap.Selectors(("Name", "large")));
        await SendAsync("Delete", "", Soap.Selectors(("Name", "large")));

        Assert.Contains("<s:Value>w:EncodingLimit</s:Value>", small.Body, StringComparison.Ordinal);
        Assert.Equal((500, "2150858824"), (small.Status, small.Code));
        Assert.Equal(200, large.Status);
    }

    [Fact]
    [Trait("Feature", "PRO-06")]
    public async Task An_operation_past_its_time_faults_TimedOut()
    {
        var answer = await service.Curl.SendAsync(Soap.Get(TestServiceProcess.Slow, "<w:OperationTimeout>PT0.1S</w:OperationTimeout>"));

        Assert.Equal((500, "2150858793"), (answer.Status, answer.Code)); // 0x80338029
        Assert.Contains("<s:Value>w:TimedOut</s:Value>", answer.Body, StringComparison.Ordinal);
    }

    [Fact]
    [Trait("Feature", "PRO-06")]
    public async Task Without_a_time_of_its_own_an_operation_has_the_services()
    {
        await using var hasty = await TestServiceProcess.StartedAsync("MaxTimeout=200");

        Assert.Equal("2150858793", (await hasty.Curl.SendAsync(Soap.Get(TestServiceProcess.Slow))).Code);
        Assert.Equal("2150858793", (await hasty.Curl.SendAsync(Soap.Get(TestServiceProcess.Slow, "<w:OperationTimeout>PT30M</w:OperationTimeout>"))).Code);
    }

    [Fact]
    [Trait("Feature", "WMI-02")]
    public async Task Every_kind_of_value_is_encoded_as_Windows_encodes_it()
    {
        const string uri = Soap.Microsoft + "/wmi/root/test/T_All";

        var answer = await service.Curl.SendAsync(Soap.Get(uri, Soap.Selectors(("Name", "one"))));
        var precise = await service.Curl.SendAsync(Soap.Get(
            uri, Soap.Selectors(("Name", "one")) + "<w:OptionSet><w:Option Name=\"msftwinrm:UsePreciseArrays\" Type=\"xs:boolean\">true</w:Option></w:OptionSet>"));

        Assert.Contains(
            "<p:Big>18446744073709551615</p:Big><p:Empty></p:Empty>"
            + "<p:Inner xmlns:q=\"http://schemas.dmtf.org/wbem/wscim/1/cim-schema/2/T_Inner\" xsi:type=\"q:T_Inner_Type\"><q:A>a&lt;b&gt;</q:A></p:Inner>"
            + "<p:Long><cim:Interval>P1DT2H3M4.5S</cim:Interval></p:Long><p:Name>one</p:Name><p:Nothing xsi:nil=\"true\"/>"
            + "<p:Numbers>3</p:Numbers><p:Numbers>4</p:Numbers>"
            + "<p:Other><a:Address>http://schemas.xmlsoap.org/ws/2004/08/addressing/role/anonymous</a:Address><a:ReferenceParameters>"
            + "<w:ResourceURI>urn:x</w:ResourceURI><w:SelectorSet><w:Selector Name=\"A\">1</w:Selector></w:SelectorSet></a:ReferenceParameters></p:Other>"
            + "<p:Real>1.5</p:Real><p:Small>-7</p:Small><p:When><cim:Datetime>2013-04-15T16:28:38.376625Z</cim:Datetime></p:When><p:Yes>true</p:Yes></p:T_All>",
            answer.Body, StringComparison.Ordinal);
        Assert.Matches("<p:Words xmlns:m=\"http://schemas.microsoft.com/wbem/wsman/1/wsman.xsd\" xsi:nil=\"true\" m:IsNullArray=\"true\"/>", precise.Body);
    }

    private Task<Answer> SendAsync(string verb, string body, string headers = "") =>
        service.Curl.SendAsync(Soap.Message($"{Soap.Transfer}/{verb}", TestServiceProcess.Box, body, headers));

    private static string Box(string content) => Regex.Replace($"<t:Box xmlns:t=\"{TestServiceProcess.Box}\">{content}</t:Box>", "\\s+<", "<");
}
