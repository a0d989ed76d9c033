using System.Runtime.InteropServices;
using Farwire.CommandLine;
using Farwire.CommandLine.WinRm;

using var stop = new CancellationTokenSource();
using var interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, signal =>
{
    signal.Cancel = true;
    stop.Cancel();
});

// A link named winrm is winrm; else the first word says the face.
var called = Path.GetFileNameWithoutExtension(CalledAs());
var (face, words) = called.Equals("winrm", StringComparison.OrdinalIgnoreCase) ? ("winrm", args) : (args.FirstOrDefault() ?? "", args.Skip(1).ToArray());
var terminal = Terminal.OfProcess();
switch (face)
{
    case "winrm":
        return await new WinRmFace(terminal).RunAsync(words, stop.Token).ConfigureAwait(false);
    case "--version":
        Console.Out.WriteLine($"farwire {typeof(Program).Assembly.GetName().Version?.ToString(3)}");
        return 0;
    case "--help" or "-h" or "help":
        Console.Out.WriteLine(Usage);
        return 0;
    default:
        Console.Error.WriteLine(face.Length == 0 ? "farwire: a command is missing." : $"farwire: '{face}' is not a command.");
        Console.Error.WriteLine("Try 'farwire --help'.");
        return 64;
}

internal sealed partial class Program
{
    // The runtime tells the program's file; only the kernel knows the name it was called by.
    private static string CalledAs() => OperatingSystem.IsLinux()
        ? File.ReadAllText("/proc/self/cmdline").Split('\0')[0]
        : Environment.ProcessPath ?? "";

    private const string Usage = """
        farwire: Windows Remote Management from any system

          farwire winrm …      get, list, change and run resources; 'farwire winrm -?' says more
          farwire --version

        Linked under the name winrm, the program is winrm.
        """;
}
