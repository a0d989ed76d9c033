namespace Farwire.Samples.Scripting.Pages;

/// <summary>What the documentation describes and shows no script for.</summary>
internal static class OwnPages
{
    /// <summary>Neither user nor password stand in the script: it asks for them.</summary>
    public static void Prompt(ScriptHost host)
    {
        var wsman = host.CreateObject();
        using var session = wsman.CreateSession("https://" + host.RemoteComputer, wsman.SessionFlagCredUsernamePassword(), wsman.CreateConnectionOptions());
        host.DisplayOutput(session.Get("wmicimv2/Win32_OperatingSystem"));
    }

    /// <summary>Through the proxy of the system, with a user of its own there.</summary>
    public static void Proxy(ScriptHost host)
    {
        var wsman = host.CreateObject();
        var options = wsman.CreateConnectionOptions();
        options.UserName = host.UserName;
        options.Password = host.Password;
        options.SetProxy(options.ProxyWinHttpConfig(), options.ProxyAuthenticationUseBasic(), host.Proxy.UserName, host.Proxy.Password);
        using var session = wsman.CreateSession("https://" + host.RemoteComputer, wsman.SessionFlagCredUsernamePassword(), options);
        host.DisplayOutput(session.Get("wmicimv2/Win32_OperatingSystem"));
    }
}
