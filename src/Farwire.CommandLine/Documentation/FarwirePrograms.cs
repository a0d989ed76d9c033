using Farwire.CommandLine.Bmc;
using Farwire.CommandLine.Cim;
using Farwire.CommandLine.Doctor;
using Farwire.CommandLine.Events;
using Farwire.CommandLine.Explain;
using Farwire.CommandLine.Files;
using Farwire.CommandLine.Modern;
using Farwire.CommandLine.PowerShell.Interactive;
using Farwire.CommandLine.Run;
using Farwire.CommandLine.WecUtil;
using Farwire.CommandLine.WinRm;
using Farwire.CommandLine.WinRs;

namespace Farwire.CommandLine.Documentation;

/// <summary>The commands of this package, each with the very tables that it reads its command lines by.</summary>
public sealed class FarwirePrograms
{
    private const string ExitOfTools = "0, or 1 when anything failed; winrs ends with the exit code of the remote command.";
    private const string ExitOfVerbs = "0; 64 usage, 65 data, 69 unreachable or TLS, 70 fault, 77 not allowed, 78 configuration, 124 deadline, 130 Ctrl-C.";

    private readonly IReadOnlyList<ProgramGrammar> _all;

    /// <summary>Describes them.</summary>
    /// <param name="overview">What <c>farwire --help</c> says.</param>
    public FarwirePrograms(string overview) => _all =
    [
        new("farwire", "Windows Remote Management from any system", ["winrm", "winrs", "wecutil", "run", "shell", "cp", "doctor", "wait", "explain", "identify", "config", "reboot", "cert", "bootstrap", "profile", "bmc", "cim", "events", "completion", "man", "--help", "--version"], [], [("Description", overview), ("Exit status", ExitOfVerbs)])
        {
            SeeAlso = ["winrm(1)", "winrs(1)", "wecutil(1)", "farwire-run(1)", "farwire-shell(1)", "farwire-cp(1)", "farwire-doctor(1)", "farwire-wait(1)", "farwire-explain(1)", "farwire-bmc(1)", "farwire-cim(1)", "farwire-events(1)", "farwired(8)"],
        },
        new("winrm", "manage a computer through WS-Management", [.. Verbs.All.SelectMany(verb => verb.Aliases.Prepend(verb.Name)), "help"], Typed(WinRmFace.Known), [.. WinRmChapters()]) { SeeAlso = ["winrs(1)", "farwire(1)", "farwired(8)"] },
        new("winrs", "run a command on another computer", [], Typed(WinRsLine.Known), [("Description", WinRsHelp.Text), ("Exit status", ExitOfTools)]) { SeeAlso = ["winrm(1)", "farwire(1)"] },
        new("wecutil", "the subscriptions of an event collector", [.. WecLine.Verbs.Keys], [.. WecLine.Names.Keys.Where(name => name != "?").Select(name => $"/{name}:")], [("Description", WecUtilHelp.Text), ("Exit status", ExitOfTools)])
        {
            SeeAlso = ["farwire-events(1)", "farwire(1)"],
        },
        new("farwire run", "run a command on one computer or on many", [], Typed(RunLine.Known), [("Description", RunHelp.Text)]) { SeeAlso = ["winrs(1)", "farwire(1)"] },
        new("farwire shell", "a session on another computer", [], Typed(ShellLine.Known), [("Description", ShellHelp.Text)]) { SeeAlso = ["farwire-run(1)", "farwire-cp(1)", "farwire(1)"] },
        new("farwire cp", "copy files and folders to and from another computer", [], Typed(CopyCommand.Known), [("Description", CopyHelp.Text)]) { SeeAlso = ["farwire-shell(1)", "farwire(1)"] },
        new("farwire doctor", "find out why a connection fails", [], Typed(DoctorCommand.Known), [("Description", DoctorHelp.Doctor)]) { SeeAlso = ["farwire-explain(1)", "farwire(1)"] },
        new("farwire wait", "wait until a service is ready", [], Typed(WaitCommand.Known), [("Description", DoctorHelp.Wait)]) { SeeAlso = ["farwire-doctor(1)", "farwire(1)"] },
        new("farwire explain", "what an error code means", [], ["--output"], [("Description", ExplainCommand.Help)]) { SeeAlso = ["farwire-doctor(1)", "farwire(1)"] },
        new("farwire identify", "what a service is", [], Typed(IdentifyCommand.Known), [("Description", IdentifyCommand.Help)]) { SeeAlso = ["farwire(1)"] },
        new("farwire config", "the settings of a service", ["show", "set", "list"], Typed(ConfigCommand.Known), [("Description", ConfigCommand.Help)]) { SeeAlso = ["winrm(1)", "farwire(1)"] },
        new("farwire reboot", "start a computer anew", [], Typed(RebootCommand.Known), [("Description", RebootCommand.Help)]) { SeeAlso = ["farwire-wait(1)", "farwire(1)"] },
        new("farwire cert", "certificates of services, and of one's own", ["show", "pin", "request"], Typed(CertCommand.Known), [("Description", CertCommand.Help)]) { SeeAlso = ["farwire-doctor(1)", "farwire(1)"] },
        new("farwire bootstrap", "a script that makes a Windows machine reachable", [], Typed(BootstrapCommand.Known), [("Description", BootstrapCommand.Help)]) { SeeAlso = ["farwire(1)"] },
        new("farwire profile", "what one does not want to type each time", ["list", "show"], Typed(ProfileCommand.Known), [("Description", ProfileCommand.Help)]) { SeeAlso = ["farwire(1)"] },
        new("farwire bmc", "sensors, event log and power of a management controller", BmcHelp.Verbs, BmcLine.Options, [("Description", BmcHelp.Of(null)), .. BmcHelp.Verbs.Select(verb => (verb, BmcHelp.Of(verb)))]) { SeeAlso = ["farwire(1)"] },
        new("farwire cim", "classes and instances of a computer, in the words of CIM", ["classes", "describe", "list", "query", "get", "invoke", "compile"], Typed(CimCommand.Known), [("Description", CimHelp.Text)]) { SeeAlso = ["winrm(1)", "farwire(1)"] },
        new("farwire events", "collected events, and the sources they come from", ["search", "export", "tail", "sources", "subscriptions", "stats", "simulate", "query", "channels", "channel"], Typed(EventsCommand.Known), [("Description", EventsHelp.Text)]) { SeeAlso = ["wecutil(1)", "farwire(1)"] },
    ];

