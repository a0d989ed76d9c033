namespace Farwire.Samples.Scripting.Pages;

/// <summary>session-invoke.md, session-timeout.md</summary>
internal static class InvokePages
{
    private const string ProcessUri = "http://schemas.microsoft.com/wbem/wsman/1/wmi/root/cimv2/Win32_Process";

    // calc.exe of the page is a program that every Linux has.
    private const string CreateInput =
        "<p:Create_INPUT xmlns:p=\"" + ProcessUri + "\">" +
        "<p:CommandLine>/bin/true</p:CommandLine>" +
        "</p:Create_INPUT>";

    public static void CreateProcess(ScriptHost host)
    {
        var wsman = host.CreateObject();
        using var session = wsman.CreateSession();
        var outputParameters = session.Invoke("Create", ProcessUri, CreateInput);
        host.DisplayOutput(outputParameters);
    }

    public static void StopAndStartService(ScriptHost host)
    {
        const string serviceUri = "http://schemas.microsoft.com/wbem/wsman/1/wmi/root/cimv2/Win32_Service";
        var wsman = host.CreateObject();
        using var session = wsman.CreateSession();
        var resourceUri = $"{serviceUri}?Name={host.StoppableService}";

        var inputXml = $"<p:StopService_INPUT xmlns:p=\"{serviceUri}\"/>";
        var response = session.Invoke("StopService", resourceUri, inputXml);
        host.DisplayOutput(response);

        inputXml = $"<p:StartService_INPUT xmlns:p=\"{serviceUri}\"/>";
        response = session.Invoke("StartService", resourceUri, inputXml);
        host.DisplayOutput(response);
    }

    public static void CreateProcessInTime(ScriptHost host)
    {
        var wsman = host.CreateObject();
        using var session = wsman.CreateSession();

        session.Timeout = 10000; // milliseconds

        var outputParameters = session.Invoke("Create", ProcessUri, CreateInput);
        host.DisplayOutput(outputParameters);
    }
}
