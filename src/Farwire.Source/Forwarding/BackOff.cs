namespace Farwire.Source.Forwarding;

/// <summary>How long to leave a collector alone that failed: ever longer, never longer than <paramref name="most"/>, and no less than it asks for.</summary>
/// <remarks>Chance shortens it by up to a half: a fleet that lost its collector at once does not come back at once.</remarks>
internal sealed class BackOff(TimeSpan most)
{
    private static readonly TimeSpan First = TimeSpan.FromSeconds(10);

    // What a collector asks for is bounded too: by mistake it might ask for a year.
    private static readonly TimeSpan MostAsked = TimeSpan.FromHours(1);

    private TimeSpan _next = First;

    /// <summary>It failed again; answers how long to wait.</summary>
    /// <param name="asked">What its Retry-After says.</param>
    public TimeSpan Failed(TimeSpan? asked)
    {
        var own = _next < most ? _next : most;
        _next = own * 2;
        own *= 0.5 + (Random.Shared.NextDouble() / 2);
        return AtLeast(own, asked);
    }

    /// <summary>It answered.</summary>
    public void Succeeded() => _next = First;

    /// <summary>The time, or what the collector asks for when that is longer.</summary>
    public static TimeSpan AtLeast(TimeSpan own, TimeSpan? asked)
    {
        var wish = asked is not { } time ? TimeSpan.Zero : time < MostAsked ? time : MostAsked;
        return wish > own ? wish : own;
    }
}
