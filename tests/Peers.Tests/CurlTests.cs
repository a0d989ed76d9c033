using System.Text;
using System.Text.RegularExpressions;

namespace Farwire.Peers.Tests;

/// <summary>curl with SOAP written by hand: what any client may send.</summary>
public sealed class CurlTests(RunningService service)
{
    private const string Transfer = "http://schemas.xmlsoap.org/ws/2004/09/transfer";
    private const string Enumeration = "http://schemas.xmlsoap.org/ws/2004/09/enumeration";
    private const string Wmi = "http://schemas.microsoft.com/wbem/wsman/1/wmi/root/cimv2";
    private const string Dmtf = "http://schemas.dmtf.org/wbem/wscim/1/cim-schema/2";
    private const string Wql = "http://schemas.microsoft.com/wbem/wsman/1/WQL";
    private const string Identify = "<i:Identify xmlns:i=\"http://schemas.dmtf.org/wbem/wsman/identity/1/wsmanidentity.xsd\"/>";

    [Fact]
    [Trait("Feature", "SVC-12")]
    public async Task Identify_without_a_user_tells_nothing_of_the_system()
    {
        var answer = await SendAsync(Soap.Envelope("", Identify), user: null, headers: ["WSMANIDENTIFY: unauthenticated"]);

        Assert.Equal(200, answer.Status);
        Assert.Contains("<wsmid:ProductVendor>Farwire<", answer.Body, StringComparison.Ordinal);
        Assert.Contains("OS: 0.0.0 SP: 0.0 Stack: 3.0", answer.Body, StringComparison.Ordinal);
        Assert.DoesNotContain("SecurityProfile", answer.Body, StringComparison.Ordinal);
        Assert.Equal(200, (await SendAsync(Soap.Envelope("", Identify), user: null, address: service.Http.Replace("/wsman", "/wsman-anon/identify", StringComparison.Ordinal))).Status);
    }

    [Fact]
    [Trait("Feature", "SVC-13")]
    public async Task Identify_with_a_user_tells_the_kernel()
    {
        var answer = await SendAsync(Soap.Envelope("", Identify));
        var kernel = (await Commands.RunAsync("uname", ["-r"])).Output.Trim().Split('-')[0];

        Assert.Contains($"OS: {kernel} SP: 0.0 Stack: 3.0", answer.Body, StringComparison.Ordinal);
    }

    [Fact]
    [Trait("Feature", "AUT-01")]
    public async Task Basic_works_over_TLS_and_a_wrong_password_does_not()
    {
        var right = await SendAsync(Soap.Get(Wmi + "/Win32_OperatingSystem"), address: service.Https);
        var wrong = await SendAsync(Soap.Get(Wmi + "/Win32_OperatingSystem"), address: service.Https, user: $"{service.User}:wrong");

        Assert.Equal(200, right.Status);
        Assert.Equal(401, wrong.Status);
        Assert.Contains("WWW-Authenticate: Basic realm=\"WSMAN\"", wrong.Head, StringComparison.OrdinalIgnoreCase);
    }

    [Fact]
    [Trait("Feature", "PRO-01")]
    public async Task A_Get_with_prefixes_and_blanks_of_its_own_is_answered()
    {
        var answer = await SendAsync($"""
            <?xml version="1.0"?>
            <env:Envelope xmlns:env="http://www.w3.org/2003/05/soap-envelope" xmlns:adr="http://schemas.xmlsoap.org/ws/2004/08/addressing" xmlns:man="http://schemas.dmtf.org/wbem/wsman/1/wsman.xsd">
              <env:Header>
                <adr:MessageID> uuid:00000000-0000-0000-0000-000000000001 </adr:MessageID>
                <adr:Action env:mustUnderstand="true">{Transfer}/Get</adr:Action>
                <!-- a comment -->
                <man:ResourceURI env:mustUnderstand="true"><![CDATA[{Wmi}/Win32_OperatingSystem]]></man:ResourceURI>
              </env:Header>
              <env:Body/>
            </env:Envelope>
            """);

        Assert.Equal(200, answer.Status);
        Assert.Contains("<p:Win32_OperatingSystem ", answer.Body, StringComparison.Ordinal);
        Assert.Equal(500, (await SendAsync("<x/>")).Status);
    }

