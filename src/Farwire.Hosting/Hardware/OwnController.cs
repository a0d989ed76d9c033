using Farwire.Linux.DBus;
using Farwire.Linux.Systemd;
using Farwire.Protocol.Faults;
using Farwire.Providers.Hardware.Bmc;
using Microsoft.Extensions.Logging;

namespace Farwire.Hosting.Hardware;

/// <summary>Tells this machine's own controller that the system has started, once a start, and that it goes down.</summary>
/// <param name="controllers">The controllers; among them perhaps this machine's own.</param>
/// <param name="folder">What is gone after a start of the system, such as <c>/run/farwire</c>; null tells nothing.</param>
/// <param name="log">What went wrong is told here, and hinders nobody.</param>
internal sealed class OwnController(Controllers controllers, string? folder, ILogger log)
{
    private const string BootId = "/proc/sys/kernel/random/boot_id";
    private const uint Planned = 0x80000000;

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    /// <summary>The service has started; whether the system has, its boot id says.</summary>
    public async Task StartedAsync()
    {
        if (folder is null || !controllers.HasOwn)
        {
            return;
        }

        try
        {
            var marker = Path.Combine(folder, "boot-told");
            var boot = (await File.ReadAllTextAsync(BootId).ConfigureAwait(false)).Trim();
            if (!File.Exists(marker) || await File.ReadAllTextAsync(marker).ConfigureAwait(false) != boot)
            {
                await controllers.TellStartAsync(CancellationToken.None).ConfigureAwait(false);
                await File.WriteAllTextAsync(marker, boot).ConfigureAwait(false);
            }
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or WSManFaultException)
        {
            Log.NotTold(log, "start", e.Message);
        }
    }

    /// <summary>The service stops; whether the system does, systemd says.</summary>
    public async Task StoppingAsync()
    {
        if (folder is null || !controllers.HasOwn)
        {
            return;
        }

        using var patience = new CancellationTokenSource(Patience);
        try
        {
            await using var bus = new SystemBus();
            if (await new SystemdManager(bus).GetStateAsync(patience.Token).ConfigureAwait(false) == "stopping")
            {
                await controllers.TellShutdownAsync(Planned, patience.Token).ConfigureAwait(false);
            }
        }
        catch (Exception e) when (e is DBusException or OperationCanceledException or WSManFaultException)
        {
            Log.NotTold(log, "shutdown", e.Message);
        }
    }
}
