using Farwire.Client.Connection;
using Farwire.CommandLine.Events;
using Farwire.CommandLine.Grammar;

namespace Farwire.CommandLine.WecUtil;

/// <summary><c>wecutil qc</c>: from a machine that collects nothing to one whose collector starts with it and whose log is on.</summary>
/// <remarks>Windows Event Collector, "wecutil", "quick-config". 1. Look what is missing. 2. Tell and ask. 3. Do it. 4. See whether the log is on.</remarks>
internal sealed class QuickConfig(Terminal terminal, CollectorSession session)
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    /// <summary>Sets the collector up.</summary>
    /// <param name="isQuiet">Asks nothing.</param>
    /// <param name="isHere">The collector is that of this machine: its unit can be looked at.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public async Task RunAsync(bool isQuiet, bool isHere, CancellationToken cancellationToken)
    {
        // 1
        var changes = new List<(string Text, Func<CancellationToken, Task> MakeAsync)>();
        var isDelayedStart = isHere ? await CollectorUnit.IsDelayedStartAsync(cancellationToken).ConfigureAwait(false) : null;
        if (isDelayedStart == false)
        {
            changes.Add(("The collector starts with the system, two minutes after it (Delay-Start).", CollectorUnit.EnableDelayedStartAsync));
        }

        if (isDelayedStart is not null && !await CollectorUnit.IsActiveAsync(cancellationToken).ConfigureAwait(false))
        {
            changes.Add(("The collector is started.", CollectorUnit.StartAsync));
            changes.Add(("The log ForwardedEvents is switched on.", EnableLogAsync)); // whoever does not run cannot be asked
        }
        else if (!await session.IsLogEnabledAsync(cancellationToken).ConfigureAwait(false))
        {
            changes.Add(("The log ForwardedEvents is switched on.", EnableLogAsync));
        }

        // 2
        if (changes.Count == 0)
        {
            terminal.Output.WriteLine("The event collector is configured already.");
            return;
        }

        changes.ForEach(change => terminal.Output.WriteLine(change.Text));
        if (!isQuiet && !await AgreesAsync(cancellationToken).ConfigureAwait(false))
        {
            terminal.Output.WriteLine("Nothing was changed.");
            return;
        }

        // 3
        foreach (var (_, makeAsync) in changes)
        {
            await makeAsync(cancellationToken).ConfigureAwait(false);
        }

        // 4
        terminal.Output.WriteLine(await session.IsLogEnabledAsync(cancellationToken).ConfigureAwait(false)
            ? "The event collector was configured successfully."
            : throw new UsageException("the log ForwardedEvents is still off."));
        if (isHere && isDelayedStart is null)
        {
            terminal.Errors.WriteLine("Warning: there is no unit farwired-collector of systemd here; nothing starts the collector with the system.");
        }
    }

    private async Task<bool> AgreesAsync(CancellationToken cancellationToken)
    {
        terminal.Output.Write("Would you like to proceed (Y- yes or N- no)?");
        await terminal.Output.FlushAsync(cancellationToken).ConfigureAwait(false);
        return terminal.Input.ReadLine()?.Trim().ToUpperInvariant() is "Y" or "YES";
    }

    // A collector that was started a moment ago may not listen yet.
    private async Task EnableLogAsync(CancellationToken cancellationToken)
    {
        var began = TimeProvider.System.GetTimestamp();
        while (true)
        {
            try
            {
                await session.EnableLogAsync(cancellationToken).ConfigureAwait(false);
                return;
            }
            catch (WSManTransportException e) when (e.Failure is TransportFailure.Connect or TransportFailure.HttpStatus && TimeProvider.System.GetElapsedTime(began) < Patience)
            {
                await Task.Delay(200, cancellationToken).ConfigureAwait(false);
            }
        }
    }
}