    [Fact]
    [Trait("Feature", "PRO-01")]
    public async Task The_Get_that_the_protocols_page_prints_is_answered()
    {
        // The page "WS-Management Protocol" of the WinRM portal, with the namespaces repaired and a class that is here.
        var answer = await SendAsync($"""
            <s:Envelope xmlns:s="http://www.w3.org/2003/05/soap-envelope"
                        xmlns:a="http://schemas.xmlsoap.org/ws/2004/08/addressing"
                        xmlns:w="http://schemas.dmtf.org/wbem/wsman/1/wsman.xsd">
              <s:Header>
                <a:To>
                  http://schemas.xmlsoap.org/ws/2004/08/addressing/role/anonymous
                </a:To>
                <w:ResourceURI s:mustUnderstand="true">
                  {Wmi}/Win32_Process
                </w:ResourceURI>
                <a:ReplyTo>
                  <a:Address s:mustUnderstand="true">
                    http://schemas.xmlsoap.org/ws/2004/08/addressing/role/anonymous
                  </a:Address>
                </a:ReplyTo>
                <a:Action s:mustUnderstand="true">
                  http://schemas.xmlsoap.org/ws/2004/09/transfer/Get
                </a:Action>
                <w:MaxEnvelopeSize s:mustUnderstand="true">153600</w:MaxEnvelopeSize>
                <a:MessageID>
                  uuid:D9726315-bc91-430b-9ed8-ce5ffb858a91
                </a:MessageID>
                <w:Locale xml:lang="en-US" s:mustUnderstand="false" />
                <w:SelectorSet>
                  <w:Selector Name="Handle">
                    1
                  </w:Selector>
                </w:SelectorSet>
                <w:OperationTimeout>PT60.000S</w:OperationTimeout>
              </s:Header>
              <s:Body />
            </s:Envelope>
            """);

        Assert.Contains("<p:ProcessId>1</p:ProcessId>", answer.Body, StringComparison.Ordinal);
        Assert.Contains("<a:RelatesTo>uuid:D9726315-bc91-430b-9ed8-ce5ffb858a91</a:RelatesTo>", answer.Body, StringComparison.Ordinal);
    }

    public static TheoryData<string, string, string> Broken => new()
    {
        { "<s:Envelope", "w:InternalError", "2150858819" },
        { "<x/>", "w:InternalError", "2150858819" },
        { Soap.Get(Wmi + "/Win32_OperatingSystem").Replace("</s:Body>", "", StringComparison.Ordinal), "w:InternalError", "2150858819" },
        { Soap.Get(Wmi + "/Win32_OperatingSystem").Replace("2003/05/soap-envelope", "2001/12/soap-envelope", StringComparison.Ordinal), "s:VersionMismatch", "2150858765" },
        { Soap.Get(Wmi + "/Win32_OperatingSystem").Replace("2004/08/addressing", "2005/08/addressing", StringComparison.Ordinal), "s:MustUnderstand", "2150858768" },
        { Soap.Envelope("", ""), "a:MessageInformationHeaderRequired", "2150858769" },
        { Soap.Message($"{Enumeration}/Enumerate", Wmi + "/Win32_Process", "<Enumerate xmlns=\"urn:wrong\"/>"), "w:SchemaValidationError", "2150858817" },
    };

    [Theory]
    [MemberData(nameof(Broken))]
    [Trait("Feature", "PRO-01")]
    public async Task A_broken_envelope_is_the_senders_fault(string message, string subcode, string code)
    {
        var answer = await SendAsync(message);

        Assert.Equal((500, code), (answer.Status, answer.Code));
        Assert.Contains($"<s:Value>{subcode}</s:Value>", answer.Body, StringComparison.Ordinal);
        Assert.DoesNotContain("s:Receiver", answer.Body, StringComparison.Ordinal);
    }

    [Fact]
    [Trait("Feature", "PRO-28")]
    public async Task Only_HTTP_1_1_is_spoken()
    {
        var clear = await new Curl(service.Http, null).RunAsync([], "application/soap+xml", "--http2-prior-knowledge");
        var tls = await SendAsync(Soap.Get(Wmi + "/Win32_OperatingSystem"), address: service.Https);

        Assert.NotEqual(0, clear.ExitCode);
        Assert.StartsWith("HTTP/1.1 200", tls.Head, StringComparison.Ordinal); // though curl offers HTTP/2 in the handshake
    }

    [Fact]
    [Trait("Feature", "PRO-02")]
    public async Task UTF_16_is_answered_in_UTF_16()
    {
        var answer = await SendAsync([0xFF, 0xFE, .. Encoding.Unicode.GetBytes(Soap.Get(Wmi + "/Win32_OperatingSystem"))], "application/soap+xml;charset=UTF-16");

        Assert.Contains("Content-Type: application/soap+xml;charset=UTF-16", answer.Head, StringComparison.OrdinalIgnoreCase);
    }

