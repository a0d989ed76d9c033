using System.Runtime.InteropServices;
using Farwire.Hosting.Forwarding;
using Farwire.Hosting.Hardware;
using Farwire.Service.Configuration;

namespace Farwire.Daemon;

/// <summary><c>farwired source</c>: the event source of this machine, as a process of its own.</summary>
internal static class SourceCommand
{
    public static Task<int> RunAsync(string[] words) => RoleProcess.RunAsync("source", words, ServeAsync);

    private static async Task<int> ServeAsync(RunOptions options, RoleProcess process)
    {
        using var live = new LiveConfiguration(options.Files.Read(), options.Files);
        using var key = ServiceKey.Open(options);
        await using var service = await SourceService.StartAsync(
            process.OptionsOf(options, live, key) with
            {
                LocalSocket = LocalSocket.Prepare(options.SourceLocalSocket),
                Hardware = BmcFile.Read(options.Files.BmcFile, key),
            },
            options.Files, LocalSocket.Prepare(options.SourceSocket)).ConfigureAwait(false);
        LocalSocket.OpenToAll(options.SourceLocalSocket);
        using var hangup = PosixSignalRegistration.Create(PosixSignal.SIGHUP, signal =>
        {
            signal.Cancel = true;
            _ = service.ReadAgainAsync();
        });
        return await process.UntilStoppedAsync(options.SourceSocket).ConfigureAwait(false);
    }
}
