using System.Diagnostics.CodeAnalysis;
using System.Runtime.InteropServices;
using Farwire.Client;
using Farwire.Client.Connection;
using Farwire.Client.PowerShell;
using Farwire.Client.PowerShell.Records;
using Farwire.CommandLine.Exit;
using Farwire.CommandLine.Grammar;
using Farwire.CommandLine.Hosts;
using Farwire.CommandLine.PowerShell.Output;
using Farwire.Protocol.Faults;

namespace Farwire.CommandLine.PowerShell.Interactive;

/// <summary><c>farwire shell</c>: a session on another computer.</summary>
/// <remarks>
/// 1. PowerShell, or where there is none the command shell. 2. A line is edited here, with the history of the host and completions of the other side.
/// 3. It runs there; Ctrl-C stops it and not the session. 4. <c>exit</c> or Ctrl-D ends.
/// </remarks>
/// <param name="terminal">What it reads from and writes to.</param>
/// <param name="connect">Makes the client; tests put a loopback in.</param>
[SuppressMessage("Design", "CA1001", Justification = "Ctrl-C may come at any time, also when the source of a line's interruption has just been replaced: none is disposed.")]
public sealed class ShellCommand(Terminal terminal, Func<WSManConnectionOptions, WSManClient>? connect = null)
{
    private readonly Func<WSManConnectionOptions, WSManClient> _connect = connect ?? (options => new WSManClient(options));
    private CancellationTokenSource _interrupt = new();

    /// <summary>Runs a command line; the answer is the exit code.</summary>
    public async Task<int> RunAsync(IReadOnlyList<string> arguments, CancellationToken stop)
    {
        using var onInterrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, signal =>
        {
            signal.Cancel = true;
            _interrupt.Cancel();
        });
        return await new VerbBoundary(terminal, "shell").RunAsync(
            async () =>
            {
                if (ShellLine.Read(arguments) is { } line)
                {
                    return await RunAsync(line, stop).ConfigureAwait(false);
                }

                terminal.Output.WriteLine(ShellHelp.Text);
                return ExitCode.Done;
            },
            stop).ConfigureAwait(false);
    }

    private async Task<int> RunAsync(ShellLine line, CancellationToken stop)
    {
        using var connections = new HostConnections(line.Switches, terminal);
        var host = connections.Hosts() is [var only] ? only : throw new UsageException("a session is with one host.");
        var options = await connections.OptionsAsync(host, _interrupt.Token).ConfigureAwait(false);
        await using var client = _connect(options);
        if (line.IsPlain)
        {
            return await new PlainSession(terminal).RunAsync(client, () => _interrupt.Token, stop).ConfigureAwait(false);
        }

        var view = new RecordView(terminal, form: null, json: false);
        var ahead = new TypedAhead(() => Console.KeyAvailable, () => Console.ReadKey(intercept: true));
        var answers = new TerminalHost(ahead.Before(terminal), view);
        var settings = new RunspacePoolSettings { ConfigurationName = line.Configuration, NoProfile = line.NoProfile, Host = answers };
        RunspacePool pool;
        try
        {
            using var starting = CancellationTokenSource.CreateLinkedTokenSource(_interrupt.Token, stop);
            pool = await client.OpenRunspacePoolAsync(settings, starting.Token).ConfigureAwait(false);
        }
        catch (WSManFaultException e) when (!line.IsNamed && IsAbsent(e.Fault.Code))
        {
            terminal.Errors.WriteLine($"{options.Address.Host} has no PowerShell to enter; this is its command shell.");
            return await new PlainSession(terminal).RunAsync(client, () => _interrupt.Token, stop).ConfigureAwait(false);
        }

        await using (pool)
        {
            await LoopAsync(options.Address.Host, new SessionFiles(terminal, client, line.Configuration), pool, view, answers, ahead, stop).ConfigureAwait(false);
        }

        return answers.ExitCode ?? 0;
    }

    // No program to start, no resource of that name.
    private static bool IsAbsent(uint code) => code == FaultCatalog.FileNotFound.Code || code == FaultCatalog.InvalidResourceUri.Code;

    private async Task LoopAsync(string name, SessionFiles files, RunspacePool pool, RecordView view, TerminalHost host, TypedAhead ahead, CancellationToken stop)
    {
        var session = new RemoteSession(pool, view);
        var history = LineHistory.Of(name, terminal);
        var editor = new LineEditor(terminal, history, ahead.ReadKey, (text, cursor) => session.CompleteAsync(text, cursor, stop).GetAwaiter().GetResult());
        var begun = "";
        while (host.ExitCode is null && !stop.IsCancellationRequested)
        {
            var prompt = begun.Length > 0 ? ">> " : $"[{name}]: {await session.PromptAsync(stop).ConfigureAwait(false) ?? "PS> "}";
            if (Read(editor, ahead, prompt) is not { } typed || (begun.Length == 0 && typed.Trim().Equals("exit", StringComparison.OrdinalIgnoreCase)))
            {
                break;
            }

            // An empty line gives up what could not be complete.
            var text = begun.Length > 0 ? $"{begun}\n{typed}" : typed;
            if (text.Trim().Length == 0 || (begun.Length > 0 && typed.Length == 0))
            {
                begun = "";
                continue;
            }

            begun = await RunAsync(text, session, files, view, stop).ConfigureAwait(false) ? "" : text;
            if (begun.Length == 0)
            {
                history.Add(text);
            }
        }
    }

    private async Task<bool> RunAsync(string text, RemoteSession session, SessionFiles files, RecordView view, CancellationToken stop)
    {
        if (terminal.InputIsTerminal && ScreenPrograms.Warning(text) is { } warning)
        {
            terminal.Errors.WriteLine(warning);
            return true;
        }

        // Whoever has thought better of it before it began there need not begin it.
        var interrupted = _interrupt.Token;
        try
        {
            interrupted.ThrowIfCancellationRequested();
            using var either = CancellationTokenSource.CreateLinkedTokenSource(interrupted, stop);
            return await files.RunAsync(text, () => session.LocationAsync(stop), either.Token).ConfigureAwait(false) || await session.RunAsync(text, interrupted, stop).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (!stop.IsCancellationRequested)
        {
            view.Show(new WarningRecord("stopped."));
            return true;
        }
    }

    private string? Read(LineEditor editor, TypedAhead ahead, string prompt)
    {
        _interrupt = new CancellationTokenSource(); // what was pressed before belongs to the line before
        if (!terminal.InputIsTerminal)
        {
            return terminal.Input.ReadLine(); // lines of a file or a pipe: no prompt, no echo
        }

        // While a line is edited Ctrl-C is a key; while one runs it is a signal.
        Console.TreatControlCAsInput = true;
        try
        {
            return editor.Read(prompt);
        }
        finally
        {
            Console.TreatControlCAsInput = false;
            if (ahead.TakeAll())
            {
                _interrupt.Cancel();
            }
        }
    }
}
