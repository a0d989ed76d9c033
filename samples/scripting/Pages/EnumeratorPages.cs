namespace Farwire.Samples.Scripting.Pages;

/// <summary>enumerating-or-listing-all-instances-of-a-resource.md, enumerator.md, enumerator-atendofstream.md, enumerator-readitem.md, session-enumerate.md</summary>
internal static class EnumeratorPages
{
    public static void ScheduledJobs(ScriptHost host)
    {
        var wsman = host.CreateObject();
        using var session = host.CreateRemoteSession(wsman);
        const string resource = "http://schemas.microsoft.com/wbem/wsman/1/wmi/root/cimv2/Win32_ScheduledJob";

        using var jobs = session.Enumerate(resource);
        var numberOfJobs = 0;
        while (!jobs.AtEndOfStream)
        {
            numberOfJobs++;
            host.DisplayOutput(jobs.ReadItem());
        }

        host.Echo($"There are {numberOfJobs} jobs scheduled.");
    }

    public static void OperatingSystem(ScriptHost host)
    {
        var wsman = host.CreateObject();
        using var session = host.CreateRemoteSession(wsman);
        const string resource = "http://schemas.microsoft.com/wbem/wsman/1/wmi/root/cimv2/Win32_OperatingSystem";

        using var resultSet = session.Enumerate(resource);
        while (!resultSet.AtEndOfStream)
        {
            host.DisplayOutput(resultSet.ReadItem());
        }
    }

    public static void ObjectsAndReferences(ScriptHost host)
    {
        var wsman = host.CreateObject();
        using var session = host.CreateRemoteSession(wsman);
        const string resource = "http://schemas.microsoft.com/wbem/wsman/1/wmi/root/cimv2/Win32_OperatingSystem";
        var flag = wsman.EnumerationFlagReturnObjectAndEPR() | wsman.EnumerationFlagHierarchyDeep();
        using var resultSet = session.Enumerate(resource, "", "", flag);
        while (!resultSet.AtEndOfStream)
        {
            host.DisplayOutput(resultSet.ReadItem());
        }
    }
}
