using System.ComponentModel;
using System.Text;
using Farwire.Processes;
using Farwire.Processes.Launch;
using Farwire.Providers.Contract;

namespace Farwire.Providers.Methods;

/// <summary>Runs short scripts with the rights of whoever called a method: the kernel decides what it may.</summary>
internal sealed class CallersShell(IProgramStarter starter)
{
    /// <summary>The exit code of a script that could not be started: access denied.</summary>
    public const int Denied = 2;

    /// <summary>The exit code of a script that failed in a way it does not know.</summary>
    public const int Failed = 8;

    /// <summary>Runs a script for <c>sh</c>; its exit code is Windows' result.</summary>
    /// <param name="caller">Whose rights it has.</param>
    /// <param name="script">Never made from what callers give: that comes as <paramref name="arguments"/>, <c>$1</c> and on.</param>
    /// <param name="arguments">What the script is about.</param>
    /// <param name="input">What it reads.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    public async Task<int> RunAsync(CimCaller caller, string script, IReadOnlyList<string> arguments, string input = "", CancellationToken cancellationToken = default)
    {
        if (arguments.Any(a => a.Contains('\0', StringComparison.Ordinal)))
        {
            return Failed;
        }

        try
        {
            using var process = await starter.StartAsync(new ProgramStart("/bin/sh", ["-c", script, "sh", .. arguments]), caller.Account).ConfigureAwait(false);
            await GiveAsync(process.StandardInput, input, cancellationToken).ConfigureAwait(false);
            return (await process.Exit.WaitAsync(cancellationToken).ConfigureAwait(false)).Code;
        }
        catch (UnauthorizedAccessException)
        {
            return Denied;
        }
        catch (Win32Exception)
        {
            return Failed;
        }
    }

    // A script that has found a reason to end does not read: its exit code says why.
    private static async Task GiveAsync(Stream stream, string input, CancellationToken cancellationToken)
    {
        try
        {
            await stream.WriteAsync(Encoding.UTF8.GetBytes(input), cancellationToken).ConfigureAwait(false);
            await stream.DisposeAsync().ConfigureAwait(false);
        }
        catch (IOException)
        {
            // Said by the exit code.
        }
    }
}
