using System.Runtime.CompilerServices;
using Farwire.Client;
using Farwire.Client.Connection;
using Farwire.Client.PowerShell;
using Farwire.Client.PowerShell.Clixml;
using Farwire.Client.PowerShell.Records;
using Farwire.CommandLine.Exit;
using Farwire.CommandLine.PowerShell.Output;
using Farwire.Protocol.Faults;

namespace Farwire.CommandLine.PowerShell;

/// <summary>Runs a pipeline on another machine, and shows what it says.</summary>
/// <remarks>
/// The exit code: 1 when an error ended the pipeline; the code of <c>exit</c>; else that of the last program it ran (<c>$LASTEXITCODE</c>); else 0. Errors
/// that a script goes on after do not change it, as in PowerShell itself.
/// </remarks>
/// <param name="terminal">What it reads from and writes to.</param>
/// <param name="client">The way to the machine.</param>
public sealed class PowerShellRun(Terminal terminal, WSManClient client)
{
    /// <summary>The code when an error ended the pipeline.</summary>
    public const int Failed = 1;

    private static readonly PowerShellCommand OutDefault = new("Out-Default");

    /// <summary>Runs it, and answers its code.</summary>
    /// <param name="line">What runs.</param>
    /// <param name="interrupted">The first Ctrl-C: stops the pipeline there.</param>
    /// <param name="stop">Ends all.</param>
    public async Task<int> RunAsync(PowerShellLine line, CancellationToken interrupted, CancellationToken stop)
    {
        var form = ObjectForm.Of(line.Output, terminal.OutputIsTerminal ? terminal.Size().Columns : int.MaxValue);
        var view = new RecordView(terminal, form, json: form is JsonForm);
        var host = new TerminalHost(terminal, view);
        using var starting = CancellationTokenSource.CreateLinkedTokenSource(interrupted, stop);
        var settings = new RunspacePoolSettings { ConfigurationName = line.Configuration, NoProfile = line.NoProfile, Host = host };
        await using var pool = await client.OpenRunspacePoolAsync(settings, starting.Token).ConfigureAwait(false);
        var code = await RunAsync(pool, Pipeline(line, form), view, interrupted, stop).ConfigureAwait(false);
        view.End();
        return code ?? host.ExitCode ?? await LastExitCodeAsync(pool, stop).ConfigureAwait(false) ?? 0;
    }

    /// <summary>Runs a pipeline in an open pool; the answer is null when it came to its end.</summary>
    internal static async Task<int?> RunAsync(
        RunspacePool pool, PipelineSettings settings, RecordView view, CancellationToken interrupted, CancellationToken stop, Func<PipelineFailedException, bool>? isOurs = null)
    {
        await using var pipeline = await pool.StartAsync(settings, stop).ConfigureAwait(false);
        await using var told = interrupted.Register(() => _ = StopAsync(pipeline, stop)).ConfigureAwait(false);
        try
        {
            await foreach (var record in pipeline.ReadAsync(stop).ConfigureAwait(false))
            {
                view.Show(record);
            }
        }
        catch (PipelineFailedException e) when (isOurs?.Invoke(e) != true)
        {
            view.Show(e.Error);
            return Failed;
        }

        return pipeline.State == PipelineState.Stopped && interrupted.IsCancellationRequested ? ExitCode.Interrupted : null;
    }

    // Text is made there, by the views that PowerShell has for its types; objects are shown here.
    private PipelineSettings Pipeline(PowerShellLine line, ObjectForm? form) => new(Shown(line.Commands, form))
    {
        MoreStatements = [.. line.MoreStatements.Select(s => Shown(s, form))],
        Input = line.ReadsInput ? LinesAsync(terminal.Input) : null,
    };

    private static IReadOnlyList<PowerShellCommand> Shown(IReadOnlyList<PowerShellCommand> commands, ObjectForm? form) =>
        form is null ? [.. commands, OutDefault] : commands;

    private static async IAsyncEnumerable<object?> LinesAsync(TextReader input, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        while (await input.ReadLineAsync(cancellationToken).ConfigureAwait(false) is { } line)
        {
            yield return line;
        }
    }

    private static async Task StopAsync(RemotePipeline pipeline, CancellationToken stop)
    {
        try
        {
            await pipeline.StopAsync(stop).ConfigureAwait(false);
        }
        catch (Exception e) when (e is WSManFaultException or WSManTransportException or OperationCanceledException)
        {
            // It has ended meanwhile, or the way is broken; then reading says so.
        }
    }

    // Without language there are no variables, and no programs that could have left a code.
    private static async Task<int?> LastExitCodeAsync(RunspacePool pool, CancellationToken stop)
    {
        try
        {
            int? code = null;
            await foreach (var record in pool.Run("$global:LASTEXITCODE", stop).ConfigureAwait(false))
            {
                code = record is OutputRecord { Value: int number } ? number : record is OutputRecord { Value: RemoteObject { Value: int held } } ? held : code;
            }

            return code;
        }
        catch (PipelineFailedException)
        {
            return null;
        }
    }
}
