namespace Farwire.Samples.Scripting.Pages;

/// <summary>detecting-whether-a-remote-computer-supports-ws-management-protocol.md</summary>
internal static class DetectingPage
{
    public static void WithoutUser(ScriptHost host)
    {
        var wsman = host.CreateObject();
        using var session = wsman.CreateSession("https://" + host.RemoteComputer, wsman.SessionFlagUseNoAuthentication());
        host.Echo(session.Identify());
    }

    public static void WithUser(ScriptHost host)
    {
        var wsman = host.CreateObject();
        using var session = host.CreateRemoteSession(wsman);
        host.Echo(session.Identify());
    }
}