    [Fact]
    [Trait("Feature", "PRO-03")]
    public async Task A_header_that_must_be_understood_and_is_not_faults()
    {
        var answer = await SendAsync(Soap.Get(Wmi + "/Win32_OperatingSystem", "<q:Wings xmlns:q=\"urn:q\" s:mustUnderstand=\"true\"/>"));

        Assert.Equal(500, answer.Status);
        Assert.Contains("s:MustUnderstand", answer.Body, StringComparison.Ordinal);
        Assert.Contains("Wings", answer.Body, StringComparison.Ordinal);
    }

    [Fact]
    [Trait("Feature", "PRO-04")]
    public async Task An_answer_relates_to_its_request_byte_for_byte()
    {
        var answer = await SendAsync(Soap.Get(Wmi + "/Win32_OperatingSystem").Replace("uuid:1", "uuid:aBc-17", StringComparison.Ordinal));

        Assert.Contains("<a:RelatesTo>uuid:aBc-17</a:RelatesTo>", answer.Body, StringComparison.Ordinal);
        Assert.Matches("<a:MessageID>uuid:[0-9A-F]{8}(-[0-9A-F]{4}){3}-[0-9A-F]{12}</a:MessageID>", answer.Body);
    }

    [Theory]
    [Trait("Feature", "PRO-05")]
    [InlineData("8191", "MinimumEnvelopeLimit")]
    [InlineData("8192", null)]
    public async Task An_envelope_may_not_be_asked_to_be_too_small(string size, string? detail)
    {
        var answer = await SendAsync(Soap.Get(Wmi + "/Win32_OperatingSystem", $"<w:MaxEnvelopeSize>{size}</w:MaxEnvelopeSize>"));

        Assert.Equal(detail is null ? 200 : 500, answer.Status);
        Assert.Contains(detail ?? "GetResponse", answer.Body, StringComparison.Ordinal);
    }

    [Fact]
    [Trait("Feature", "PRO-07")]
    public async Task A_negative_duration_faults() =>
        Assert.Equal("2150858767", (await SendAsync(Soap.Get(Wmi + "/Win32_OperatingSystem", "<w:OperationTimeout>PT-1S</w:OperationTimeout>"))).Code);

    [Theory]
    [Trait("Feature", "PRO-08")]
    [InlineData("de-DE", "xml:lang=\"de-DE\">Der Dienst findet die Ressource nicht")]
    [InlineData("en-GB", "xml:lang=\"en-US\">The service cannot find the resource")]
    [InlineData("fr-FR", "xml:lang=\"en-US\">The service cannot find the resource")]
    public async Task Faults_come_in_the_language_asked_for_when_there_is_one(string locale, string mark)
    {
        var answer = await SendAsync(Soap.Get("urn:nothing", $"<w:Locale xml:lang=\"{locale}\"/>"));

        Assert.Contains(mark, Regex.Match(answer.Body, "<s:Text .*</s:Text>").Value, StringComparison.Ordinal);
    }

    [Fact]
    [Trait("Feature", "PRO-09")]
    [Trait("Feature", "PRO-10")]
    public async Task An_unknown_resource_faults_with_all_the_detail()
    {
        var answer = await SendAsync(Soap.Get("http://schemas.microsoft.com/wbem/wsman/1/nothing"));

        Assert.Equal(500, answer.Status);
        Assert.Contains("<s:Value>a:DestinationUnreachable</s:Value>", answer.Body, StringComparison.Ordinal);
        Assert.Contains("faultDetail/InvalidResourceURI", answer.Body, StringComparison.Ordinal);
        Assert.Matches("<f:WSManFault [^>]*Code=\"2150858752\"[^>]*Machine=\"[^\"]+\"", answer.Body);
        Assert.Contains("<f:Message>", answer.Body, StringComparison.Ordinal);
    }

    [Theory]
    [Trait("Feature", "PRO-13")]
    [InlineData("<w:Selector Name=\"Wings\">2</w:Selector>", "2150858843")]
    [InlineData("<w:Selector Name=\"Handle\">1</w:Selector><w:Selector Name=\"Handle\">1</w:Selector>", "2150858847")]
    public async Task Selectors_that_do_not_fit_fault(string selectors, string code)
    {
        var answer = await SendAsync(Soap.Get(Wmi + "/Win32_Process", $"<w:SelectorSet>{selectors}</w:SelectorSet>"));

        Assert.Contains("w:InvalidSelectors", answer.Body, StringComparison.Ordinal);
        Assert.Equal(code, answer.Code);
    }

