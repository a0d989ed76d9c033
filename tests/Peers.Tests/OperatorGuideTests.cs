using System.Text;
using System.Text.RegularExpressions;

namespace Farwire.Peers.Tests;

/// <summary>The transcripts of the guides, typed again: what they show must be what happens.</summary>
public sealed partial class OperatorGuideTests(RunningService service)
{
    private const char Mark = '\u0001';

    [Theory]
    [InlineData("operator.md")]
    [InlineData("migration.md")]
    [InlineData("ci.md")]
    public Task Every_transcript_shows_what_happens(string guide) => HoldAsync(guide, service);

    /// <summary>Types the transcripts of a guide again.</summary>
    internal static async Task HoldAsync(string guide, RunningService service)
    {
        var folder = Directory.CreateTempSubdirectory("farwire-guide-").FullName;
        File.CreateSymbolicLink(Path.Combine(folder, "winrs"), RunningService.Program("farwire"));
        File.CreateSymbolicLink(Path.Combine(folder, "farwire"), RunningService.Program("farwire"));
        File.Copy(service.ConnectionFile, Path.Combine(folder, "connection.json"));
        try
        {
            var blocks = Transcripts().Matches(await File.ReadAllTextAsync(Path.Combine(RunningService.Root, "docs", "guides", guide)));
            Assert.NotEmpty(blocks);
            foreach (Match block in blocks)
            {
                var expected = block.Groups[1].Value;
                Assert.Equal(expected, await TypeAsync(folder, expected));
            }
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    // One shell for a block, so that a command sees the code of the last; a mark after each says where its output ends.
    private static async Task<string> TypeAsync(string folder, string transcript)
    {
        var commands = transcript.Split('\n').Where(line => line.StartsWith("$ ", StringComparison.Ordinal)).ToList();
        var script = new StringBuilder($"cd '{folder}'; PATH='{folder}':$PATH\n");
        foreach (var command in commands)
        {
            script.Append($"{{ {command[2..]}\n}} 2>&1; code=$?; printf '\\001'; (exit $code)\n");
        }

        // The commands' input must not be the script.
        var file = Path.Combine(folder, "script");
        await File.WriteAllTextAsync(file, script.ToString());
        var outputs = (await Commands.RunAsync("/bin/sh", [file])).Output.Split(Mark);
        return string.Concat(commands.Zip(outputs, (command, output) => $"{command}\n{output}"));
    }

    [GeneratedRegex("```console\n(.*?)```", RegexOptions.Singleline)]
    private static partial Regex Transcripts();
}
