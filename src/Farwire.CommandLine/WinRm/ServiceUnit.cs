using System.Net.Sockets;
using Farwire.CommandLine.Connection;
using Farwire.CommandLine.Grammar;

namespace Farwire.CommandLine.WinRm;

/// <summary>The service of this machine as systemd knows it: whether it runs, and whether it starts with the machine.</summary>
internal static class ServiceUnit
{
    private const string Name = "farwired.service";

    /// <summary>What is to be done so that the service runs, now and after the next start of the machine; null when nothing is.</summary>
    public static async Task<QuickConfigVerb.Change?> MissingAsync(Call call)
    {
        if (!ConnectionSwitches.IsLocal(call.Switches))
        {
            return null; // whoever answers from afar runs
        }

        var runs = Answers(ConnectionSwitches.SocketOf(call.Terminal));
        var enabled = await AskAsync("is-enabled", call).ConfigureAwait(false);
        return (runs, enabled) switch
        {
            (true, not "disabled") => null, // or nobody knows of a unit: somebody started it otherwise
            (true, _) => new QuickConfigVerb.Change("Start the service whenever the machine starts (systemctl enable farwired).", "WinRM service type changed to auto start.", () => DoAsync(call, "enable")),
            (false, null or "") => throw new UsageException("the service does not run, and systemd has no unit farwired.service that could be started; 'farwired run' starts it by hand."),
            (false, _) => new QuickConfigVerb.Change("Start the service, now and whenever the machine starts (systemctl enable --now farwired).", "WinRM service started.", () => DoAsync(call, "enable", "--now")),
        };
    }

    // "enabled", "disabled", …; empty when systemd does not know the unit, null when there is no systemd.
    private static async Task<string?> AskAsync(string what, Call call) =>
        (await Firewall.RunAsync(["systemctl", what, Name], call.CancellationToken).ConfigureAwait(false))?.Output.Trim() is { } answer
            ? answer is "enabled" or "disabled" or "static" or "masked" or "linked" or "enabled-runtime" ? answer : ""
            : null;

    private static async Task DoAsync(Call call, params string[] words)
    {
        if (await Firewall.RunAsync(["systemctl", .. words, Name], call.CancellationToken).ConfigureAwait(false) is not (0, _) and var outcome)
        {
            throw new UsageException($"'systemctl {string.Join(' ', words)} {Name}' failed: {outcome?.Output.Trim()} Run it as root; 'journalctl -u farwired' says more.");
        }
    }

    private static bool Answers(string path)
    {
        using var probe = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        try
        {
            probe.Connect(new UnixDomainSocketEndPoint(path));
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }
}
