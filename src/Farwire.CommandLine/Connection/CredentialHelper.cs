using System.ComponentModel;
using System.Diagnostics;
using Farwire.CommandLine.Grammar;

namespace Farwire.CommandLine.Connection;

/// <summary>A program that knows passwords, asked as git asks its own: <c>PROGRAM get</c>, lines of NAME=VALUE in, and out again with the password.</summary>
/// <remarks>gitcredentials(7), "Custom helpers".</remarks>
internal static class CredentialHelper
{
    private const int MaxLines = 64;
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(1);

    /// <summary>What it answers; null when it does not know.</summary>
    /// <exception cref="UsageException">It cannot be started, fails, or takes too long.</exception>
    public static string? Ask(string program, string host, string user)
    {
        var start = new ProcessStartInfo(program, ["get"]) { RedirectStandardInput = true, RedirectStandardOutput = true };
        try
        {
            using var process = Process.Start(start)!;
            Tell(process, $"protocol=winrm\nhost={host}\nusername={user}\n\n");
            string? password = null;
            for (var lines = 0; lines < MaxLines && process.StandardOutput.ReadLine() is { } line; lines++)
            {
                password = line.StartsWith("password=", StringComparison.Ordinal) ? line["password=".Length..] : password;
            }

            if (!process.WaitForExit(Patience))
            {
                process.Kill(entireProcessTree: true);
                throw new UsageException($"--credential-helper: {program} did not end within {Patience.TotalSeconds} s.");
            }

            return process.ExitCode == 0 ? password : throw new UsageException($"--credential-helper: {program} ended with {process.ExitCode}.");
        }
        catch (Exception e) when (e is Win32Exception or IOException)
        {
            throw new UsageException($"--credential-helper: {program}: {e.Message}");
        }
    }

    // One that does not listen may still answer, or fail with a code that says more than a broken pipe.
    private static void Tell(Process process, string question)
    {
        try
        {
            process.StandardInput.Write(question);
            process.StandardInput.Close();
        }
        catch (IOException)
        {
            // It has closed its input.
        }
    }
}
