using System.Xml.Linq;
using Farwire.Client.Automation;
using Farwire.Peers.Tests.Administration;
using Farwire.Protocol.Faults;
using Farwire.Protocol.Names;

namespace Farwire.Peers.Tests.Automation;

/// <summary>The seven methods of a session with the service of this computer, as its administrator runs it.</summary>
public sealed class SessionMethodTests
{
    private const string Listener = "http://schemas.microsoft.com/wbem/wsman/1/config/listener";

    [Fact]
    [Trait("Feature", "API-02")]
    public async Task All_seven_methods_go_there_and_back()
    {
        await using var service = await AdministeredService.StartAsync();
        var wsman = new WSMan { Settings = new AutomationSettings { LocalSocket = service.Socket } };
        using var session = wsman.CreateSession();
        var port = LoopbackPort.Free();

        var identity = XElement.Parse(session.Identify());
        Assert.Equal(XName.Get("IdentifyResponse", Namespaces.Identity), identity.Name);
        Assert.Equal("Farwire", identity.Element(XName.Get("ProductVendor", Namespaces.Identity))?.Value.Split(' ')[0]);

        var created = session.Create("winrm/config/Listener?Address=IP:127.0.0.1+Transport=HTTP", Xml("Port", port));
        Assert.Equal(port, Port(session.Get(created))); // what Create answers names the new resource

        using (var listeners = session.Enumerate("winrm/config/Listener"))
        {
            Assert.Equal(port, Port(listeners.ReadItem()));
            Assert.True(listeners.AtEndOfStream);
        }

        var other = LoopbackPort.Free();
        Assert.Equal(other, Port(session.Put(created, Xml("Port", other))));
        Assert.Equal(other, Port(session.Get("winrm/config/Listener?Address=IP:127.0.0.1+Transport=HTTP")));

        const string process = "http://schemas.microsoft.com/wbem/wsman/1/wmi/root/cimv2/Win32_Process";
        var output = XElement.Parse(session.Invoke("Create", "wmicimv2/Win32_Process", $"<p:Create_INPUT xmlns:p=\"{process}\"><p:CommandLine>/bin/true</p:CommandLine></p:Create_INPUT>"));
        Assert.Equal(("Create_OUTPUT", "0"), (output.Name.LocalName, output.Element(XName.Get("ReturnValue", process))?.Value));

        session.Delete(created);
        Assert.Throws<WSManFaultException>(() => session.Get(created));
        using var none = session.Enumerate("winrm/config/Listener");
        Assert.True(none.AtEndOfStream);
    }

    private static string Xml(string property, int value) => $"<cfg:Listener xmlns:cfg=\"{Listener}\"><cfg:{property}>{value}</cfg:{property}></cfg:Listener>";

    private static int Port(string listener) => (int)XElement.Parse(listener).Element(XName.Get("Port", Listener))!;
}
