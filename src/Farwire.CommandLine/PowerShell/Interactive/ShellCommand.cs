using System.Diagnostics.CodeAnalysis;
using System.Runtime.InteropServices;
using Farwire.Client;
using Farwire.Client.Connection;
using Farwire.Client.PowerShell;
using Farwire.Client.PowerShell.Records;
using Farwire.CommandLine.Grammar;
using Farwire.CommandLine.Output;
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
[SuppressMessage("Design", "CA1001", Justification = "The source of each line's interruption is disposed when the next takes its place.")]
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
        var exit = 0;
        try
        {
            if (ShellLine.Read(arguments, terminal) is { } line)
            {
                exit = await RunAsync(line, stop).ConfigureAwait(false);
            }
            else
            {
                terminal.Output.WriteLine(ShellHelp.Text);
            }
        }
        catch (UsageException e)
        {
            terminal.Errors.WriteLine($"farwire shell: {e.Message}");
            terminal.Errors.WriteLine("Try 'farwire shell --help'.");
            exit = 64;
        }
        catch (WSManFaultException e)
        {
            Faults.Show(terminal.Errors, e.Fault, json: false);
            exit = e.Fault.Code == FaultCatalog.AccessDenied.Code ? 77 : 70;
        }
        catch (WSManTransportException e)
        {
            Faults.Show(terminal.Errors, e, json: false);
            exit = e.Failure == TransportFailure.Authentication ? 77 : 69;
        }
        catch (PowerShellProtocolException e)
        {
            terminal.Errors.WriteLine($"farwire shell: {e.Message}");
            exit = 70;
        }
        catch (OperationCanceledException)
        {
            exit = 130;
        }

        await terminal.Output.FlushAsync(CancellationToken.None).ConfigureAwait(false);
        _interrupt.Dispose();
        return exit;
    }

    private async Task<int> RunAsync(ShellLine line, CancellationToken stop)
    {
        await using var client = _connect(line.Connection);
        if (line.IsPlain)
        {
            return await new PlainSession(terminal).RunAsync(client, () => _interrupt.Token, stop).ConfigureAwait(false);
        }

        var view = new RecordView(terminal, form: null, json: false);
        var host = new TerminalHost(terminal, view);
        var settings = new RunspacePoolSettings { ConfigurationName = line.Configuration, NoProfile = line.NoProfile, Host = host };
        RunspacePool pool;
        try
        {
            using var starting = CancellationTokenSource.CreateLinkedTokenSource(_interrupt.Token, stop);
            pool = await client.OpenRunspacePoolAsync(settings, starting.Token).ConfigureAwait(false);
        }
        catch (WSManFaultException e) when (!line.IsNamed && IsAbsent(e.Fault.Code))
        {
            terminal.Errors.WriteLine($"{line.Connection.Address.Host} has no PowerShell to enter; this is its command shell.");
            return await new PlainSession(terminal).RunAsync(client, () => _interrupt.Token, stop).ConfigureAwait(false);
        }

        await using (pool)
        {
            await LoopAsync(line, client, pool, view, host, stop).ConfigureAwait(false);
        }

        return host.ExitCode ?? 0;
    }

    // No program to start, no resource of that name.
    private static bool IsAbsent(uint code) => code == FaultCatalog.FileNotFound.Code || code == FaultCatalog.InvalidResourceUri.Code;

    private async Task LoopAsync(ShellLine line, WSManClient client, RunspacePool pool, RecordView view, TerminalHost host, CancellationToken stop)
    {
        var name = line.Connection.Address.Host;
        var session = new RemoteSession(pool, view);
        var files = new SessionFiles(terminal, client, line.Configuration);
        var history = LineHistory.Of(name, terminal);
        var editor = new LineEditor(terminal, history, ReadKey, (text, cursor) => session.CompleteAsync(text, cursor, stop).GetAwaiter().GetResult());
        var begun = "";
        while (host.ExitCode is null && !stop.IsCancellationRequested)
        {
            var prompt = begun.Length > 0 ? ">> " : $"[{name}]: {await session.PromptAsync(stop).ConfigureAwait(false) ?? "PS> "}";
            if (Read(editor, prompt) is not { } typed || (begun.Length == 0 && typed.Trim().Equals("exit", StringComparison.OrdinalIgnoreCase)))
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

        var running = new CancellationTokenSource();
        (var before, _interrupt) = (_interrupt, running);
        before.Dispose();
        try
        {
            using var either = CancellationTokenSource.CreateLinkedTokenSource(running.Token, stop);
            return await files.RunAsync(text, () => session.LocationAsync(stop), either.Token).ConfigureAwait(false) || await session.RunAsync(text, running.Token, stop).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (!stop.IsCancellationRequested)
        {
            view.Show(new WarningRecord("stopped."));
            return true;
        }
    }

    private string? Read(LineEditor editor, string prompt)
    {
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
        }
    }

    private static ConsoleKeyInfo ReadKey() => Console.ReadKey(intercept: true);
}
