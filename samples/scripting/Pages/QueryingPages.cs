namespace Farwire.Samples.Scripting.Pages;

/// <summary>querying-for-specific-instances-of-a-resource.md, windows-remote-management-and-wmi.md</summary>
internal static class QueryingPages
{
    private const string Resource = "http://schemas.microsoft.com/wbem/wsman/1/wmi/root/cimv2/*";
    private const string Dialect = "http://schemas.microsoft.com/wbem/wsman/1/WQL";

    public static void Adapters(ScriptHost host)
    {
        var wsman = host.CreateObject();
        using var session = host.CreateRemoteSession(wsman);

        const string filter = "SELECT * FROM Win32_NetworkAdapterConfiguration WHERE IpEnabled=TRUE";
        using var resultSet = session.Enumerate(Resource, filter, Dialect);
        while (!resultSet.AtEndOfStream)
        {
            host.DisplayOutput(resultSet.ReadItem());
        }
    }

    // The page ends with the enumeration, and shows none of it.
    public static void Share(ScriptHost host)
    {
        var wsman = host.CreateObject();
        using var session = host.CreateRemoteSession(wsman);

        const string filter = "SELECT * FROM Win32_Share WHERE Name='Admin$'";
        using var resultSet = session.Enumerate(Resource, filter, Dialect);
        host.Echo(resultSet.AtEndOfStream ? "There is no such share." : resultSet.ReadItem());
    }

    public static void Processor(ScriptHost host)
    {
        const string uri = "http://schemas.microsoft.com/wbem/wsman/1/wmi/root/cimv2/Win32_Processor";
        var wsman = host.CreateObject();
        using var session = wsman.CreateSession();
        var locator = wsman.CreateResourceLocator(uri);
        locator.AddSelector("DeviceID", "CPU0");
        host.DisplayOutput(session.Get(locator));
    }
}
