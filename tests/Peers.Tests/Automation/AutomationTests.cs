using System.Reflection;
using System.Xml.Linq;
using Farwire.Client.Automation;
using Farwire.Client.Connection;
using Farwire.Protocol.Faults;
using Farwire.Protocol.Names;

namespace Farwire.Peers.Tests.Automation;

/// <summary>The automation objects against the built service.</summary>
public sealed class AutomationTests(RunningService service)
{
    private const string CimV2 = "http://schemas.microsoft.com/wbem/wsman/1/wmi/root/cimv2/";

    [Fact]
    [Trait("Feature", "API-01")]
    public void A_bad_host_shows_at_the_first_operation_and_not_before()
    {
        var wsman = NewWSMan();
        using var session = wsman.CreateSession("https://127.0.0.1:1");
        Assert.Equal("", wsman.Error + session.Error);

        var failure = Assert.Throws<WSManTransportException>(() => session.Get("winrm/config"));

        Assert.Equal(TransportFailure.Connect, failure.Failure);
        Assert.Equal(unchecked((int)0x80338012), failure.HResult);
        Assert.Equal("2150858770", XElement.Parse(session.Error).Attribute("Code")?.Value);
        Assert.Equal("", wsman.Error);
    }

    [Theory]
    [InlineData("UTF8", 0x1)]
    [InlineData("CredUsernamePassword", 0x1000)]
    [InlineData("SkipCACheck", 0x2000)]
    [InlineData("SkipCNCheck", 0x4000)]
    [InlineData("UseNoAuthentication", 0x8000)]
    [InlineData("UseDigest", 0x10000)]
    [InlineData("UseNegotiate", 0x20000)]
    [InlineData("UseBasic", 0x40000)]
    [InlineData("UseKerberos", 0x80000)]
    [InlineData("NoEncryption", 0x100000)]
    [InlineData("UseClientCertificate", 0x200000)]
    [InlineData("EnableSPNServerPort", 0x400000)]
    [InlineData("UTF16", 0x800000)]
    [InlineData("UseCredSsp", 0x1000000)]
    [InlineData("SkipRevocationCheck", 0x2000000)]
    [InlineData("AllowNegotiateImplicitCredentials", 0x4000000)]
    [InlineData("UseSsl", 0x8000000)]
    [Trait("Feature", "API-04")]
    public void Flags_of_sessions_have_the_documented_values(string name, int value) => Assert.Equal(value, Call("SessionFlag" + name));

    [Theory]
    [InlineData("ReturnObject", 0)]
    [InlineData("HierarchyDeep", 0)]
    [InlineData("AssociatedInstance", 0)]
    [InlineData("NonXmlText", 0x1)]
    [InlineData("ReturnEPR", 0x2)]
    [InlineData("ReturnObjectAndEPR", 0x4)]
    [InlineData("HierarchyShallow", 0x20)]
    [InlineData("HierarchyDeepBasePropsOnly", 0x40)]
    [InlineData("AssociationInstance", 0x80)]
    [Trait("Feature", "API-04")]
    public void Flags_of_enumerations_have_the_documented_values(string name, int value) => Assert.Equal(value, Call("EnumerationFlag" + name));

    [Fact]
    [Trait("Feature", "API-04")]
    public void Flags_that_contradict_each_other_make_no_session()
    {
        var wsman = NewWSMan();
        foreach (var flags in new[]
        {
            wsman.SessionFlagUseNoAuthentication() | wsman.SessionFlagSkipCACheck(), wsman.SessionFlagUseBasic() | wsman.SessionFlagUseDigest(), wsman.SessionFlagUTF8() | wsman.SessionFlagUTF16(),
            wsman.SessionFlagUseClientCertificate(), 0x2, 0x10000000,
        })
        {
            Assert.Throws<ArgumentException>(() => wsman.CreateSession("https://localhost", flags));
            Assert.Equal("2147942487", XElement.Parse(wsman.Error).Attribute("Code")?.Value);
        }
    }

