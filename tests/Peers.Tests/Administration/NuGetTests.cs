using System.Text.RegularExpressions;
using Farwire.Peers.Tests.Plugins;

namespace Farwire.Peers.Tests.Administration;

/// <summary>What <c>package.sh tool nuget</c> makes, used where nothing else of the project is: a source of packages, and folders elsewhere.</summary>
[Collection(nameof(PackageTests))] // both run package.sh, which builds in one folder
public sealed partial class NuGetTests : IDisposable
{
    private readonly string? _given = Environment.GetEnvironmentVariable("FARWIRE_NUGET");
    private readonly string _folder = Directory.CreateTempSubdirectory("farwire-nuget-").FullName;

    private string Made => _given ?? Path.Combine(_folder, "made");

    [Fact]
    public async Task The_commands_are_a_tool_and_plug_ins_are_built_from_the_package_alone_and_served()
    {
        if (_given is null)
        {
            await DoneAsync(Path.Combine(RunningService.Root, "package.sh"), "--quick", "--output", Made, "tool", "nuget");
        }

        await File.WriteAllTextAsync(Path.Combine(_folder, "nuget.config"), $"<configuration><packageSources><clear/><add key=\"made\" value=\"{Made}\"/></packageSources></configuration>");

        // 1. The tool, as anybody installs it.
        var tools = Path.Combine(_folder, "tools");
        await DoneAsync("dotnet", "tool", "install", "farwire", "--tool-path", tools, "--configfile", Path.Combine(_folder, "nuget.config"));
        Assert.Contains("Access is denied", await DoneAsync(Path.Combine(tools, "farwire"), "winrm", "helpmsg", "5"), StringComparison.OrdinalIgnoreCase);

        // 2. The samples' code with the project file that the guide shows.
        var project = ProjectFile().Match(await File.ReadAllTextAsync(Path.Combine(RunningService.Root, "docs", "guides", "plugins.md"))).Groups[1].Value;
        Assert.Contains("Farwire.Plugins", project, StringComparison.Ordinal);
        var (notebook, echo) = (await BuiltAsync("NotebookPlugin", project), await BuiltAsync("EchoShellPlugin", project));
        Assert.Empty(Directory.EnumerateFiles(Path.GetDirectoryName(notebook)!, "Farwire.*"));

        // 3. They serve.
        await using var service = await AdministeredService.StartAsync();
        service.Write("farwired.yaml", Registration.Yaml(
            Registration.Notebook(file: notebook), Registration.EchoShell().Replace(Registration.Sample("EchoShellPlugin"), echo, StringComparison.Ordinal)));
        await service.RestartAsync();
        Assert.Contains("Describe_OUTPUT", await service.CurlAsync(Soap.Message(Registration.Notes + "/Describe", Registration.Notes, "")), StringComparison.Ordinal);
        var shell = new LocalShell(service, Registration.Echo);
        await shell.OpenAsync();
        Assert.Equal(("hello\n", "0"), await shell.RunAsync("echo", ["hello"]));
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private async Task<string> BuiltAsync(string sample, string project)
    {
        var folder = Directory.CreateDirectory(Path.Combine(_folder, sample)).FullName;
        await File.WriteAllTextAsync(Path.Combine(folder, sample + ".csproj"), project);
        foreach (var file in Directory.EnumerateFiles(Path.Combine(RunningService.Root, "samples", sample), "*.cs"))
        {
            File.Copy(file, Path.Combine(folder, Path.GetFileName(file)));
        }

        await DoneAsync("dotnet", "build", folder, "-c", "Release", "-maxcpucount:1", "-nodeReuse:false", "-v", "quiet", "-clp:ErrorsOnly", "-o", Path.Combine(folder, "out"));
        return Path.Combine(folder, "out", sample + ".dll");
    }

    // With packages of its own: those of the machine may have others of the same version.
    private async Task<string> DoneAsync(string program, params string[] words)
    {
        var outcome = await Commands.RunAsync("env", [$"NUGET_PACKAGES={Path.Combine(_folder, "packages")}", "DOTNET_CLI_TELEMETRY_OPTOUT=1", "DOTNET_NOLOGO=1", program, .. words]);
        Assert.True(outcome.ExitCode == 0, $"{program} {string.Join(' ', words)}: {outcome.Output}{outcome.Errors}");
        return outcome.Output;
    }

    [GeneratedRegex("```xml\n(<Project .*?)```", RegexOptions.Singleline)]
    private static partial Regex ProjectFile();
}
