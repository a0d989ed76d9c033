using System.Diagnostics;
using System.Text;

namespace Farwire.Peers.Tests;

/// <summary>What a program did.</summary>
public sealed record Outcome(int ExitCode, string Output, string Errors);

/// <summary>Runs other programs to their end.</summary>
internal static class Commands
{
    public static async Task<Outcome> RunAsync(string program, IEnumerable<string> arguments, byte[]? input = null)
    {
        var start = new ProcessStartInfo(program, arguments)
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            RedirectStandardInput = true,
            StandardOutputEncoding = Encoding.UTF8,
        };
        // A bundle named in the environment would overrule what a test tells the client about certificates.
        start.Environment.Remove("REQUESTS_CA_BUNDLE");
        start.Environment.Remove("CURL_CA_BUNDLE");
        using var process = Process.Start(start)!;
        var output = process.StandardOutput.ReadToEndAsync();
        var errors = process.StandardError.ReadToEndAsync();
        if (input is not null)
        {
            await process.StandardInput.BaseStream.WriteAsync(input);
        }

        process.StandardInput.Close();
        await process.WaitForExitAsync();
        return new Outcome(process.ExitCode, await output, await errors);
    }

    /// <summary>Skips the test when a program is not there.</summary>
    public static void Need(string path) => Assert.SkipUnless(File.Exists(path), $"{path} is not installed");
}
