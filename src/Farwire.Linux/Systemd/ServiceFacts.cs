namespace Farwire.Linux.Systemd;

/// <summary>A service unit, in memory or only on disk. What was not wanted is null.</summary>
/// <param name="Name">With the suffix <c>.service</c>.</param>
/// <remarks>systemd.service(5), org.freedesktop.systemd1(5).</remarks>
public sealed record ServiceFacts(string Name)
{
    /// <summary>For people.</summary>
    public string? Description { get; init; }

    /// <summary>systemd has it in memory; what is only on disk has not run.</summary>
    public bool IsLoaded { get; init; }

    /// <summary>active, reloading, inactive, failed, activating, deactivating, maintenance.</summary>
    public string ActiveState { get; init; } = "inactive";

    /// <summary>The same in the words of services, such as <c>running</c> or <c>exited</c>.</summary>
    public string SubState { get; init; } = "dead";

    /// <summary>enabled, disabled, static, masked …; empty when the unit has no file.</summary>
    public string FileState { get; init; } = "";

    /// <summary>The account; empty is root.</summary>
    public string? User { get; init; }

    /// <summary>The command that starts it.</summary>
    public string? Command { get; init; }

    /// <summary>What happens to the system when it fails; <c>none</c> is the usual.</summary>
    public string? FailureAction { get; init; }

    /// <summary>It may be stopped by hand.</summary>
    public bool? CanStop { get; init; }

    /// <summary>The main process; 0 when there is none.</summary>
    public uint? MainPid { get; init; }

    /// <summary>How its main process ended last.</summary>
    public int? ExitStatus { get; init; }

    /// <summary>When its main process ended last, in microseconds since 1970; 0 when it never ran.</summary>
    public ulong? ExitTime { get; init; }
}

/// <summary>Which facts are wanted: each costs questions to systemd.</summary>
[Flags]
public enum ServiceDetails
{
    /// <summary>Name and state.</summary>
    None = 0,

    /// <summary>Whether it starts by itself.</summary>
    FileState = 1,

    /// <summary>The description of services that are not in memory.</summary>
    Description = 2,

    /// <summary>The account.</summary>
    User = 4,

    /// <summary>The command.</summary>
    Command = 8,

    /// <summary>What a failure does.</summary>
    FailureAction = 16,

    /// <summary>Whether it may be stopped.</summary>
    CanStop = 32,

    /// <summary>The main process.</summary>
    MainPid = 64,

    /// <summary>How it ended.</summary>
    Exit = 128,

    /// <summary>Everything.</summary>
    All = 255,
}
