using Farwire.Processes.Limits;

namespace Farwire.Processes.Launch;

/// <summary>A service without root: all programs run as the account that runs it, with its environment, and nobody else's can.</summary>
public sealed class OwnAccountStarter : IProgramStarter
{
    private readonly ControlGroups? _groups;

    /// <summary>Programs are held in control groups where there are any.</summary>
    public OwnAccountStarter()
        : this(ControlGroups.OfThisProcess)
    {
    }

    internal OwnAccountStarter(ControlGroups? groups) => _groups = groups;

    private static string Home =>
        Environment.GetFolderPath(Environment.SpecialFolder.UserProfile) is { Length: > 0 } home && Directory.Exists(home) ? home : "/";

    /// <inheritdoc/>
    public Task<RunningProcess> StartAsync(ProgramStart start, string account) => account == Environment.UserName
        ? Task.FromResult(ProcessLauncher.Start(start with { WorkingDirectory = start.WorkingDirectory ?? Home }, _groups))
        : throw new UnauthorizedAccessException(account.Length > 0
            ? $"The service runs as '{Environment.UserName}' and without a broker: it can start nothing as '{account}'. Start it as root to serve all accounts."
            : $"No account of this machine belongs to the user. Give the user one ('farwired user add … --account {Environment.UserName}').");
}
