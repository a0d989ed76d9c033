using Farwire.Client.Files;

namespace Farwire.Client.Tests.Files;

/// <summary>What PowerShell at the other end of a copy is told to do, word for word: who changes it reads all of it, and tries it there.</summary>
public sealed class CopyScriptTests
{
    public static TheoryData<string> Names => [.. typeof(PowerShellScripts).GetFields().Select(f => f.Name)];

    [Theory]
    [MemberData(nameof(Names))]
    public void The_script_is_the_golden_one(string name)
    {
        var golden = Path.Combine(AppContext.BaseDirectory, "Files", "Scripts", name + ".ps1");
        var script = (string)typeof(PowerShellScripts).GetField(name)!.GetRawConstantValue()!;

        Assert.True(File.Exists(golden), $"{golden} is missing");
        Assert.Equal(File.ReadAllText(golden).ReplaceLineEndings("\n").TrimEnd('\n'), script.ReplaceLineEndings("\n").TrimEnd('\n'));
    }
}