    [Fact]
    [Trait("Feature", "API-05")]
    public void After_a_fault_the_session_tells_it_as_XML_until_something_goes_well()
    {
        using var session = Open();

        var refused = Assert.Throws<WSManFaultException>(() => session.Get(CimV2 + "Win32_Process?Handle=0"));

        var error = XElement.Parse(session.Error);
        Assert.Equal(XName.Get("WSManFault", Namespaces.Fault), error.Name);
        Assert.Equal(refused.Fault.Code.ToString(System.Globalization.CultureInfo.InvariantCulture), error.Attribute("Code")?.Value);
        Assert.Equal(refused.HResult, unchecked((int)refused.Fault.Code));
        Assert.Contains("There is no Win32_Process with Handle=0", error.Element(XName.Get("Message", Namespaces.Fault))?.Value, StringComparison.Ordinal);
        session.Get(CimV2 + "Win32_OperatingSystem");
        Assert.Equal("", session.Error);
    }

    [Fact]
    [Trait("Feature", "API-06")]
    public void A_password_is_written_and_never_read()
    {
        var options = new WSMan().CreateConnectionOptions();
        options.UserName = "ann";
        options.Password = "s3cret-of-ann";

        var property = typeof(ConnectionOptions).GetProperty("Password")!;

        Assert.Equal((true, false), (property.CanWrite, property.CanRead));
        Assert.DoesNotContain(
            typeof(ConnectionOptions).GetProperties().Where(p => p.CanRead).Select(p => p.GetValue(options)?.ToString()).Append(options.ToString()), text => text!.Contains("s3cret", StringComparison.Ordinal));
        Assert.Equal(
            [1, 2, 4, 8, 1, 2, 4],
            [options.ProxyIEConfig(), options.ProxyWinHttpConfig(), options.ProxyAutoDetect(), options.ProxyNoProxyServer(),
                options.ProxyAuthenticationUseNegotiate(), options.ProxyAuthenticationUseBasic(), options.ProxyAuthenticationUseDigest()]);
    }

    [Fact]
    [Trait("Feature", "API-06")]
    public void User_and_password_reach_the_service_and_wrong_ones_do_not_get_in()
    {
        var wsman = NewWSMan();
        var options = wsman.CreateConnectionOptions();
        (options.UserName, options.Password) = (service.User, "wrong");
        var flags = wsman.SessionFlagUseBasic() | wsman.SessionFlagCredUsernamePassword();
        using var wrong = wsman.CreateSession(service.Https, flags, options);
        options.Password = service.Password;
        using var right = wsman.CreateSession(service.Https, flags, options);

        Assert.Equal(5u, Assert.Throws<WSManTransportException>(() => wrong.Get("winrm/config")).ErrorCode);
        Assert.Contains("MaxEnvelopeSizekb", right.Get("winrm/config"), StringComparison.Ordinal);
    }

    [Fact]
    [Trait("Feature", "API-08")]
    public void What_an_enumeration_gives_as_reference_is_a_resource()
    {
        using var session = Open();
        var wsman = NewWSMan();
        using var references = session.Enumerate("wmicimv2/Win32_OperatingSystem", flags: wsman.EnumerationFlagReturnEPR());
        var reference = references.ReadItem();
        Assert.Equal(XName.Get("EndpointReference", Namespaces.Addressing), XElement.Parse(reference).Name);

        Assert.Equal("Win32_OperatingSystem", XElement.Parse(session.Get(reference)).Name.LocalName);
    }

    [Fact]
    [Trait("Feature", "API-14")]
    public void Aliases_are_written_out_in_URIs_and_locators_and_not_in_references()
    {
        using var session = Open();
        var system = XElement.Parse(session.Get(CimV2 + "Win32_OperatingSystem")).Name;
        var locator = NewWSMan().CreateResourceLocator("wmicimv2/Win32_OperatingSystem");
        using var enumerated = session.Enumerate("wmi/root/cimv2/Win32_OperatingSystem");

        Assert.Equal(system, XElement.Parse(session.Get("WMICIMV2/Win32_OperatingSystem")).Name);
        Assert.Equal(system, XElement.Parse(session.Get(locator)).Name);
        Assert.Equal(system, XElement.Parse(enumerated.ReadItem()).Name);
        Assert.Equal(CimV2 + "Win32_OperatingSystem", locator.ResourceURI);
        Assert.StartsWith("<", session.Get("winrm/config"), StringComparison.Ordinal);
        Assert.StartsWith("<", session.Get("wsman/config"), StringComparison.Ordinal);
        const string reference = $"""
            <a:EndpointReference xmlns:a="{Namespaces.Addressing}" xmlns:w="{Namespaces.WSMan}"><a:Address>{Protocol.Addressing.EndpointReference.Anonymous}</a:Address>
            <a:ReferenceParameters><w:ResourceURI>wmicimv2/Win32_OperatingSystem</w:ResourceURI></a:ReferenceParameters></a:EndpointReference>
            """;
        Assert.Throws<WSManFaultException>(() => session.Get(reference));
    }

