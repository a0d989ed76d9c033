namespace Farwire.Samples.Scripting.Pages;

/// <summary>connectionoptions.md, connectionoptions-password.md, connectionoptions-username.md</summary>
internal static class ConnectionOptionsPages
{
    public static void Configuration(ScriptHost host)
    {
        var wsman = host.CreateObject();
        var connectionOptions = wsman.CreateConnectionOptions();
        connectionOptions.UserName = host.UserName;
        connectionOptions.Password = host.Password;
        var flags = wsman.SessionFlagUseBasic() | wsman.SessionFlagCredUsernamePassword();
        using var session = wsman.CreateSession("https://" + host.RemoteComputer, flags, connectionOptions);
        var resource = session.Get("winrm/config");
        host.Echo(resource);
    }

    public static void Password(ScriptHost host)
    {
        var wsman = host.CreateObject();
        var options = wsman.CreateConnectionOptions();
        options.Password = host.Password;
        host.Echo("The password is set, and cannot be read.");
    }

    public static void BasicAccount(ScriptHost host)
    {
        var wsman = host.CreateObject();
        var connectionOptions = wsman.CreateConnectionOptions();
        connectionOptions.UserName = host.UserName;
        connectionOptions.Password = host.Password;
        using var newSession = wsman.CreateSession(
            "https://" + host.RemoteComputer, wsman.SessionFlagUseBasic() | wsman.SessionFlagCredUsernamePassword(), connectionOptions);
        host.DisplayOutput(newSession.Identify());
    }

    public static void NegotiateAccount(ScriptHost host)
    {
        var wsman = host.CreateObject();
        var connectionOptions = wsman.CreateConnectionOptions();
        connectionOptions.UserName = host.UserName;
        connectionOptions.Password = host.Password;
        using var newSession = wsman.CreateSession(
            "https://" + host.RemoteComputer, wsman.SessionFlagUseNegotiate() | wsman.SessionFlagCredUsernamePassword(), connectionOptions);
        host.DisplayOutput(newSession.Identify());
    }
}
