namespace Farwire.CommandLine.Exit;

/// <summary>The edge of a modern verb, the only place that catches: what goes wrong inside is told, and becomes the exit code.</summary>
internal sealed class VerbBoundary(Terminal terminal, string verb)
{
    /// <summary>The answers are JSON, and so is what goes wrong. Known once the command line is read.</summary>
    public bool Json { get; set; }

    /// <summary>Does the work and answers the exit code. Who interrupts cancels <paramref name="stop"/>; any other end of time is the deadline.</summary>
    public async Task<int> RunAsync(Func<Task<int>> work, CancellationToken stop)
    {
        int exit;
        try
        {
            exit = await work().ConfigureAwait(false);
        }
        catch (OperationCanceledException)
        {
            exit = stop.IsCancellationRequested ? ExitCode.Interrupted : ExitCode.Deadline;
        }
        catch (Exception e) when (Failure.IsKnown(e))
        {
            Tell(e);
            exit = Failure.ExitOf(e);
        }

        await terminal.Output.FlushAsync(CancellationToken.None).ConfigureAwait(false);
        return exit;
    }

    /// <summary>Tells of one failure among several hosts, after which the others go on.</summary>
    public void Tell(Exception failure, string? host = null) => Failure.Show(terminal.Errors, failure, verb, host, Json);
}
