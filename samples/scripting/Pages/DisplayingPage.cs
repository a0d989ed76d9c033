namespace Farwire.Samples.Scripting.Pages;

/// <summary>displaying-xml-output-from-winrm-scripts.md</summary>
internal static class DisplayingPage
{
    public static void Service(ScriptHost host)
    {
        var wsman = host.CreateObject();
        using var session = wsman.CreateSession();
        var xmlResponse = session.Get("http://schemas.microsoft.com/wbem/wsman/1/wmi/root/cimv2/Win32_Service?Name=" + host.Service);
        host.DisplayOutput(xmlResponse);
    }

    public static void Disks(ScriptHost host)
    {
        var wsman = host.CreateObject();
        using var session = host.CreateRemoteSession(wsman);
        const string resource = "http://schemas.microsoft.com/wbem/wsman/1/wmi/root/cimv2/Win32_LogicalDisk";
        using var resultSet = session.Enumerate(resource);
        while (!resultSet.AtEndOfStream)
        {
            host.DisplayOutput(resultSet.ReadItem());
        }
    }
}
