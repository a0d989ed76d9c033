// The scripts of the WinRM documentation, in C# with the automation objects. Each is named after its page and its place there.
//   dotnet run --project samples/scripting obtaining-data-from-the-local-computer-1
//   FARWIRE_REMOTE=HOST:5986 FARWIRE_USER=… FARWIRE_PASSWORD=… [FARWIRE_PIN=SHA-256 of its certificate] dotnet run --project samples/scripting enumerator-1
using Farwire.Client.Connection;
using Farwire.Protocol.Faults;
using Farwire.Samples.Scripting;
using Farwire.Samples.Scripting.Pages;

var scripts = new Dictionary<string, Action<ScriptHost>>
{
    ["connectionoptions-1"] = ConnectionOptionsPages.Configuration,
    ["connectionoptions-password-1"] = ConnectionOptionsPages.Password,
    ["connectionoptions-username-1"] = ConnectionOptionsPages.BasicAccount,
    ["connectionoptions-username-2"] = ConnectionOptionsPages.NegotiateAccount,
    ["detecting-whether-a-remote-computer-supports-ws-management-protocol-1"] = DetectingPage.WithoutUser,
    ["detecting-whether-a-remote-computer-supports-ws-management-protocol-2"] = DetectingPage.WithUser,
    ["displaying-xml-output-from-winrm-scripts-1"] = DisplayingPage.Service,
    ["displaying-xml-output-from-winrm-scripts-2"] = DisplayingPage.Disks,
    ["enumerating-or-listing-all-instances-of-a-resource-1"] = EnumeratorPages.ScheduledJobs,
    ["enumerator-1"] = EnumeratorPages.ObjectsAndReferences,
    ["enumerator-atendofstream-1"] = EnumeratorPages.OperatingSystem,
    ["enumerator-readitem-1"] = EnumeratorPages.ScheduledJobs,
    ["obtaining-data-from-a-remote-computer-1"] = ObtainingPages.Remote,
    ["obtaining-data-from-a-remote-computer-2"] = ObtainingPages.RemoteWithCredentials,
    ["obtaining-data-from-the-local-computer-1"] = ObtainingPages.Local,
    ["obtaining-data-from-the-local-computer-2"] = ObtainingPages.LocalAsText,
    ["querying-for-specific-instances-of-a-resource-1"] = QueryingPages.Adapters,
    ["resource-uris-1"] = ResourcePages.FragmentInWrongCase,
    ["resource-uris-2"] = ResourcePages.Fragment,
    ["resourcelocator-1"] = ResourcePages.Cores,
    ["scripting-in-windows-remote-management-1"] = ScriptingPage.RawOutput,
    ["scripting-in-windows-remote-management-2"] = ScriptingPage.TransformedOutput,
    ["session-1"] = SessionPages.Open,
    ["session-create-1"] = SessionPages.Create,
    ["session-delete-1"] = SessionPages.Delete,
    ["session-enumerate-1"] = DisplayingPage.Disks,
    ["session-error-1"] = SessionPages.Error,
    ["session-get-1"] = SessionPages.Get,
    ["session-get-2"] = SessionPages.GetRemote,
    ["session-identify-1"] = SessionPages.Identify,
    ["session-invoke-1"] = InvokePages.CreateProcess,
    ["session-invoke-2"] = InvokePages.StopAndStartService,
    ["session-put-1"] = SessionPages.Put,
    ["session-timeout-1"] = InvokePages.CreateProcessInTime,
    ["windows-remote-management-and-wmi-1"] = QueryingPages.Share,
    ["windows-remote-management-and-wmi-2"] = QueryingPages.Processor,
    ["wsman-1"] = WSManPages.Open,
    ["wsman-createresourcelocator-1"] = ResourcePages.AdapterDescription,
    ["wsman-createsession-1"] = WSManPages.BasicSession,
    ["wsman-createsession-2"] = WSManPages.NegotiateSession,

    // Beyond the pages.
    ["prompt"] = OwnPages.Prompt,
    ["proxy"] = OwnPages.Proxy,
};

if (args is not [var name] || !scripts.TryGetValue(name, out var script))
{
    Console.Error.WriteLine("scripting takes the name of a script:\n  " + string.Join("\n  ", scripts.Keys));
    return 64;
}

try
{
    script(new ScriptHost());
    return 0;
}
catch (Exception e) when (e is WSManFaultException or WSManTransportException) // what a script does not catch ends it
{
    Console.Error.WriteLine($"0x{e.HResult:X}: {e.Message}");
    return 1;
}
