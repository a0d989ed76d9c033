using Farwire.CommandLine.Grammar;
using Farwire.Ipmi.Chassis;
using Farwire.Ipmi.Session;

namespace Farwire.CommandLine.Bmc;

/// <summary><c>farwire bmc power [status|on|off|soft|cycle|reset|diag]</c>.</summary>
internal sealed class PowerVerb : BmcVerb
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(250);

    private static readonly Dictionary<string, ChassisControl> Controls = new(StringComparer.Ordinal)
    {
        ["on"] = ChassisControl.PowerUp, ["off"] = ChassisControl.PowerDown, ["soft"] = ChassisControl.SoftShutdown,
        ["cycle"] = ChassisControl.PowerCycle, ["reset"] = ChassisControl.HardReset, ["diag"] = ChassisControl.DiagnosticInterrupt,
    };

    private static readonly Dictionary<string, BootDevice> Devices = new(StringComparer.Ordinal)
    {
        ["none"] = BootDevice.None, ["network"] = BootDevice.Network, ["disk"] = BootDevice.Disk, ["safe"] = BootDevice.SafeMode,
        ["diagnostic"] = BootDevice.Diagnostic, ["optical"] = BootDevice.Optical, ["setup"] = BootDevice.Setup, ["removable"] = BootDevice.Removable,
    };

    private readonly BmcLine _line;
    private readonly ChassisControl? _control;
    private readonly BootDevice? _boot;

    public PowerVerb(BmcLine line)
    {
        _line = line;
        if (line.Words is [_, not "status" and var what])
        {
            _control = Controls.TryGetValue(what, out var control)
                ? control
                : throw new UsageException($"farwire bmc power takes status, {string.Join(", ", Controls.Keys)}, not '{what}'.");
        }
        else if (line.Words.Count > 2)
        {
            throw new UsageException("farwire bmc power takes one word.");
        }

        if (line["--boot"] is { } device)
        {
            _boot = Devices.TryGetValue(device, out var boot) ? boot : throw new UsageException($"--boot takes {string.Join(", ", Devices.Keys)}, not '{device}'.");
        }
    }

    public override PrivilegeLevel Privilege => _control is null && _boot is null ? PrivilegeLevel.User : PrivilegeLevel.Operator;

    public override bool CanBeWatched => _control is null && _boot is null;

    public override async ValueTask<BmcRows> RunAsync(BmcTarget target, CancellationToken cancellationToken)
    {
        var chassis = target.Client.Chassis;
        if (_boot is { } device)
        {
            await chassis.SetBootAsync(device, _line.Has("--persistent"), _line.Has("--uefi"), cancellationToken).ConfigureAwait(false);
        }

        if (_control is { } control)
        {
            await chassis.ControlAsync(control, cancellationToken).ConfigureAwait(false);
            while (_line.Has("--wait") && (await chassis.GetStatusAsync(cancellationToken).ConfigureAwait(false)).IsPowered
                   != control is not (ChassisControl.PowerDown or ChassisControl.SoftShutdown))
            {
                await Task.Delay(Pause, cancellationToken).ConfigureAwait(false);
            }
        }

        var status = await chassis.GetStatusAsync(cancellationToken).ConfigureAwait(false);
        var rows = new BmcRows("power", "restorePolicy", "faults");
        rows.Add(status.IsPowered ? "on" : "off", Policy(status.RestorePolicy), Faults(status).ToList());
        return rows;
    }

    private static string Policy(byte policy) => policy switch { 0 => "stays off", 1 => "as before", 2 => "comes on", _ => "unknown" };

    private static IEnumerable<string> Faults(ChassisStatus status) =>
        ((bool Holds, string Text)[])
        [
            (status.PowerOverload, "power overload"), (status.Interlock, "interlock"), (status.PowerFault, "power fault"),
            (status.PowerControlFault, "power control fault"), (status.Intrusion, "chassis open"), (status.DriveFault, "drive fault"),
            (status.CoolingFault, "cooling fault"),
        ]
        is var all ? all.Where(f => f.Holds).Select(f => f.Text) : [];
}
