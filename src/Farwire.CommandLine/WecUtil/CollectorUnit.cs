using Farwire.CommandLine.Grammar;
using Farwire.CommandLine.WinRm;

namespace Farwire.CommandLine.WecUtil;

/// <summary>The collector as a unit of systemd, which a timer starts a while after the system: what Windows calls a delayed start.</summary>
/// <remarks>systemd.timer(5), "OnBootSec="; systemctl(1).</remarks>
internal static class CollectorUnit
{
    public const string StartCommand = "'systemctl start farwired-collector'";

    private const string Service = "farwired-collector.service";
    private const string Timer = "farwired-collector.timer";

    /// <summary>systemd knows the unit, and whether it starts with the system, a while after it; null without systemd or without the unit.</summary>
    public static async Task<bool?> IsDelayedStartAsync(CancellationToken cancellationToken)
    {
        var outcome = await Firewall.RunAsync(["systemctl", "is-enabled", Timer], cancellationToken).ConfigureAwait(false);
        return outcome?.Output.Split('\n')[0] switch
        {
            "enabled" => true,
            "disabled" => false,
            _ => null,
        };
    }

    /// <summary>Runs now.</summary>
    public static async Task<bool> IsActiveAsync(CancellationToken cancellationToken) =>
        await Firewall.RunAsync(["systemctl", "is-active", "--quiet", Service], cancellationToken).ConfigureAwait(false) is (0, _);

    /// <summary>Has it start with the system, a while after it.</summary>
    public static Task EnableDelayedStartAsync(CancellationToken cancellationToken) => MustAsync(cancellationToken, "enable", Timer);

    /// <summary>Starts it now.</summary>
    public static Task StartAsync(CancellationToken cancellationToken) => MustAsync(cancellationToken, "start", Service);

    private static async Task MustAsync(CancellationToken cancellationToken, params string[] words)
    {
        var outcome = await Firewall.RunAsync(["systemctl", .. words], cancellationToken).ConfigureAwait(false);
        if (outcome is not (0, _))
        {
            throw new UsageException($"'systemctl {string.Join(' ', words)}' failed: {outcome?.Output.Trim()}");
        }
    }
}