    [Fact]
    [Trait("Feature", "PRO-16")]
    public async Task An_enumeration_is_opened_pulled_and_released()
    {
        var opened = await SendAsync(Soap.Message($"{Enumeration}/Enumerate", Wmi + "/Win32_Process", "<n:Enumerate/>"));
        var context = opened.Context;
        var pulled = await SendAsync(Soap.Message($"{Enumeration}/Pull", Wmi + "/Win32_Process", $"<n:Pull><n:EnumerationContext>{context}</n:EnumerationContext><n:MaxElements>2</n:MaxElements></n:Pull>"));
        var released = await SendAsync(Soap.Message($"{Enumeration}/Release", Wmi + "/Win32_Process", $"<n:Release><n:EnumerationContext>{pulled.Context}</n:EnumerationContext></n:Release>"));
        var after = await SendAsync(Soap.Message($"{Enumeration}/Pull", Wmi + "/Win32_Process", $"<n:Pull><n:EnumerationContext>{context}</n:EnumerationContext></n:Pull>"));

        Assert.Equal(2, Regex.Count(pulled.Body, "<p:Win32_Process "));
        Assert.Contains("<n:Items>", pulled.Body, StringComparison.Ordinal);
        Assert.Contains("ReleaseResponse", released.Body, StringComparison.Ordinal);
        Assert.Equal("2150858779", after.Code);
    }

    [Fact]
    [Trait("Feature", "PRO-17")]
    public async Task An_optimised_enumeration_brings_its_items_at_once()
    {
        var answer = await SendAsync(Soap.Message(
            $"{Enumeration}/Enumerate", Wmi + "/Win32_OperatingSystem", "<n:Enumerate><w:OptimizeEnumeration/><w:MaxElements>10</w:MaxElements></n:Enumerate>"));

        Assert.Matches("<n:EnumerationContext(/>|></n:EnumerationContext>)<w:Items><p:Win32_OperatingSystem .*</w:Items><w:EndOfSequence/>", answer.Body);
    }

    [Theory]
    [Trait("Feature", "PRO-19")]
    [InlineData("EnumerateEPR", "<w:Items><a:EndpointReference>")]
    [InlineData("EnumerateObjectAndEPR", "<w:Items><w:Item><p:Win32_ComputerSystem ")]
    public async Task References_come_in_the_shape_asked_for(string mode, string shape)
    {
        var answer = await SendAsync(Soap.Message(
            $"{Enumeration}/Enumerate", Wmi + "/Win32_ComputerSystem", $"<n:Enumerate><w:OptimizeEnumeration/><w:EnumerationMode>{mode}</w:EnumerationMode></n:Enumerate>"));

        Assert.Contains(shape, answer.Body, StringComparison.Ordinal);
        Assert.Contains("<w:Selector Name=\"Name\">", answer.Body, StringComparison.Ordinal);
    }

    [Fact]
    [Trait("Feature", "PRO-21")]
    public async Task Queries_and_selector_filters_choose_the_rows()
    {
        var query = await QueryAsync("select Name, ProcessId from Win32_Process where ProcessId = 1");
        var selected = await SendAsync(Soap.Message(
            $"{Enumeration}/Enumerate", Wmi + "/Win32_Process",
            "<n:Enumerate><w:OptimizeEnumeration/><w:MaxElements>10</w:MaxElements><w:Filter Dialect=\"http://schemas.dmtf.org/wbem/wsman/1/wsman/SelectorFilter\">"
            + "<w:SelectorSet><w:Selector Name=\"ProcessId\">1</w:Selector></w:SelectorSet></w:Filter></n:Enumerate>"));
        var shallow = await SendAsync(Soap.Message(
            $"{Enumeration}/Enumerate", Wmi + "/*",
            $"<n:Enumerate><w:Filter Dialect=\"{Wql}\">select * from Win32_Process</w:Filter><b:PolymorphismMode xmlns:b=\"http://schemas.dmtf.org/wbem/wsman/1/cimbinding.xsd\">None</b:PolymorphismMode></n:Enumerate>"));

        Assert.Matches("<w:XmlFragment [^>]*><Name>[^<]+</Name><ProcessId>1</ProcessId></w:XmlFragment>", query);
        Assert.Equal(1, Regex.Count(selected.Body, "<p:Win32_Process "));
        Assert.Equal("2150859063", shallow.Code);
    }

