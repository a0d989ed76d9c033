using Farwire.Client.Connection;
using Farwire.Protocol.Faults;

namespace Farwire.Samples.Scripting.Pages;

/// <summary>session.md, session-create.md, session-delete.md, session-error.md, session-get.md, session-identify.md, session-put.md</summary>
internal static class SessionPages
{
    public static void Open(ScriptHost host)
    {
        var wsman = host.CreateObject();
        using var session = wsman.CreateSession();
        host.Echo($"A session, with {session.BatchItems} items a batch.");
    }

    // The listener's own namespace stands where the page shows one of the DMTF.
    public static void Create(ScriptHost host)
    {
        var wsman = host.CreateObject();
        using var session = wsman.CreateSession();
        const string resourceUri = "http://schemas.microsoft.com/wbem/wsman/1/config/Listener?Address=*+Transport=HTTP";
        var inputXml =
            "<cfg:Listener xmlns:cfg=\"http://schemas.microsoft.com/wbem/wsman/1/config/listener\">" +
            $"<cfg:Hostname>{Environment.MachineName}</cfg:Hostname>" +
            "</cfg:Listener>";
        var response = session.Create(resourceUri, inputXml);
        host.Echo("Response message: \n" + response);
    }

    public static void Delete(ScriptHost host)
    {
        var wsman = host.CreateObject();
        using var session = wsman.CreateSession();
        const string resource = "http://schemas.microsoft.com/wbem/wsman/1/config/Listener?Address=*+Transport=HTTP";
        session.Delete(resource);
    }

    // The resource needs a key, and has none: the page shows what an error looks like.
    public static void Error(ScriptHost host)
    {
        var wsman = host.CreateObject();
        using var session = wsman.CreateSession();
        const string resourceUri = "http://schemas.microsoft.com/wbem/wsman/1/wmi/root/cimv2/Win32_QuotaSetting";
        try
        {
            var response = session.Get(resourceUri);
            host.DisplayOutput(response);
        }
        catch (Exception e) when (e is WSManFaultException or WSManTransportException)
        {
            host.DisplayErrorInfo(e);
            var errorXml = session.Error;
            host.Echo(errorXml);
        }
    }

    public static void Get(ScriptHost host)
    {
        var wsman = host.CreateObject();
        using var session = wsman.CreateSession();
        Show(host, () => session.Get("http://schemas.microsoft.com/wbem/wsman/1/wmi/root/cimv2/Win32_Service?Name=" + host.Service));
    }

    public static void GetRemote(ScriptHost host)
    {
        var wsman = host.CreateObject();
        using var session = host.CreateRemoteSession(wsman);
        Show(host, () => session.Get("http://schemas.microsoft.com/wbem/wsman/1/wmi/root/cimv2/Win32_Service?Name=" + host.Service));
    }

    public static void Identify(ScriptHost host)
    {
        var wsman = host.CreateObject();
        using var session = wsman.CreateSession("https://" + host.RemoteComputer, wsman.SessionFlagUseNoAuthentication());
        host.Echo(session.Identify());
    }

    // Nothing can be set at Win32_WMISetting here; the setting is one of the service's own.
    public static void Put(ScriptHost host)
    {
        var wsman = host.CreateObject();
        using var session = wsman.CreateSession();
        const string resourceUri = "winrm/config/winrs";
        const string newXmlContent =
            "<p:Winrs xmlns:p=\"http://schemas.microsoft.com/wbem/wsman/1/config\">" +
            "<p:MaxShellsPerUser>12</p:MaxShellsPerUser></p:Winrs>";
        Show(host, () => session.Put(resourceUri, newXmlContent));
    }

    private static void Show(ScriptHost host, Func<string> operation)
    {
        try
        {
            host.Echo("Response message: \n" + operation());
        }
        catch (Exception e) when (e is WSManFaultException or WSManTransportException)
        {
            host.DisplayErrorInfo(e);
        }
    }
}
