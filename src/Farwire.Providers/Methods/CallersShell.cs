using System.ComponentModel;
using System.Text;
using Farwire.Cim.Naming;
using Farwire.Processes;
using Farwire.Processes.Launch;
using Farwire.Providers.Contract;

namespace Farwire.Providers.Methods;

/// <summary>What a script wrote, and how it ended.</summary>
internal sealed record ScriptOutput(int Code, string Output, string Errors);

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

    /// <summary>Runs a script and gives what it writes; one that writes more than <paramref name="maxBytes"/> to a stream is ended, as is one that takes too long.</summary>
    /// <exception cref="UnauthorizedAccessException">Nothing may be started as the caller.</exception>
    /// <exception cref="Win32Exception">It could not be started.</exception>
    /// <exception cref="TimeoutException">It took longer than <paramref name="patience"/>.</exception>
    public async Task<ScriptOutput> CaptureAsync(CimCaller caller, string script, IReadOnlyList<string> arguments, int maxBytes, TimeSpan patience, TimeProvider time, CancellationToken cancellationToken)
    {
        using var process = await starter.StartAsync(new ProgramStart("/bin/sh", ["-c", script, "sh", .. arguments]), caller.Account).ConfigureAwait(false);
        using var deadline = new CancellationTokenSource(patience, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(deadline.Token, cancellationToken);
        try
        {
            await GiveAsync(process.StandardInput, "", either.Token).ConfigureAwait(false);
            var output = TakeAsync(process.StandardOutput, maxBytes, either.Token);
            var errors = TakeAsync(process.StandardError, maxBytes, either.Token);
            return await output.ConfigureAwait(false) is { } whole && await errors.ConfigureAwait(false) is { } told
                ? new ScriptOutput((await process.Exit.WaitAsync(either.Token).ConfigureAwait(false)).Code, whole, told)
                : throw CimError.QuotaViolation($"the program wrote more than {maxBytes} bytes");
        }
        catch (OperationCanceledException) when (deadline.IsCancellationRequested)
        {
            throw new TimeoutException();
        }
        finally
        {
            await process.EndTreeAsync().ConfigureAwait(false);
        }
    }

    // All of a stream; null when it is more than is wanted.
    private static async Task<string?> TakeAsync(Stream stream, int maxBytes, CancellationToken cancellationToken)
    {
        var bytes = new MemoryStream();
        var buffer = new byte[16 * 1024];
        while (await stream.ReadAsync(buffer, cancellationToken).ConfigureAwait(false) is > 0 and var read)
        {
            bytes.Write(buffer, 0, read);
            if (bytes.Length > maxBytes)
            {
                return null;
            }
        }

        return Encoding.UTF8.GetString(bytes.GetBuffer(), 0, (int)bytes.Length);
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
