namespace Farwire.Samples.Scripting.Pages;

/// <summary>wsman.md, wsman-createsession.md</summary>
internal static class WSManPages
{
    // The page stops at the resource; the twin reads it.
    public static void Open(ScriptHost host)
    {
        var wsman = host.CreateObject();
        using var session = wsman.CreateSession();
        const string resource = "http://schemas.microsoft.com/wbem/wsman/1/wmi/Root/CIMv2/Win32_OperatingSystem";
        host.DisplayOutput(session.Get(resource));
    }

    public static void BasicSession(ScriptHost host)
    {
        var wsman = host.CreateObject();
        var flags = wsman.SessionFlagUseBasic() | wsman.SessionFlagCredUsernamePassword();
        var options = wsman.CreateConnectionOptions();
        options.UserName = host.UserName;
        options.Password = host.Password;
        using var newSession = wsman.CreateSession("https://" + host.RemoteComputer, flags, options);
        host.DisplayOutput(newSession.Identify());
    }

    public static void NegotiateSession(ScriptHost host)
    {
        var wsman = host.CreateObject();
        var flags = wsman.SessionFlagUseNegotiate() | wsman.SessionFlagCredUsernamePassword();
        var options = wsman.CreateConnectionOptions();
        options.UserName = $"{Environment.MachineName}\\{host.UserName}";
        options.Password = host.Password;
        using var newSession = wsman.CreateSession("https://" + host.RemoteComputer, flags, options);
        host.DisplayOutput(newSession.Identify());
    }
}
