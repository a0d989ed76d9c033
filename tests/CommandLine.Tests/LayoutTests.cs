using Farwire.CommandLine.Output;
using Farwire.Protocol.Faults;

namespace Farwire.CommandLine.Tests;

/// <summary>The layouts byte for byte.</summary>
public sealed class LayoutTests
{
    private const string Service = """
        <p:Win32_Service xmlns:p="urn:p" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" xmlns:cim="http://schemas.dmtf.org/wbem/wscim/1/common"><p:AcceptPause>false</p:AcceptPause><p:Description/><p:InstallDate xsi:nil="true"/><p:Name>Spooler</p:Name><p:Started><cim:Datetime>2026-01-02T03:04:05Z</cim:Datetime></p:Started><p:Tags>a</p:Tags><p:Tags>b &lt; c</p:Tags><cim:Location><x/></cim:Location></p:Win32_Service>
        """;

    [Fact]
    public void Text_shows_an_instance() => Assert.Equal(
        """
        Win32_Service
            AcceptPause = false
            Description
            InstallDate = null
            Name = Spooler
            Started
                Datetime = 2026-01-02T03:04:05Z
            Tags = a, b < c


        """.ReplaceLineEndings("\n"),
        Shown(new TextForm(), Service));

    [Fact]
    public void Text_shows_where_a_setting_comes_from() => Assert.Equal(
        """
        Config
            Client
                Auth
                    Basic = true [Source="GPO"]
                    Digest = true
            TrustedHosts [Source="GPO"]


        """.ReplaceLineEndings("\n"),
        Shown(new TextForm(), "<c:Config xmlns:c=\"urn:c\"><c:Client><c:Auth><c:Basic Source=\"GPO\">true</c:Basic><c:Digest>true</c:Digest></c:Auth></c:Client><c:TrustedHosts Source=\"GPO\"/></c:Config>"));

    [Fact]
    public void Text_shows_a_reference() => Assert.Equal(
        """
        ResourceCreated
            Address = http://schemas.xmlsoap.org/ws/2004/08/addressing/role/anonymous
            ReferenceParameters
                ResourceURI = http://schemas.microsoft.com/wbem/wsman/1/config/listener
                SelectorSet
                    Selector: Address = *, Transport = HTTPS


        """.ReplaceLineEndings("\n"),
        Shown(new TextForm(), """
            <x:ResourceCreated xmlns:x="http://schemas.xmlsoap.org/ws/2004/09/transfer" xmlns:a="http://schemas.xmlsoap.org/ws/2004/08/addressing" xmlns:w="http://schemas.dmtf.org/wbem/wsman/1/wsman.xsd"><a:Address>http://schemas.xmlsoap.org/ws/2004/08/addressing/role/anonymous</a:Address><a:ReferenceParameters><w:ResourceURI>http://schemas.microsoft.com/wbem/wsman/1/config/listener</w:ResourceURI><w:SelectorSet><w:Selector Name="Address">*</w:Selector><w:Selector Name="Transport">HTTPS</w:Selector></w:SelectorSet></a:ReferenceParameters></x:ResourceCreated>
            """));

    [Fact]
    public void Pretty_is_indented_by_four() => Assert.Equal(
        """
        <a xmlns="urn:a">
            <b>1</b>
            <c>
                <d />
            </c>
        </a>

        """.ReplaceLineEndings("\n"),
        Shown(new PrettyForm(), "<a xmlns=\"urn:a\"><b>1</b><c><d/></c></a>"));

    [Fact]
    public void Xml_is_as_it_came_and_a_list_of_it_is_one_element()
    {
        var output = new StringWriter { NewLine = "\n" };
        IOutputForm form = new XmlForm();
        form.StartList(output);
        form.Show(output, "<a><b/></a>");
        form.Show(output, "<a/>");
        form.EndList(output);

        Assert.Equal("<wsman:Results xmlns:wsman=\"http://schemas.dmtf.org/wbem/wsman/1/wsman/results\">\n<a><b/></a>\n<a/>\n</wsman:Results>\n", output.ToString());
    }

    [Fact]
    [Trait("Feature", "CLI-12")]
    public void A_fault_is_a_block_its_number_and_its_text() => Assert.Equal(
        """
        WSManFault
            Message = It is not there.

        Error number:  -2144108544 0x80338000
        It is not there.

        """.ReplaceLineEndings("\n"),
        Shown(new WSManFault { SoapCode = "s:Sender", Action = "a", Code = 0x80338000, Reason = "It is not there." }));

    [Fact]
    [Trait("Feature", "CLI-12")]
    public void What_a_provider_said_stands_deeper() => Assert.Equal(
        """
        WSManFault
            Message
                ProviderFault
                    WSManFault
                        Message = No certificate fits.

        Error number:  -2144108267 0x80338115
        No certificate fits.

        """.ReplaceLineEndings("\n"),
        Shown(new WSManFault
        {
            SoapCode = "s:Sender",
            Action = "a",
            Code = 0x80338115,
            Provider = new ProviderFault("Config provider", "")
            {
                Inner = new WSManFault { SoapCode = "s:Sender", Action = "a", Code = 0x80338115, Reason = "No certificate fits." },
            },
        }));

    private static string Shown(IOutputForm form, string element)
    {
        var output = new StringWriter { NewLine = "\n" };
        form.Show(output, element);
        return output.ToString();
    }

    private static string Shown(WSManFault fault)
    {
        var errors = new StringWriter { NewLine = "\n" };
        Faults.Show(errors, fault, json: false);
        return errors.ToString();
    }
}
