using System.ComponentModel;
using Farwire.Hosting.Broker;
using Farwire.Linux.Accounts;
using Farwire.Linux.Files;

namespace Farwire.Daemon;

/// <summary><c>farwired run --ephemeral DIR --as ACCOUNT</c>, as root: the service as that account, and this process as its broker.</summary>
internal static class BrokerCommand
{
    public static async Task<int> RunAsync(string folder, string account)
    {
        if (!Environment.IsPrivilegedProcess)
        {
            await Console.Error.WriteLineAsync("farwired: --as needs root, for programs then run as their callers. Without root leave it out: everything runs as you.").ConfigureAwait(false);
            return 78;
        }

        var made = !Directory.Exists(folder);
        try
        {
            if (made && AccountDirectory.Find(account) is { } owner)
            {
                Ownership.Give(Directory.CreateDirectory(folder).FullName, owner);
            }

            // The service's own user works as the service's account; everybody else must be in one of the groups.
            var policy = BrokerPolicy.Default with { Accounts = [account] };
            return await BrokeredService.RunAsync(account, Program, [.. Self, "run", "--ephemeral", folder, Brokered], policy, Console.Error.WriteLine).ConfigureAwait(false);
        }
        catch (Exception e) when (e is ArgumentException or Win32Exception or IOException)
        {
            await Console.Error.WriteLineAsync($"farwired: {e.Message}").ConfigureAwait(false);
            return 78;
        }
        finally
        {
            if (made && Directory.Exists(folder) && !Directory.EnumerateFileSystemEntries(folder).Any())
            {
                Directory.Delete(folder);
            }
        }
    }

    /// <summary>The word by which the service knows that a broker started it.</summary>
    public const string Brokered = "--brokered";

    public static string Program => Environment.ProcessPath!;

    // Started by the host "dotnet", the program is its first argument.
    public static string[] Self => Path.GetFileNameWithoutExtension(Program) == "dotnet" ? [Environment.GetCommandLineArgs()[0]] : [];
}
