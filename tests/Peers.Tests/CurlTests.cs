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
        var answer = await SendAsync(Soap("", Identify), user: null, headers: ["WSMANIDENTIFY: unauthenticated"]);

        Assert.Equal(200, answer.Status);
        Assert.Contains("<wsmid:ProductVendor>Farwire<", answer.Body, StringComparison.Ordinal);
        Assert.Contains("OS: 0.0.0 SP: 0.0 Stack: 3.0", answer.Body, StringComparison.Ordinal);
        Assert.DoesNotContain("SecurityProfile", answer.Body, StringComparison.Ordinal);
        Assert.Equal(200, (await SendAsync(Soap("", Identify), user: null, address: service.Http.Replace("/wsman", "/wsman-anon/identify", StringComparison.Ordinal))).Status);
    }

    [Fact]
    [Trait("Feature", "SVC-13")]
    public async Task Identify_with_a_user_tells_the_kernel()
    {
        var answer = await SendAsync(Soap("", Identify));
        var kernel = (await Commands.RunAsync("uname", ["-r"])).Output.Trim().Split('-')[0];

        Assert.Contains($"OS: {kernel} SP: 0.0 Stack: 3.0", answer.Body, StringComparison.Ordinal);
    }

    [Fact]
    [Trait("Feature", "AUT-01")]
    public async Task Basic_works_over_TLS_and_a_wrong_password_does_not()
    {
        var right = await SendAsync(Get(Wmi + "/Win32_OperatingSystem"), address: service.Https);
        var wrong = await SendAsync(Get(Wmi + "/Win32_OperatingSystem"), address: service.Https, user: $"{service.User}:wrong");

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
    [Trait("Feature", "PRO-02")]
    public async Task UTF_16_is_answered_in_UTF_16()
    {
        var answer = await SendAsync([0xFF, 0xFE, .. Encoding.Unicode.GetBytes(Get(Wmi + "/Win32_OperatingSystem"))], "application/soap+xml;charset=UTF-16");

        Assert.Contains("Content-Type: application/soap+xml;charset=UTF-16", answer.Head, StringComparison.OrdinalIgnoreCase);
    }

    [Fact]
    [Trait("Feature", "PRO-03")]
    public async Task A_header_that_must_be_understood_and_is_not_faults()
    {
        var answer = await SendAsync(Get(Wmi + "/Win32_OperatingSystem", "<q:Wings xmlns:q=\"urn:q\" s:mustUnderstand=\"true\"/>"));

        Assert.Equal(500, answer.Status);
        Assert.Contains("s:MustUnderstand", answer.Body, StringComparison.Ordinal);
        Assert.Contains("Wings", answer.Body, StringComparison.Ordinal);
    }

    [Fact]
    [Trait("Feature", "PRO-04")]
    public async Task An_answer_relates_to_its_request_byte_for_byte()
    {
        var answer = await SendAsync(Get(Wmi + "/Win32_OperatingSystem").Replace("uuid:1", "uuid:aBc-17", StringComparison.Ordinal));

        Assert.Contains("<a:RelatesTo>uuid:aBc-17</a:RelatesTo>", answer.Body, StringComparison.Ordinal);
        Assert.Matches("<a:MessageID>uuid:[0-9A-F]{8}(-[0-9A-F]{4}){3}-[0-9A-F]{12}</a:MessageID>", answer.Body);
    }

    [Theory]
    [Trait("Feature", "PRO-05")]
    [InlineData("8191", "MinimumEnvelopeLimit")]
    [InlineData("8192", null)]
    public async Task An_envelope_may_not_be_asked_to_be_too_small(string size, string? detail)
    {
        var answer = await SendAsync(Get(Wmi + "/Win32_OperatingSystem", $"<w:MaxEnvelopeSize>{size}</w:MaxEnvelopeSize>"));

        Assert.Equal(detail is null ? 200 : 500, answer.Status);
        Assert.Contains(detail ?? "GetResponse", answer.Body, StringComparison.Ordinal);
    }

    [Fact]
    [Trait("Feature", "PRO-07")]
    public async Task A_negative_duration_faults() =>
        Assert.Equal("2150858767", CodeOf(await SendAsync(Get(Wmi + "/Win32_OperatingSystem", "<w:OperationTimeout>PT-1S</w:OperationTimeout>"))));

    [Theory]
    [Trait("Feature", "PRO-08")]
    [InlineData("de-DE", "xml:lang=\"de-DE\"")]
    [InlineData("fr-FR", "xml:lang=\"en-US\"")]
    public async Task Faults_come_in_the_language_asked_for_when_there_is_one(string locale, string mark)
    {
        var answer = await SendAsync(Get("urn:nothing", $"<w:Locale xml:lang=\"{locale}\"/>"));

        Assert.Contains(mark, Regex.Match(answer.Body, "<s:Text [^>]*>").Value, StringComparison.Ordinal);
    }

    [Fact]
    [Trait("Feature", "PRO-09")]
    [Trait("Feature", "PRO-10")]
    public async Task An_unknown_resource_faults_with_all_the_detail()
    {
        var answer = await SendAsync(Get("http://schemas.microsoft.com/wbem/wsman/1/nothing"));

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
        var answer = await SendAsync(Get(Wmi + "/Win32_Process", $"<w:SelectorSet>{selectors}</w:SelectorSet>"));

        Assert.Contains("w:InvalidSelectors", answer.Body, StringComparison.Ordinal);
        Assert.Equal(code, CodeOf(answer));
    }

    [Fact]
    [Trait("Feature", "PRO-16")]
    public async Task An_enumeration_is_opened_pulled_and_released()
    {
        var opened = await SendAsync(Message($"{Enumeration}/Enumerate", Wmi + "/Win32_Process", "<n:Enumerate/>"));
        var context = ContextOf(opened);
        var pulled = await SendAsync(Message($"{Enumeration}/Pull", Wmi + "/Win32_Process", $"<n:Pull><n:EnumerationContext>{context}</n:EnumerationContext><n:MaxElements>2</n:MaxElements></n:Pull>"));
        var released = await SendAsync(Message($"{Enumeration}/Release", Wmi + "/Win32_Process", $"<n:Release><n:EnumerationContext>{ContextOf(pulled)}</n:EnumerationContext></n:Release>"));
        var after = await SendAsync(Message($"{Enumeration}/Pull", Wmi + "/Win32_Process", $"<n:Pull><n:EnumerationContext>{context}</n:EnumerationContext></n:Pull>"));

        Assert.Equal(2, Regex.Count(pulled.Body, "<p:Win32_Process "));
        Assert.Contains("<n:Items>", pulled.Body, StringComparison.Ordinal);
        Assert.Contains("ReleaseResponse", released.Body, StringComparison.Ordinal);
        Assert.Equal("2150858779", CodeOf(after));
    }

    [Fact]
    [Trait("Feature", "PRO-17")]
    public async Task An_optimised_enumeration_brings_its_items_at_once()
    {
        var answer = await SendAsync(Message(
            $"{Enumeration}/Enumerate", Wmi + "/Win32_OperatingSystem", "<n:Enumerate><w:OptimizeEnumeration/><w:MaxElements>10</w:MaxElements></n:Enumerate>"));

        Assert.Matches("<n:EnumerationContext(/>|></n:EnumerationContext>)<w:Items><p:Win32_OperatingSystem .*</w:Items><w:EndOfSequence/>", answer.Body);
    }

    [Theory]
    [Trait("Feature", "PRO-19")]
    [InlineData("EnumerateEPR", "<w:Items><a:EndpointReference>")]
    [InlineData("EnumerateObjectAndEPR", "<w:Items><w:Item><p:Win32_ComputerSystem ")]
    public async Task References_come_in_the_shape_asked_for(string mode, string shape)
    {
        var answer = await SendAsync(Message(
            $"{Enumeration}/Enumerate", Wmi + "/Win32_ComputerSystem", $"<n:Enumerate><w:OptimizeEnumeration/><w:EnumerationMode>{mode}</w:EnumerationMode></n:Enumerate>"));

        Assert.Contains(shape, answer.Body, StringComparison.Ordinal);
        Assert.Contains("<w:Selector Name=\"Name\">", answer.Body, StringComparison.Ordinal);
    }

    [Fact]
    [Trait("Feature", "PRO-21")]
    public async Task Queries_and_selector_filters_choose_the_rows()
    {
        var query = await QueryAsync("select Name, ProcessId from Win32_Process where ProcessId = 1");
        var selected = await SendAsync(Message(
            $"{Enumeration}/Enumerate", Wmi + "/Win32_Process",
            "<n:Enumerate><w:OptimizeEnumeration/><w:MaxElements>10</w:MaxElements><w:Filter Dialect=\"http://schemas.dmtf.org/wbem/wsman/1/wsman/SelectorFilter\">"
            + "<w:SelectorSet><w:Selector Name=\"ProcessId\">1</w:Selector></w:SelectorSet></w:Filter></n:Enumerate>"));
        var shallow = await SendAsync(Message(
            $"{Enumeration}/Enumerate", Wmi + "/*",
            $"<n:Enumerate><w:Filter Dialect=\"{Wql}\">select * from Win32_Process</w:Filter><b:PolymorphismMode xmlns:b=\"http://schemas.dmtf.org/wbem/wsman/1/cimbinding.xsd\">None</b:PolymorphismMode></n:Enumerate>"));

        Assert.Matches("<w:XmlFragment [^>]*><Name>[^<]+</Name><ProcessId>1</ProcessId></w:XmlFragment>", query);
        Assert.Equal(1, Regex.Count(selected.Body, "<p:Win32_Process "));
        Assert.Equal("2150859063", CodeOf(shallow));
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
        var single = await SendAsync(Get(Wmi + "/Win32_OperatingSystem"));
        var keyless = await SendAsync(Get(Wmi + "/Win32_Process"));

        Assert.Equal(200, single.Status);
        Assert.Equal("2150859002", CodeOf(keyless));
    }

    [Fact]
    [Trait("Feature", "WMI-04")]
    public async Task Both_families_of_URIs_reach_the_class()
    {
        var answer = await SendAsync(Get(Dmtf + "/win32_operatingsystem", "<w:SelectorSet><w:Selector Name=\"__cimnamespace\">root/cimv2</w:Selector></w:SelectorSet>"));

        Assert.Contains($"<p:Win32_OperatingSystem xmlns:xsi=\"http://www.w3.org/2001/XMLSchema-instance\" xmlns:p=\"{Dmtf}/Win32_OperatingSystem\"", answer.Body, StringComparison.Ordinal);
    }

    [Fact]
    [Trait("Feature", "PRO-28")]
    public async Task Statuses_are_those_of_HTTP_and_a_connection_serves_many_requests()
    {
        var file = Path.GetTempFileName();
        await File.WriteAllTextAsync(file, Get(Wmi + "/Win32_OperatingSystem"));
        var many = await Commands.RunAsync("curl", ["-sv", "-u", $"{service.User}:{service.Password}", "-H", "Content-Type: application/soap+xml;charset=UTF-8", "--data-binary", "@" + file, service.Http, service.Http, service.Http]);
        File.Delete(file);

        Assert.Equal(3, Regex.Count(many.Errors, "< HTTP/1.1 200"));
        Assert.Equal(2, Regex.Count(many.Errors, "Re-using existing connection"));
        Assert.Equal(401, (await SendAsync(Get("x"), user: null)).Status);
        Assert.Equal(500, (await SendAsync(Get("urn:x"))).Status);
        Assert.Equal(204, (await SendAsync(Message("http://schemas.microsoft.com/wbem/wsman/1/wsman/End", "http://schemas.microsoft.com/wbem/wsman/1/wsman/FullDuplex", ""))).Status);
    }

    [Fact]
    [Trait("Feature", "QLT-02")]
    public async Task An_external_entity_is_refused()
    {
        var answer = await SendAsync("<!DOCTYPE x [<!ENTITY e SYSTEM \"file:///etc/passwd\">]>" + Get("&e;"));

        Assert.Equal(500, answer.Status);
        Assert.DoesNotContain("root:", answer.Body, StringComparison.Ordinal);
    }

    private async Task<string> QueryAsync(string query) => (await SendAsync(Message(
        $"{Enumeration}/Enumerate", Wmi + "/*",
        $"<n:Enumerate><w:OptimizeEnumeration/><w:MaxElements>100</w:MaxElements><w:Filter Dialect=\"{Wql}\">{System.Security.SecurityElement.Escape(query)}</w:Filter></n:Enumerate>"))).Body;

    private Task<Answer> SendAsync(string message, string? address = null, string? user = "", string[]? headers = null) =>
        SendAsync(Encoding.UTF8.GetBytes(message), "application/soap+xml;charset=UTF-8", address, user, headers);

    private async Task<Answer> SendAsync(byte[] message, string type, string? address = null, string? user = "", string[]? headers = null)
    {
        Commands.Need("/usr/bin/curl");
        var arguments = new List<string> { "-sk", "-i", "-H", "Content-Type: " + type, "-H", "Expect:", "--data-binary", "@-", address ?? service.Http };
        if (user is not null)
        {
            arguments.AddRange(["-u", user.Length > 0 ? user : $"{service.User}:{service.Password}"]);
        }

        foreach (var header in headers ?? [])
        {
            arguments.AddRange(["-H", header]);
        }

        var outcome = await Commands.RunAsync("curl", arguments, message);
        Assert.Equal(0, outcome.ExitCode);
        var end = outcome.Output.IndexOf("\r\n\r\n", StringComparison.Ordinal);
        return new Answer(int.Parse(outcome.Output.AsSpan(9, 3), System.Globalization.CultureInfo.InvariantCulture), outcome.Output[..end], outcome.Output[(end + 4)..]);
    }

    private static string Get(string uri, string headers = "") => Message($"{Transfer}/Get", uri, "", headers);

    private static string Message(string action, string uri, string body, string headers = "") => Soap(
        $"<a:To>http://x/wsman</a:To><a:Action s:mustUnderstand=\"true\">{action}</a:Action><a:MessageID>uuid:1</a:MessageID><w:ResourceURI>{uri}</w:ResourceURI>{headers}", body);

    private static string Soap(string headers, string body) =>
        "<s:Envelope xmlns:s=\"http://www.w3.org/2003/05/soap-envelope\" xmlns:a=\"http://schemas.xmlsoap.org/ws/2004/08/addressing\""
        + $" xmlns:w=\"http://schemas.dmtf.org/wbem/wsman/1/wsman.xsd\" xmlns:n=\"{Enumeration}\"><s:Header>{headers}</s:Header><s:Body>{body}</s:Body></s:Envelope>";

    private static string CodeOf(Answer answer) => Regex.Match(answer.Body, "Code=\"([0-9]+)\"").Groups[1].Value;

    private static string ContextOf(Answer answer) => Regex.Match(answer.Body, "<n:EnumerationContext>([^<]+)<").Groups[1].Value;

    private sealed record Answer(int Status, string Head, string Body);
}
