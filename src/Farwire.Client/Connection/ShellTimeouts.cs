using Farwire.Protocol.Names;

namespace Farwire.Client.Connection;

/// <summary>How long the service may work on single operations of shells; null is the time of all operations.</summary>
/// <remarks>WSMan API, "WSManSessionOption", the options 12 to 17.</remarks>
public sealed record ShellTimeouts
{
    /// <summary>No operation has a time of its own.</summary>
    public static ShellTimeouts None { get; } = new();

    /// <summary>Of opening a shell, and of connecting to one.</summary>
    public TimeSpan? Create { get; init; }

    /// <summary>Of starting a command.</summary>
    public TimeSpan? Run { get; init; }

    /// <summary>Of one request for output.</summary>
    public TimeSpan? Receive { get; init; }

    /// <summary>Of one piece of input.</summary>
    public TimeSpan? Send { get; init; }

    /// <summary>Of a signal.</summary>
    public TimeSpan? Signal { get; init; }

    /// <summary>Of closing a shell.</summary>
    public TimeSpan? Close { get; init; }

    /// <summary>The time of an action; null is the time of all.</summary>
    internal TimeSpan? Of(string action) => action switch
    {
        Actions.Create or Actions.Connect => Create,
        Actions.Command => Run,
        Actions.Receive => Receive,
        Actions.Send => Send,
        Actions.Signal => Signal,
        Actions.Delete => Close,
        _ => null,
    };
}