    [Theory]
    [Trait("Feature", "WMI-10")]
    [InlineData("ProcessId = 1", true)]
    [InlineData("ProcessId = 1 and not (ProcessId <> 1)", true)]
    [InlineData("ProcessId < 2 and ProcessId > 0 or ProcessId = 99999999", true)]
    [InlineData("ProcessId = 1 and Name like '%'", true)]
    [InlineData("ProcessId = 1 and TerminationDate is null", true)]
    [InlineData("ProcessId = 1 and TerminationDate is not null", false)]
    [InlineData("ProcessId = 1 and __this isa 'CIM_Process'", true)]
    [InlineData("ProcessId = 1 and __this isa 'CIM_Service'", false)]
    public async Task Every_operator_of_WQL_works(string condition, bool found) =>
        Assert.Equal(found, (await QueryAsync("select ProcessId from Win32_Process where " + condition)).Contains("<ProcessId>1</ProcessId>", StringComparison.Ordinal));

    [Fact]
    [Trait("Feature", "WMI-03")]
    public async Task Keys_are_needed_unless_there_is_only_one_instance()
    {
        var single = await SendAsync(Soap.Get(Wmi + "/Win32_OperatingSystem"));
        var tooMuch = await SendAsync(Soap.Get(Wmi + "/Win32_OperatingSystem", Soap.Selectors(("Wings", "2"))));
        var keyless = await SendAsync(Soap.Get(Wmi + "/Win32_Process"));

        Assert.Equal(200, single.Status);
        Assert.Equal("2150858843", tooMuch.Code);
        Assert.Equal("2150859002", keyless.Code); // 0x803380FA
    }

    [Fact]
    [Trait("Feature", "WMI-04")]
    public async Task Both_families_of_URIs_reach_the_class()
    {
        var answer = await SendAsync(Soap.Get(Dmtf + "/win32_operatingsystem", "<w:SelectorSet><w:Selector Name=\"__cimnamespace\">root/cimv2</w:Selector></w:SelectorSet>"));

        Assert.Contains($"<p:Win32_OperatingSystem xmlns:xsi=\"http://www.w3.org/2001/XMLSchema-instance\" xmlns:p=\"{Dmtf}/Win32_OperatingSystem\"", answer.Body, StringComparison.Ordinal);
    }

    [Fact]
    [Trait("Feature", "PRO-28")]
    public async Task Statuses_are_those_of_HTTP_and_a_connection_serves_many_requests()
    {
        var file = Path.GetTempFileName();
        await File.WriteAllTextAsync(file, Soap.Get(Wmi + "/Win32_OperatingSystem"));
        var many = await Commands.RunAsync("curl", ["-sv", "-u", $"{service.User}:{service.Password}", "-H", "Content-Type: application/soap+xml;charset=UTF-8", "--data-binary", "@" + file, service.Http, service.Http, service.Http]);
        File.Delete(file);

        Assert.Equal(3, Regex.Count(many.Errors, "< HTTP/1.1 200"));
        Assert.Equal(2, Regex.Count(many.Errors, "Re-using existing connection"));
        Assert.Equal(401, (await SendAsync(Soap.Get("x"), user: null)).Status);
        Assert.Equal(500, (await SendAsync(Soap.Get("urn:x"))).Status);
        Assert.Equal(204, (await SendAsync(Soap.Message("http://schemas.microsoft.com/wbem/wsman/1/wsman/End", "http://schemas.microsoft.com/wbem/wsman/1/wsman/FullDuplex", ""))).Status);
    }

    [Fact]
    [Trait("Feature", "QLT-02")]
    public async Task An_external_entity_is_refused()
    {
        var answer = await SendAsync("<!DOCTYPE x [<!ENTITY e SYSTEM \"file:///etc/passwd\">]>" + Soap.Get("&e;"));

        Assert.Equal(500, answer.Status);
        Assert.DoesNotContain("root:", answer.Body, StringComparison.Ordinal);
    }

    private async Task<string> QueryAsync(string query) => (await SendAsync(Soap.Message(
        $"{Enumeration}/Enumerate", Wmi + "/*",
        $"<n:Enumerate><w:OptimizeEnumeration/><w:MaxElements>100</w:MaxElements><w:Filter Dialect=\"{Wql}\">{System.Security.SecurityElement.Escape(query)}</w:Filter></n:Enumerate>"))).Body;

    private Task<Answer> SendAsync(string message, string? address = null, string? user = "", string[]? headers = null) =>
        SendAsync(Encoding.UTF8.GetBytes(message), "application/soap+xml;charset=UTF-8", address, user, headers);

    private Task<Answer> SendAsync(byte[] message, string type, string? address = null, string? user = "", string[]? headers = null) =>
        new Curl(address ?? service.Http, user is "" ? $"{service.User}:{service.Password}" : user)
            .SendAsync(message, type, [.. (headers ?? []).SelectMany(h => new[] { "-H", h })]);
}
