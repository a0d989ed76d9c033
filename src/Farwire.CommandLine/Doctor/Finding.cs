namespace Farwire.CommandLine.Doctor;

/// <summary>How a stage went.</summary>
internal enum Health
{
    Good,

    /// <summary>It works, and something about it will hurt one day.</summary>
    Warning,
    Failed,

    /// <summary>Nothing was given to try it with.</summary>
    Skipped,
}

/// <summary>The stages of a way to a service, in order.</summary>
internal enum Stage
{
    Name,
    Route,
    Tcp,
    Tls,
    Http,
    Clock,
    Schemes,
    Authentication,
    Authorization,
    Shell,
    Quotas,
}

/// <summary>What was found at one stage.</summary>
/// <param name="Stage">Where.</param>
/// <param name="Health">How it is.</param>
/// <param name="Message">What was seen.</param>
internal sealed record Finding(Stage Stage, Health Health, string Message)
{
    /// <summary>Why it is so, most likely.</summary>
    public string? Cause { get; init; }

    /// <summary>What helps on this side: commands, or a sentence.</summary>
    public IReadOnlyList<string> Here { get; init; } = [];

    /// <summary>What helps on the other side.</summary>
    public IReadOnlyList<string> There { get; init; } = [];

    public static Finding Good(Stage stage, string message) => new(stage, Health.Good, message);

    public static Finding Failed(Stage stage, string message, string cause) => new(stage, Health.Failed, message) { Cause = cause };

    public static Finding Warning(Stage stage, string message, string cause) => new(stage, Health.Warning, message) { Cause = cause };

    public static Finding Skipped(Stage stage, string message) => new(stage, Health.Skipped, message);
}
