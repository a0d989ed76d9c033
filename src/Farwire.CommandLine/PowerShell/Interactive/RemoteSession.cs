using Farwire.Client.PowerShell;
using Farwire.Client.PowerShell.Clixml;
using Farwire.Client.PowerShell.Records;
using Farwire.CommandLine.Grammar;
using Farwire.CommandLine.PowerShell.Output;

namespace Farwire.CommandLine.PowerShell.Interactive;

/// <summary>A runspace in which one line after the other runs.</summary>
/// <param name="pool">The runspace.</param>
/// <param name="view">Where records are shown.</param>
internal sealed class RemoteSession(RunspacePool pool, RecordView view)
{
    private const string NoScripts = "ScriptsNotAllowed";

    /// <summary>The endpoint takes commands alone, and no code.</summary>
    public bool IsWithoutLanguage { get; private set; }

    /// <summary>Runs a line. False when it is not complete: a bracket or a quote is open.</summary>
    public async Task<bool> RunAsync(string line, CancellationToken interrupted, CancellationToken stop)
    {
        try
        {
            if (!IsWithoutLanguage)
            {
                return await RunAsync(new PipelineSettings([PowerShellCommand.Script(line), new PowerShellCommand("Out-Default")]) { AddToHistory = true }, interrupted, stop).ConfigureAwait(false);
            }
        }
        catch (PipelineFailedException e) when (IsNoScripts(e))
        {
            IsWithoutLanguage = true;
        }

        try
        {
            foreach (var statement in CommandWords.Read(line))
            {
                await RunAsync(new PipelineSettings([.. statement, new PowerShellCommand("Out-Default")]), interrupted, stop).ConfigureAwait(false);
            }
        }
        catch (UsageException e)
        {
            view.Show(new ErrorRecord(e.Message));
        }

        return true;
    }

    /// <summary>The prompt as the other side writes it; null when it has none.</summary>
    public async Task<string?> PromptAsync(CancellationToken stop) => (await ValuesAsync([new PowerShellCommand("prompt")], stop).ConfigureAwait(false))?.OfType<string>().FirstOrDefault();

    /// <summary>Where the session stands; null when it does not say so.</summary>
    public async Task<string?> LocationAsync(CancellationToken stop) =>
        (await ValuesAsync([new PowerShellCommand("Get-Location")], stop).ConfigureAwait(false))?.OfType<RemoteObject>().Select(l => l["ProviderPath"] as string ?? l["Path"] as string).FirstOrDefault();

    /// <summary>What can stand at the cursor, as the other side knows it.</summary>
    public async Task<Completion?> CompleteAsync(string line, int cursor, CancellationToken stop)
    {
        var ask = new PowerShellCommand("TabExpansion2") { Parameters = [new("inputScript", line), new("cursorColumn", cursor)] };
        var found = (await ValuesAsync([ask], stop).ConfigureAwait(false))?.OfType<RemoteObject>().FirstOrDefault();
        var matches = found?["CompletionMatches"] switch { RemoteObject { Value: RemoteList list } => list, RemoteList list => list, _ => null };
        return matches is null || found!["ReplacementIndex"] is not int start || found["ReplacementLength"] is not int length
            ? null
            : new Completion(start, length, [.. matches.OfType<RemoteObject>().Select(m => m["CompletionText"] as string).OfType<string>()]);
    }

    private async Task<bool> RunAsync(PipelineSettings settings, CancellationToken interrupted, CancellationToken stop)
    {
        try
        {
            await PowerShellRun.RunAsync(pool, settings, view, interrupted, stop, isOurs: e => IsIncomplete(e) || IsNoScripts(e)).ConfigureAwait(false);
            return true;
        }
        catch (PipelineFailedException e) when (IsIncomplete(e))
        {
            return false;
        }
        finally
        {
            view.End();
        }
    }

    private static bool IsIncomplete(PipelineFailedException e) => e.Error.ExceptionType.EndsWith("IncompleteParseException", StringComparison.Ordinal);

    private static bool IsNoScripts(PipelineFailedException e) => e.Error.FullyQualifiedErrorId.StartsWith(NoScripts, StringComparison.Ordinal);

    // Null when the endpoint does not have the command.
    private async Task<List<object?>?> ValuesAsync(IReadOnlyList<PowerShellCommand> commands, CancellationToken stop)
    {
        var values = new List<object?>();
        try
        {
            await foreach (var record in pool.Run(new PipelineSettings(commands), stop).ConfigureAwait(false))
            {
                if (record is OutputRecord output)
                {
                    values.Add(output.Value is RemoteObject { HasValue: true, Value: string text } ? text : output.Value);
                }
            }

            return values;
        }
        catch (PipelineFailedException)
        {
            return null;
        }
    }
}
