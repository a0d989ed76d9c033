using Farwire.Hosting.Collecting;
using Farwire.Service.Configuration;

namespace Farwire.Daemon;

/// <summary><c>farwired collector</c>: the event collector of this machine, as a process of its own.</summary>
internal static class CollectorCommand
{
    public static Task<int> RunAsync(string[] words) => RoleProcess.RunAsync("collector", words, ServeAsync);

    private static async Task<int> ServeAsync(RunOptions options, RoleProcess process)
    {
        using var live = new LiveConfiguration(options.Files.Read(), options.Files);
        using var key = ServiceKey.Open(options);
        var file = CollectorFile.Read(options.Files.CollectorFile, options.Files.CollectorFolder);
        await using var service = await CollectorService.StartAsync(
            process.OptionsOf(options, live, key) with { LocalSocket = LocalSocket.Prepare(options.CollectorLocalSocket) }, file, LocalSocket.Prepare(options.CollectorSocket)).ConfigureAwait(false);
        LocalSocket.OpenToAll(options.CollectorLocalSocket);
        return await process.UntilStoppedAsync(options.CollectorSocket).ConfigureAwait(false);
    }
}
