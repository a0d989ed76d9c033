using Farwire.Processes.Tree;

namespace Farwire.Shells;

/// <summary>Looks after what the programs of all shells take, while some run; a shell that takes too much loses its largest command.</summary>
/// <remarks>The kernel's own limits, where there are any, come before it: what it ends then is what slipped through.</remarks>
internal sealed class QuotaWatch : IDisposable
{
    private static readonly TimeSpan Period = TimeSpan.FromMilliseconds(250);

    private readonly Func<OpenShell[]> _shells;
    private readonly ITimer _timer;
    private int _isOn;

    public QuotaWatch(Func<OpenShell[]> shells, TimeProvider time)
    {
        _shells = shells;
        _timer = time.CreateTimer(_ => Look(), null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    /// <summary>Something was started in a shell with limits.</summary>
    public void Wake()
    {
        if (Interlocked.Exchange(ref _isOn, 1) == 0)
        {
            _timer.Change(Period, Timeout.InfiniteTimeSpan);
        }
    }

    public void Dispose() => _timer.Dispose();

    private void Look()
    {
        var watched = _shells().OfType<OpenCommandShell>().Where(shell => shell.HasLimits).SelectMany(shell => shell.Commands, (shell, command) => (shell, command)).ToList();
        var usages = ProcessSurvey.Take(watched.ConvertAll(one => one.command.Process));
        foreach (var shell in watched.Zip(usages, (one, usage) => (one.shell, one.command, usage)).GroupBy(one => one.shell))
        {
            shell.Key.Enforce([.. shell.Select(one => (one.command, one.usage))]);
        }

        Volatile.Write(ref _isOn, 0);
        if (usages.Any(usage => usage.Processes > 0))
        {
            Wake();
        }
    }
}
