namespace Farwire.Peers.Tests;

/// <summary>PowerShell itself, the dotnet tool that <c>test.sh</c> installs, behind a built service of its own.</summary>
public sealed class RealPowerShell : IAsyncLifetime
{
    /// <summary>The name of the software on the other side.</summary>
    public const string Name = "PowerShell 7.6";

    private static readonly string Folder = Path.Combine(RunningService.Root, "artifacts", "tools");

    private RunningService? _service;

    /// <summary>The service; the test is skipped where PowerShell is not installed.</summary>
    public RunningService Service => _service ?? throw new InvalidOperationException(Skipped());

    public async ValueTask InitializeAsync()
    {
        if (!File.Exists(Path.Combine(Folder, "pwsh")))
        {
            return;
        }

        _service = new RunningService
        {
            Settings = new Dictionary<string, string>
            {
                ["PATH"] = $"{Folder}:{Environment.GetEnvironmentVariable("PATH")}",
                ["NO_COLOR"] = "", // the tests' own wish, and not that of who asks for colours
                ["POWERSHELL_TELEMETRY_OPTOUT"] = "1",
                ["FARWIRE_POWERSHELL"] = Path.Combine(AppContext.BaseDirectory, "Peers", "powershell"), // Limited.pssc
            },
        };
        await _service.InitializeAsync();
    }

    public ValueTask DisposeAsync() => _service?.DisposeAsync() ?? ValueTask.CompletedTask;

    private static string Skipped()
    {
        Assert.Skip($"{Folder}/pwsh is not installed; test.sh installs it");
        return "";
    }
}
