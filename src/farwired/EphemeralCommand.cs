using System.Runtime.InteropServices;
using Farwire.Hosting.Memory;
using Farwire.Processes.Broker;
using Farwire.Providers.Hardware.Bmc;
using Farwire.Testing;

namespace Farwire.Daemon;

/// <summary><c>farwired run --ephemeral DIR</c>: a whole service for one run, that leaves nothing behind.</summary>
internal static class EphemeralCommand
{
    /// <summary>Serves until a signal ends it.</summary>
    /// <param name="path">The folder of connection.json.</param>
    /// <param name="brokered">A broker started this process, and listens on descriptor 3.</param>
    /// <param name="hardware">The management controllers to serve; null is this machine's own.</param>
    /// <param name="isBmcEndpoint">It stands in for a management controller.</param>
    /// <param name="hasPage">The page on collected events is there too.</param>
    public static async Task<int> RunAsync(string path, bool brokered = false, HardwareOptions? hardware = null, bool isBmcEndpoint = false, bool hasPage = false)
    {
        var stop = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        using var term = PosixSignalRegistration.Create(PosixSignal.SIGTERM, Stop);
        using var interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, Stop);
        using var hangup = PosixSignalRegistration.Create(PosixSignal.SIGHUP, Stop);
        try
        {
            using var folder = EphemeralFolder.Take(path);
            using var broker = brokered ? new BrokerClient(new BrokerSocket(FrontProcess.SocketDescriptor)) : null;
            await using var service = await EphemeralService.StartAsync(folder.Collector, broker, hardware, isBmcEndpoint, hasPage: hasPage).ConfigureAwait(false);
            await File.WriteAllTextAsync(folder.CertificateFile, service.CertificatePem).ConfigureAwait(false);
            await WritePrivateAsync(folder.ClientCertificateFile, service.ClientCertificatePem).ConfigureAwait(false);
            service.WriteConnection(folder.ConnectionFile);
            await Console.Error.WriteLineAsync(
                $"farwired: serving on {service.Https} and {service.Http}; {folder.ConnectionFile} says how to connect. Ctrl-C ends it.").ConfigureAwait(false);
            if (service.Page is { } page)
            {
                await Console.Error.WriteLineAsync($"farwired: the page on events is at {page}; user and password are in that file.").ConfigureAwait(false);
            }

            using var memory = new RestingMemory();
            if (broker is not null && await Task.WhenAny(stop.Task, broker.Gone).ConfigureAwait(false) == broker.Gone)
            {
                await Console.Error.WriteLineAsync("farwired: the broker is gone; without it the service cannot go on.").ConfigureAwait(false);
                return 70;
            }

            await stop.Task.ConfigureAwait(false);
            return 0;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            await Console.Error.WriteLineAsync($"farwired: {e.Message.TrimEnd('.')}. Give a folder that you may write and no other service uses.").ConfigureAwait(false);
            return 78;
        }
        catch (PlatformNotSupportedException e)
        {
            await Console.Error.WriteLineAsync($"farwired: {e.Message}").ConfigureAwait(false);
            return 78;
        }

        void Stop(PosixSignalContext signal)
        {
            signal.Cancel = true;
            stop.TrySetResult();
        }
    }

    private static async Task WritePrivateAsync(string path, string text)
    {
        File.Delete(path);
        var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows())
        {
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        }

        await using var writer = new StreamWriter(path, options);
        await writer.WriteAsync(text).ConfigureAwait(false);
    }
}
