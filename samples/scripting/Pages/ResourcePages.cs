namespace Farwire.Samples.Scripting.Pages;

/// <summary>resource-uris.md, resourcelocator.md, wsman-createresourcelocator.md</summary>
internal static class ResourcePages
{
    // The case of a fragment counts, and the service refuses this one: the page shows it for that.
    public static void FragmentInWrongCase(ScriptHost host)
    {
        var resourceUri = "http://schemas.microsoft.com/wbem/wsman/1/wmi/root/cimv2/Win32_Service?Name=" + host.Service;
        var wsman = host.CreateObject();
        var locator = wsman.CreateResourceLocator(resourceUri);
        locator.FragmentPath = "/Win32_SERVICE/Name";
        using var session = wsman.CreateSession();
        var xml = session.Get(locator);
        host.Echo(xml);
    }

    public static void Fragment(ScriptHost host)
    {
        var resourceUri = "http://schemas.microsoft.com/wbem/wsman/1/wmi/root/cimv2/Win32_Service?Name=" + host.Service;
        var wsman = host.CreateObject();
        var locator = wsman.CreateResourceLocator(resourceUri);
        locator.FragmentPath = "/Win32_Service/Name";
        using var session = wsman.CreateSession();
        var xml = session.Get(locator);
        host.Echo(xml);
    }

    public static void Cores(ScriptHost host)
    {
        const string uri = "http://schemas.microsoft.com/wbem/wsman/1/wmi/root/cimv2/Win32_Processor";
        const string fragmentDialect = "http://www.w3.org/TR/1999/REC-xpath-19991116";
        var wsman = host.CreateObject();
        using var session = wsman.CreateSession();
        var locator = wsman.CreateResourceLocator(uri);
        locator.AddSelector("DeviceID", "CPU0");

        locator.FragmentPath = "NumberOfCores";
        locator.FragmentDialect = fragmentDialect;
        var numberOfCores = session.Get(locator);
        host.DisplayOutput(numberOfCores);

        locator.FragmentPath = "NumberOfLogicalProcessors";
        locator.FragmentDialect = fragmentDialect;
        var numberOfLogicalProcessors = session.Get(locator);
        host.DisplayOutput(numberOfLogicalProcessors);
    }

    public static void AdapterDescription(ScriptHost host)
    {
        const string uri = "http://schemas.microsoft.com/wbem/wsman/1/wmi/root/cimv2/Win32_NetworkAdapterConfiguration";
        const string fragmentPath = "Description";
        var wsman = host.CreateObject();
        using var session = wsman.CreateSession();
        var locator = wsman.CreateResourceLocator(uri);
        locator.AddSelector("Index", "1");
        locator.FragmentPath = fragmentPath;
        var xml = session.Get(locator);
        host.Echo(xml);
    }
}
