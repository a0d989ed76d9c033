using Farwire.Linux.Memory;

namespace Farwire.Hosting.Memory;

/// <summary>Gives memory back to the system when the service rests: what start-up or a busy hour left behind is nobody's any more.</summary>
/// <remarks>
/// A service that allocates next to nothing for ten seconds rests. Then dead objects go, the heap shrinks to what lives, and the pages of programs
/// and libraries that were read once and not since are dropped; those in use come back from the system's cache when they are next touched. Until the
/// service has worked again, nothing more is done.
/// </remarks>
public sealed class RestingMemory : IDisposable
{
    private const long NextToNothing = 512 * 1024;

    private readonly Func<long> _allocated;
    private readonly Action _giveBack;
    private readonly ITimer _timer;
    private long _before;
    private bool _given;

    /// <summary>Watches this process.</summary>
    public RestingMemory()
        : this(TimeProvider.System, static () => GC.GetTotalAllocatedBytes(), GiveBack)
    {
    }

    internal RestingMemory(TimeProvider time, Func<long> allocated, Action giveBack)
    {
        _allocated = allocated;
        _giveBack = giveBack;
        _before = allocated();
        _timer = time.CreateTimer(_ => Look(), null, Period, Period);
    }

    /// <summary>How long the service must do next to nothing.</summary>
    internal static TimeSpan Period { get; } = TimeSpan.FromSeconds(10);

    /// <inheritdoc/>
    public void Dispose() => _timer.Dispose();

    private void Look()
    {
        var now = _allocated();
        var rests = now - _before < NextToNothing;
        if (rests && !_given)
        {
            _giveBack();
        }

        // What giving back took is not work.
        _given = rests;
        _before = _allocated();
    }

    private static void GiveBack()
    {
        GC.Collect(2, GCCollectionMode.Aggressive, blocking: true, compacting: true);
        ResidentPages.GiveBack();
    }
}
