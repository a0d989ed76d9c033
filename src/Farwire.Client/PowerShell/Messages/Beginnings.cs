using Farwire.Client.PowerShell.Clixml;

namespace Farwire.Client.PowerShell.Messages;

/// <summary>The data of the messages that open a pool and start a pipeline.</summary>
/// <remarks>MS-PSRP, "SESSION_CAPABILITY Message", "INIT_RUNSPACEPOOL Message", "CREATE_PIPELINE Message", in the order of their properties.</remarks>
internal static class Beginnings
{
    private const string StreamOptions = "System.Management.Automation.Runspaces.RemoteStreamOptions";
    private const string ResultTypes = "System.Management.Automation.Runspaces.PipelineResultTypes";

    private static readonly string[] CommandList =
    [
        "System.Collections.Generic.List`1[[System.Management.Automation.PSObject, System.Management.Automation, Version=1.0.0.0, Culture=neutral, PublicKeyToken=31bf3856ad364e35]]",
        "System.Object",
    ];

    private static readonly Version Merging = new(2, 2);
    private static readonly Version Information = new(2, 3);

    public static RemoteObject SessionCapability(Version protocol) => RemoteObject.Bag(
        ("protocolversion", protocol),
        ("PSVersion", new Version(2, 0)),
        ("SerializationVersion", new Version(1, 1, 0, 1)));

    public static RemoteObject InitRunspacePool(RunspacePoolSettings settings) => RemoteObject.Bag(
        ("MinRunspaces", settings.MinRunspaces),
        ("MaxRunspaces", settings.MaxRunspaces),
        ("PSThreadOptions", RemoteObject.Enum("System.Management.Automation.Runspaces.PSThreadOptions", "Default", 0)),
        ("ApartmentState", UnknownApartment()),
        ("HostInfo", HostInfo(settings.Host)),
        ("ApplicationArguments", null));

    public static RemoteObject CreatePipeline(PipelineSettings pipeline, IPowerShellHost? host, Version protocol) => RemoteObject.Bag(
        ("NoInput", pipeline.Input is null),
        ("ApartmentState", UnknownApartment()),
        ("RemoteStreamOptions", pipeline.AddsInvocationInfo
            ? RemoteObject.Enum(StreamOptions, "AddInvocationInfo", 15)
            : RemoteObject.Enum(StreamOptions, "", 0)),
        ("AddToHistory", pipeline.AddToHistory),
        ("HostInfo", HostInfo(host)),
        ("PowerShell", RemoteObject.Bag(
            ("IsNested", false),
            ("ExtraCmds", pipeline.MoreStatements.Count == 0 ? null : RemoteObject.Of(
                RemoteList.Of(pipeline.MoreStatements.Prepend(pipeline.Commands).Select(s => RemoteObject.Bag(("Cmds", Commands(s, protocol))))), CommandList)),
            ("Cmds", Commands(pipeline.Commands, protocol)),
            ("History", null),
            ("RedirectShellErrorOutputPipe", false))),
        ("IsNested", false));

    private static RemoteObject Commands(IReadOnlyList<PowerShellCommand> statement, Version protocol) =>
        RemoteObject.Of(RemoteList.Of(statement.Select(c => Command(c, protocol))), CommandList);

    private static RemoteObject Command(PowerShellCommand command, Version protocol)
    {
        var found = RemoteObject.Bag(
            ("Cmd", command.Text),
            ("IsScript", command.IsScript),
            ("UseLocalScope", command.UseLocalScope),
            ("MergeMyResult", Result(command.MergesErrors ? 2 : 0)),
            ("MergeToResult", Result(command.MergesErrors ? 1 : 0)),
            ("MergePreviousResults", Result(0)),
            ("Args", RemoteObject.Of(RemoteList.Of(command.Parameters.Select(p => RemoteObject.Bag(("N", p.Key), ("V", p.Value)))), CommandList)));
        if (protocol >= Merging)
        {
            found.Extended!.Add("MergeError", Result(command.MergesErrors ? 1 : 0));
            found.Extended.Add("MergeWarning", Result(0));
            found.Extended.Add("MergeVerbose", Result(0));
            found.Extended.Add("MergeDebug", Result(0));
        }

        if (protocol >= Information)
        {
            found.Extended!.Add("MergeInformation", Result(0));
        }

        return found;
    }

    private static RemoteObject Result(int type) => RemoteObject.Enum(ResultTypes, type switch { 0 => "None", 1 => "Output", _ => "Error" }, type);

    private static RemoteObject UnknownApartment() => RemoteObject.Enum("System.Management.Automation.Runspaces.ApartmentState", "UNKNOWN", 2);

    // A window whose size and colours nobody tells has none: RawUI stays away, as it is.
    private static RemoteObject HostInfo(IPowerShellHost? host)
    {
        var info = RemoteObject.Bag(
            ("_isHostNull", host is null),
            ("_isHostUINull", host is null),
            ("_isHostRawUINull", host?.Screen is null),
            ("_useRunspaceHost", host is null));
        if (host?.Screen is { } screen)
        {
            info.Extended!.Add("_hostDefaultData", screen.ToDefaultData());
        }

        return info;
    }
}
