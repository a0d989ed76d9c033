using System.Xml;

namespace Farwire.Samples.Scripting.Pages;

/// <summary>scripting-in-windows-remote-management.md</summary>
internal static class ScriptingPage
{
    public static void RawOutput(ScriptHost host)
    {
        var wsman = host.CreateObject();
        var xmlFile = new XmlDocument();
        using var session = wsman.CreateSession();
        var response = session.Get("http://schemas.microsoft.com/wbem/wsman/1/wmi/root/cimv2/Win32_Service?Name=" + host.Service);
        xmlFile.LoadXml(response);
        var file = Path.Combine(Path.GetTempPath(), $"RawOutput-{Environment.ProcessId}.xml");
        xmlFile.Save(file);
        host.Echo(file);
    }

    public static void TransformedOutput(ScriptHost host)
    {
        var wsman = host.CreateObject();
        using var session = wsman.CreateSession();
        var response = session.Get("http://schemas.microsoft.com/wbem/wsman/1/wmi/root/cimv2/Win32_Service?Name=" + host.Service);
        host.DisplayOutput(response);
    }
}
