using System.Runtime.InteropServices;
using Farwire.CommandLine;
using Farwire.CommandLine.Bmc;
using Farwire.CommandLine.Cim;
using Farwire.CommandLine.Doctor;
using Farwire.CommandLine.Documentation;
using Farwire.CommandLine.Events;
using Farwire.CommandLine.Explain;
using Farwire.CommandLine.Files;
using Farwire.CommandLine.PowerShell.Interactive;
using Farwire.CommandLine.Run;
using Farwire.CommandLine.Modern;
using Farwire.CommandLine.WecUtil;
using Farwire.CommandLine.WinRm;
using Farwire.CommandLine.WinRs;

// The first Ctrl-C interrupts, the second stops; whoever asks politely for the end stops at once.
using var interrupt = new CancellationTokenSource();
using var stop = new CancellationTokenSource();
using var onInterrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, signal =>
{
    signal.Cancel = true;
    (interrupt.IsCancellationRequested ? stop : interrupt).Cancel();
});
using var onTerminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, Stop);
using var onHangup = PosixSignalRegistration.Create(PosixSignal.SIGHUP, Stop);

// A link named winrm, winrs or wecutil is that; else the first word says the face.
var called = Path.GetFileNameWithoutExtension(CalledAs()).ToLowerInvariant();
var (face, words) = called is "winrm" or "winrs" or "wecutil" ? (called, args) : (args.FirstOrDefault() ?? "", args.Skip(1).ToArray());

// Who has read enough (head, a pager that was left) ends us, and with us what runs over there.
var terminal = Terminal.OfProcess(() =>
{
    interrupt.Cancel();
    stop.Cancel();
});
switch (face)
{
    case "winrm":
        return await new WinRmFace(terminal).RunAsync(words, interrupt.Token).ConfigureAwait(false);
    case "winrs":
        return await new WinRsFace(terminal).RunAsync(words, interrupt.Token, stop.Token).ConfigureAwait(false);
    case "bmc":
        return await new BmcFace(terminal).RunAsync(words, interrupt.Token).ConfigureAwait(false);
    case "wecutil":
        return await new WecUtilFace(terminal).RunAsync(words, interrupt.Token).ConfigureAwait(false);
    case "cim":
        return await new CimCommand(terminal).RunAsync(words, interrupt.Token).ConfigureAwait(false);
    case "cp" or "copy":
        return await new CopyCommand(terminal).RunAsync(words, interrupt.Token).ConfigureAwait(false);
    case "shell":
        onInterrupt.Dispose(); // Ctrl-C belongs to what runs in the session
        return await new ShellCommand(terminal).RunAsync(words, stop.Token).ConfigureAwait(false);
    case "run":
        return await new RunCommand(terminal).RunAsync(words, interrupt.Token, stop.Token).ConfigureAwait(false);
    case "doctor":
        return await new DoctorCommand(terminal).RunAsync(words, interrupt.Token).ConfigureAwait(false);
    case "wait":
        return await new WaitCommand(terminal).RunAsync(words, interrupt.Token).ConfigureAwait(false);
    case "identify":
        return await new IdentifyCommand(terminal).RunAsync(words, interrupt.Token).ConfigureAwait(false);
    case "config":
        return await new ConfigCommand(terminal).RunAsync(words, interrupt.Token).ConfigureAwait(false);
    case "reboot":
        return await new RebootCommand(terminal).RunAsync(words, interrupt.Token).ConfigureAwait(false);
    case "cert":
        return await new CertCommand(terminal).RunAsync(words, interrupt.Token).ConfigureAwait(false);
    case "bootstrap":
        return await new BootstrapCommand(terminal).RunAsync(words, interrupt.Token).ConfigureAwait(false);
    case "profile":
        return await new ProfileCommand(terminal).RunAsync(words, interrupt.Token).ConfigureAwait(false);
    case "explain":
        return await new ExplainCommand(terminal).RunAsync(words, interrupt.Token).ConfigureAwait(false);
    case "events":
        return await new EventsCommand(terminal).RunAsync(words, interrupt.Token).ConfigureAwait(false);
    case "completion" when new FarwirePrograms(Usage).Completion(words.FirstOrDefault() ?? "") is { } script:
        Console.Out.Write(script);
        return 0;
    case "man" when new FarwirePrograms(Usage).Page(words.FirstOrDefault() ?? "", Version) is { } page:
        Console.Out.Write(page);
        return 0;
    case "man" when words.Length == 0:
        Console.Out.WriteLine(string.Join('\n', new FarwirePrograms(Usage).Pages));
        return 0;
    case "completion" or "man":
        Console.Error.WriteLine(face == "man" ? $"farwire: man takes one of {string.Join(", ", new FarwirePrograms(Usage).Pages)}." : "farwire: completion takes bash, zsh or fish.");
        return 64;
    case "--version":
        Console.Out.WriteLine($"farwire {Version}");
        return 0;
    case "--help" or "-h" or "help":
        Console.Out.WriteLine(Usage);
        return 0;
    default:
        Console.Error.WriteLine(face.Length == 0 ? "farwire: a command is missing." : $"farwire: '{face}' is not a command.");
        Console.Error.WriteLine("Try 'farwire --help'.");
        return 64;
}

void Stop(PosixSignalContext signal)
{
    signal.Cancel = true;
    interrupt.Cancel();
    stop.Cancel();
}

internal sealed partial class Program
{
    // The runtime tells the program's file; only the kernel knows the name it was called by.
    private static string CalledAs() => OperatingSystem.IsLinux()
        ? File.ReadAllText("/proc/self/cmdline").Split('\0')[0]
        : Environment.ProcessPath ?? "";

    private static string Version => typeof(Program).Assembly.GetName().Version?.ToString(3) ?? "";

    private const string Usage = """
        farwire: Windows Remote Management from any system

          farwire run …        run a command on one computer or on many; 'farwire run --help' says more
          farwire doctor …     why a connection fails, and what helps; 'farwire doctor --help' says more
          farwire wait …       until a service is ready; 'farwire wait --help' says more
          farwire explain …    what an error code means, its causes, what helps; 'farwire explain --help' says more
          farwire identify …   what a service is; 'farwire identify --help' says more
          farwire config …     the settings of a service; 'farwire config --help' says more
          farwire reboot …     start a computer anew, and wait for it; 'farwire reboot --help' says more
          farwire cert …       certificates: look, pin, request; 'farwire cert --help' says more
          farwire bootstrap …  a script that makes a Windows machine reachable; 'farwire bootstrap --help' says more
          farwire profile …    what one does not want to type each time; 'farwire profile --help' says more
          farwire winrm …      get, list, change and run resources; 'farwire winrm -?' says more
          farwire winrs …      run a command on another computer; 'farwire winrs -?' says more
          farwire shell …      a session on another computer; 'farwire shell --help' says more
          farwire cp …         copy files and folders to and from another computer; 'farwire cp --help' says more
          farwire bmc …        sensors, event log and power of a management controller; 'farwire bmc --help' says more
          farwire cim …        classes, instances and methods by name and by WQL; 'farwire cim --help' says more
          farwire wecutil …    the subscriptions of an event collector; 'farwire wecutil /?' says more
          farwire events …     search collected events, watch their sources; 'farwire events --help' says more
          farwire completion SHELL   completion for bash, zsh or fish, such as: eval "$(farwire completion bash)"
          farwire man PAGE     a page of the manual, such as: farwire man winrm | man -l -
          farwire --version

        Linked under the name winrm, winrs or wecutil, the program is that one.
        """;
}
