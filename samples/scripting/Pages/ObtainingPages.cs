namespace Farwire.Samples.Scripting.Pages;

/// <summary>obtaining-data-from-a-remote-computer.md, obtaining-data-from-the-local-computer.md</summary>
internal static class ObtainingPages
{
    public static void Remote(ScriptHost host)
    {
        var wsman = host.CreateObject();
        using var session = host.CreateRemoteSession(wsman);
        const string resource = "http://schemas.microsoft.com/wbem/wsman/1/wmi/root/cimv2/Win32_OperatingSystem";
        using var response = session.Enumerate(resource);

        while (!response.AtEndOfStream)
        {
            host.DisplayOutput(response.ReadItem());
        }
    }

    // The page asks for Kerberos, which needs a domain; Negotiate takes it where there is one.
    public static void RemoteWithCredentials(ScriptHost host)
    {
        var wsman = host.CreateObject();
        var connectionOptions = wsman.CreateConnectionOptions();
        connectionOptions.UserName = host.UserName;
        connectionOptions.Password = host.Password;
        var flags = wsman.SessionFlagUseNegotiate() | wsman.SessionFlagCredUsernamePassword();
        using var session = wsman.CreateSession("https://" + host.RemoteComputer, flags, connectionOptions);
        const string resource = "http://schemas.microsoft.com/wbem/wsman/1/wmi/root/cimv2/Win32_OperatingSystem";
        using var response = session.Enumerate(resource);

        while (!response.AtEndOfStream)
        {
            host.DisplayOutput(response.ReadItem());
        }
    }

    public static void Local(ScriptHost host)
    {
        var wsman = host.CreateObject();
        using var session = wsman.CreateSession();
        var resource = "http://schemas.microsoft.com/wbem/wsman/1/wmi/root/cimv2/Win32_Service?Name=" + host.Service;
        var response = session.Get(resource);
        host.Echo(response);
    }

    public static void LocalAsText(ScriptHost host)
    {
        var wsman = host.CreateObject();
        using var session = wsman.CreateSession();
        var resource = "http://schemas.microsoft.com/wbem/wsman/1/wmi/root/cimv2/Win32_Service?Name=" + host.Service;
        var response = session.Get(resource);
        host.DisplayOutput(response);
    }
}
