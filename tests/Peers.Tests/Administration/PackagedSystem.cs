namespace Farwire.Peers.Tests.Administration;

/// <summary>What <c>package.sh</c> makes, or has made in the folder that FARWIRE_PACKAGES names, and a root with a real systemd to install it in; the machine's own .NET is out of sight there.</summary>
public sealed class PackagedSystem : IAsyncLifetime
{
    private readonly SystemdRoot _root = new();
    private readonly string? _given = Environment.GetEnvironmentVariable("FARWIRE_PACKAGES");
    private string _made = "";
    private string? _missing;

    /// <summary>Where the packages are, outside.</summary>
    public string Made => _made;

    /// <summary>Where they are, inside.</summary>
    public const string Inside = "/opt/farwire-packages";

    public async ValueTask InitializeAsync()
    {
        _missing = !File.Exists("/usr/bin/dpkg-deb") ? "dpkg is not there" : await _root.StartAsync();
        if (_missing is not null)
        {
            return;
        }

        _made = _given ?? Directory.CreateTempSubdirectory("farwire-packages-").FullName;
        if (_given is null)
        {
            var made = await Commands.RunAsync(Path.Combine(RunningService.Root, "package.sh"), ["--quick", "--output", _made, "deb", "linux-x64", "win-x64", "portable"]);
            Assert.True(made.ExitCode == 0, made.Output + made.Errors);
        }

        var upper = Directory.CreateDirectory(_root.Upper + Inside).FullName;
        foreach (var file in Directory.EnumerateFiles(_made).Where(file => file.EndsWith(".deb", StringComparison.Ordinal) || file.EndsWith("-linux-x64.tar.gz", StringComparison.Ordinal)))
        {
            File.Copy(file, Path.Combine(upper, Path.GetFileName(file)));
        }

        // Whatever this machine has of ours is not in a clean root.
        await RunAsync("rm", "-rf", "/etc/farwire", "/var/lib/farwire");
        await RunAsync("sh", "-c", "for d in /usr/share/dotnet /usr/lib/dotnet /root/.dotnet; do test ! -d $d || mount -t tmpfs none $d; done; ! command -v dotnet || ! dotnet --version");
    }

    /// <summary>Skips the test where no such root can be.</summary>
    public void Need() => Assert.SkipWhen(_missing is not null, _missing ?? "");

    /// <summary>Runs a program inside, which must succeed.</summary>
    public async Task<string> RunAsync(string program, params string[] arguments)
    {
        var outcome = await TryAsync(program, arguments);
        Assert.True(outcome.ExitCode == 0, $"{program} {string.Join(' ', arguments)}: {outcome.ExitCode} {outcome.Output}{outcome.Errors}");
        return outcome.Output;
    }

    /// <summary>Runs a program inside.</summary>
    public Task<Outcome> TryAsync(string program, params string[] arguments) => _root.RunAsync(program, arguments);

    public async ValueTask DisposeAsync()
    {
        await _root.DisposeAsync();
        if (_given is null && _made.Length > 0)
        {
            Directory.Delete(_made, recursive: true);
        }
    }
}