    [Fact]
    [Trait("Feature", "API-13")]
    public void Filters_show_what_they_are_or_are_told()
    {
        using var session = Open();
        var wsman = NewWSMan();
        const string selectors = $"<w:SelectorSet xmlns:w=\"{Namespaces.WSMan}\"><w:Selector Name=\"ProcessId\">1</w:Selector></w:SelectorSet>";

        Assert.Equal(["1"], Ids(session.Enumerate("wmicimv2/Win32_Process", selectors)));
        Assert.Equal(["1"], Ids(session.Enumerate("wmicimv2/Win32_Process", selectors, Dialects.Selector)));
        Assert.Equal(["1"], Ids(session.Enumerate("wmicimv2/*", "select * from Win32_Process where ProcessId = 1")));
        Assert.Equal(["1"], Ids(session.Enumerate("wmicimv2/*", "select * from Win32_Process where ProcessId = 1", Dialects.Wql)));
        Assert.True(Ids(session.Enumerate("wmicimv2/Win32_Process", "")).Count > 1);
        Assert.Equal(87u, Assert.Throws<ArgumentException>(() => session.Enumerate("wmicimv2/*", "<not xml")).HResult & 0xFFFFu);

        // Text though it begins as XML does: it is the service that refuses it, as a query.
        var asText = Assert.Throws<WSManFaultException>(() => session.Enumerate("wmicimv2/*", "<not xml", flags: wsman.EnumerationFlagNonXmlText()));
        Assert.Contains("CannotProcessFilter", asText.Fault.Subcode, StringComparison.Ordinal);
        Assert.Throws<WSManFaultException>(() => session.Enumerate("wmicimv2/*", "<not xml", Dialects.Wql));

        var locator = wsman.CreateResourceLocator("wmicimv2/Win32_Process");
        Assert.Throws<ArgumentException>(() => session.Enumerate(locator, selectors));
        Assert.Throws<ArgumentException>(() => session.Enumerate(locator, "", Dialects.Wql));
        Assert.True(Ids(session.Enumerate(locator)).Count > 1);
    }

    [Theory]
    [InlineData("5")]
    [InlineData("0x80338012")]
    [InlineData("-2144108526")]
    [InlineData("2150858778")]
    [InlineData("0x803380FA")]
    [Trait("Feature", "API-09")]
    public async Task The_text_of_a_number_is_that_of_helpmsg(string number)
    {
        var printed = await Commands.RunAsync(RunningService.Program("farwire"), ["winrm", "helpmsg", number]);

        var text = new WSMan().GetErrorMessage(number.StartsWith("0x", StringComparison.Ordinal) ? Convert.ToInt64(number, 16) : long.Parse(number, System.Globalization.CultureInfo.InvariantCulture));

        Assert.Equal(printed.Output, text + "\n");
    }

    [Fact]
    [Trait("Feature", "API-09")]
    public async Task A_number_that_nobody_knows_has_no_text_on_either_way()
    {
        Assert.Equal(1, (await Commands.RunAsync(RunningService.Program("farwire"), ["winrm", "helpmsg", "0xDEADBEEF"])).ExitCode);
        var wsman = new WSMan();
        Assert.Throws<ArgumentException>(() => wsman.GetErrorMessage(0xDEADBEEF));
        Assert.Contains("not known", wsman.Error, StringComparison.Ordinal);
    }

    private static int Call(string method) => (int)typeof(WSMan).GetMethod(method, BindingFlags.Public | BindingFlags.Instance, [])!.Invoke(new WSMan(), [])!;

    private static List<string> Ids(Enumerator items)
    {
        using (items)
        {
            var ids = new List<string>();
            while (!items.AtEndOfStream)
            {
                ids.Add(XElement.Parse(items.ReadItem()).Elements().First(e => e.Name.LocalName == "ProcessId").Value);
            }

            return ids;
        }
    }

    private WSMan NewWSMan() => new() { Settings = new AutomationSettings { CertificateSha256 = service.CertificateSha256 } };

    private Session Open()
    {
        var wsman = NewWSMan();
        var options = wsman.CreateConnectionOptions();
        (options.UserName, options.Password) = (service.User, service.Password);
        return wsman.CreateSession(service.Https, wsman.SessionFlagCredUsernamePassword(), options);
    }
}
