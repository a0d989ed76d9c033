namespace Farwire.Protocol.Names;

/// <summary>The resource URIs that are the same on every host, and the roots below which the others lie.</summary>
/// <remarks>MS-WSMV, "Resource URIs"; DSP0227, "Resource URI formats". Compared without regard to case.</remarks>
public static class ResourceUris
{
    /// <summary>The root of all Windows resources; the command line's alias <c>winrm</c>.</summary>
    public const string Microsoft = "http://schemas.microsoft.com/wbem/wsman/1";

    /// <summary>WMI classes with the namespace in the path; the alias <c>wmi</c>.</summary>
    public const string Wmi = Microsoft + "/wmi";

    /// <summary>Classes of <c>root/cimv2</c>; the alias <c>wmicimv2</c>.</summary>
    public const string WmiCimV2 = Wmi + "/root/cimv2";

    /// <summary>DMTF class URIs, the namespace in the selector <c>__cimnamespace</c>; the alias <c>cimv2</c>.</summary>
    public const string CimSchema = "http://schemas.dmtf.org/wbem/wscim/1/cim-schema/2";

    /// <summary>All classes of a namespace, the target of queries.</summary>
    public const string AllClasses = "http://schemas.dmtf.org/wbem/wscim/1/*";

    /// <summary>Shells as resources: Get and Enumerate; the alias <c>shell</c>.</summary>
    public const string Shell = Namespaces.Shell;

    /// <summary>The command shell: Create and all its operations.</summary>
    public const string CommandShell = Shell + "/cmd";

    /// <summary>The commands of one shell: Enumerate with a selector filter.</summary>
    public const string ShellCommand = Shell + "/Command";

    /// <summary>The configuration tree.</summary>
    public const string Config = Namespaces.Config;

    /// <summary>The event logs of a machine: the target of Subscribe.</summary>
    public const string EventLog = Microsoft + "/windows/EventLog";

    /// <summary>The subscriptions that a collector holds for a source.</summary>
    public const string SubscriptionManager = Microsoft + "/SubscriptionManager/Subscription";

    /// <summary>The target of the messages that end robust operations and keep them alive.</summary>
    public const string FullDuplex = Microsoft + "/wsman/FullDuplex";

    /// <summary>The target of the messages that acknowledge those of robust operations.</summary>
    public const string RobustConnection = Microsoft + "/wsman/RobustConnection";
}
