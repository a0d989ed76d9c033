using System.Globalization;
using Farwire.Client;
using Farwire.Client.Connection;
using Farwire.Client.Files;
using Farwire.CommandLine.Exit;
using Farwire.CommandLine.Grammar;
using Farwire.CommandLine.Hosts;

namespace Farwire.CommandLine.Files;

/// <summary><c>farwire cp</c>: files and folders to and from another computer.</summary>
/// <param name="terminal">What it reads from and writes to.</param>
/// <param name="connect">Makes the client; tests put a loopback in.</param>
public sealed class CopyCommand(Terminal terminal, Func<WSManConnectionOptions, WSManClient>? connect = null)
{
    internal static readonly Dictionary<string, string> Known = new(HostSwitches.Known, StringComparer.OrdinalIgnoreCase)
    {
        ["--parallel"] = "parallel:", ["--fresh"] = "fresh", ["--dry-run"] = "dryrun", ["--method"] = "method:", ["--configuration"] = "configuration:",
    };

    private readonly Func<WSManConnectionOptions, WSManClient> _connect = connect ?? (options => new WSManClient(options));

    /// <summary>Runs a command line; the answer is the exit code.</summary>
    public async Task<int> RunAsync(IReadOnlyList<string> arguments, CancellationToken cancellationToken)
    {
        var boundary = new VerbBoundary(terminal, "cp");
        var exit = await boundary.RunAsync(
            async () =>
            {
                var switches = Switches.Parse(arguments, Known);
                boundary.Json = switches["--output"] is "json";
                try
                {
                    return await RunAsync(switches, boundary.Json, cancellationToken).ConfigureAwait(false);
                }
                catch (Exception e) when (e is IOException or UnauthorizedAccessException)
                {
                    boundary.Tell(e);
                    return ExitCode.SomeFailed;
                }
            },
            cancellationToken).ConfigureAwait(false);
        if (exit == ExitCode.Interrupted)
        {
            terminal.Errors.WriteLine("farwire cp: stopped; the same command goes on from here.");
        }

        return exit;
    }

    private async Task<int> RunAsync(Switches switches, bool json, CancellationToken cancellationToken)
    {
        if (switches.Has("help") || switches.Words.Count == 0)
        {
            terminal.Output.WriteLine(CopyHelp.Text);
            return 0;
        }

        var places = switches.Words.Select(RemotePath.Parse).ToList();
        if (places.Count < 2)
        {
            throw new UsageException("say what is copied, and where to: SRC… DST.");
        }

        var (sources, target) = (places[..^1], places[^1]);
        var upload = target.Host is not null;
        if (sources.Any(s => s.Host is not null == upload) || sources.Select(s => s.Host).Distinct().Count() > 1)
        {
            throw new UsageException("one side is remote (HOST:PATH), and all sources are on the other; between two hosts, copy by way of this machine.");
        }

        var progress = switches.Has("quiet") || json ? null : new CopyProgress(terminal);
        var started = terminal.Time.GetTimestamp();
        using var connections = new HostConnections(Named(switches, upload ? target.Host! : sources[0].Host!), terminal);
        var host = connections.Hosts() is [var only] ? only : throw new UsageException("a copy is with one host.");
        await using var client = _connect(await connections.OptionsAsync(host, cancellationToken).ConfigureAwait(false));
        var transfer = new FileTransfer(client, SettingsOf(switches) with { Progress = progress });
        var paths = sources.Select(s => s.Path).ToList();
        FileTransferSummary summary;
        try
        {
            summary = await (upload ? transfer.UploadAsync(paths, target.Path, cancellationToken) : transfer.DownloadAsync(paths, target.Path, cancellationToken)).ConfigureAwait(false);
        }
        finally
        {
            progress?.Clear();
        }

        Show(summary, terminal.Time.GetElapsedTime(started), switches, json);
        return summary.Problems.Count == 0 ? ExitCode.Done : ExitCode.SomeFailed;
    }

    private void Show(FileTransferSummary summary, TimeSpan elapsed, Switches switches, bool json)
    {
        if (json)
        {
            terminal.Output.WriteLine(PowerShell.Output.JsonForm.Line(line =>
            {
                line.WriteStartObject();
                line.WriteNumber("copied", summary.Copied);
                line.WriteNumber("kept", summary.Kept);
                line.WriteNumber("bytes", summary.Bytes);
                line.WriteNumber("seconds", Math.Round(elapsed.TotalSeconds, 3));
                line.WriteStartArray("problems");
                foreach (var problem in summary.Problems)
                {
                    line.WriteStartObject();
                    line.WriteString("path", problem.Path);
                    line.WriteString("message", problem.Message);
                    line.WriteEndObject();
                }

                line.WriteEndArray();
                line.WriteEndObject();
            }));
            return;
        }

        foreach (var problem in summary.Problems)
        {
            terminal.Errors.WriteLine($"farwire cp: {problem}");
        }

        if (!switches.Has("quiet"))
        {
            terminal.Output.WriteLine(string.Create(
                CultureInfo.InvariantCulture,
                $"{summary.Copied} {(switches.Has("dryrun") ? "to copy" : "copied")}, {summary.Kept} there already, {summary.Bytes / 1e6:0.0} MB in {elapsed.TotalSeconds:0.0} s"));
        }
    }

    // The host in front of the path is the one to connect to; an empty one leaves it to the switches.
    private static Switches Named(Switches switches, string host)
    {
        if (host.Length > 0)
        {
            if (switches.Has("remote") || switches.Has("--connect"))
            {
                throw new UsageException($"'{host}:' names the host already; leave out --host and --connect, or write only ':PATH'.");
            }

            return switches.With("remote", host);
        }

        if (!switches.Has("remote") && !switches.Has("--connect"))
        {
            throw new UsageException("which host? Write HOST:PATH, or give --host or --connect.");
        }

        return switches;
    }

    private static FileTransferSettings SettingsOf(Switches switches) => new()
    {
        Parallel = switches["parallel"] is not { } count ? 4
            : int.TryParse(count, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number is > 0 and <= 64 ? number
            : throw new UsageException($"--parallel is a number from 1 to 64, not '{count}'."),
        Resume = !switches.Has("fresh"),
        DryRun = switches.Has("dryrun"),
        ConfigurationName = switches["configuration"] ?? "Microsoft.PowerShell",
        Method = switches["method"]?.ToUpperInvariant() switch
        {
            null when switches.Has("configuration") => FileTransferMethod.PowerShell,
            null => FileTransferMethod.Automatic,
            "SHELL" => FileTransferMethod.Shell,
            "POWERSHELL" => FileTransferMethod.PowerShell,
            var other => throw new UsageException($"--method is shell or powershell, not '{other.ToLowerInvariant()}'."),
        },
    };
}