    /// <summary>The names of the pages.</summary>
    public IEnumerable<string> Pages => _all.Select(program => program.Name.Replace(' ', '-'));

    /// <summary>A page of the manual by its name, such as <c>farwire-bmc</c>; null when there is none.</summary>
    public string? Page(string name, string version) => _all.FirstOrDefault(program => program.Name.Replace(' ', '-') == name) is { } found ? ManPage.Of(found, version) : null;

    /// <summary>The script that completes all of them in a shell; null for one that is not known.</summary>
    public string? Completion(string shell) => CompletionScript.For(shell, "farwire", _all);

    private static IEnumerable<(string Title, string Text)> WinRmChapters() =>
    [
        ("Description", WinRmHelp.Overview),
        .. Verbs.All.Select(verb => ($"winrm {verb.Name}", $"{verb.Usage}\n\n{verb.Help}")),
        .. ((string[])["uris", "aliases", "config", "certmapping", "customremoteshell", "remoting", "auth", "input", "filters", "switches", "proxy"]).Select(topic => (topic, WinRmHelp.Of(topic))),
        ("Exit status", ExitOfTools),
    ];

    // A name without dashes is typed with one, its value behind a colon.
    private static List<string> Typed(IReadOnlyDictionary<string, string> known) =>
        [.. known.Where(one => one.Key is not ("?" or "h")).Select(one => one.Key.StartsWith('-') ? one.Key : $"-{one.Key}{(one.Value.Contains(':', StringComparison.Ordinal) ? ":" : "")}").Distinct()];
}
