using Farwire.Cim.Classes;
using Farwire.Ipmi.Chassis;
using Farwire.Ipmi.Device;
using Farwire.Providers.Contract;

namespace Farwire.Providers.Hardware.Bmc;

/// <summary>A machine as its controller sees it, or why the controller does not answer.</summary>
internal sealed record SystemRow(Controller Controller, ChassisStatus? Status, DeviceId? Id, string? Failure);

/// <summary>ComputerSystem: each configured machine, the silent ones too.</summary>
internal static class ComputerSystemClass
{
    public static ICimProvider Over(CimSchema schema, Controllers controllers) => new CimTable<SystemRow>(schema, "ComputerSystem", (need, token) => RowsAsync(controllers, need, token))
    {
        Invoke = static (row, call, token) => call.Method.Name switch
        {
            "RequestStateChange" => SwitchAsync(row, call, OfState(call["RequestedState"].IsNull ? 0 : call["RequestedState"].AsUInt64()), token),
            "SetPowerState" => SwitchAsync(row, call, OfPower(call["PowerState"].IsNull ? 0 : call["PowerState"].AsUInt64()), token),
            _ => ValueTask.FromResult(MethodResult.NotSupported),
        },
        ["Name"] = r => r.Controller.Name,
        ["ElementName"] = r => r.Controller.Name,
        ["Caption"] = r => $"{r.Controller.Name} ({r.Controller.Address})",
        ["Description"] = r => r.Id is { } id ? $"IPMI {id.IpmiVersion} controller, firmware {id.Firmware}, manufacturer {id.Manufacturer}, product {id.Product}" : "Management controller",
        ["NameFormat"] = _ => "Other",
        ["Dedicated"] = _ => (uint[])[0], // not dedicated
        ["EnabledState"] = r => r.Status is null ? 5u : r.Status.IsPowered ? 2u : 3u,
        ["EnabledDefault"] = _ => 5u,
        ["RequestedState"] = _ => 5u, // no change
        ["HealthState"] = r => r.Status is null ? 0u : Faults(r.Status) ? 25u : 5u,
        ["OperationalStatus"] = r => (uint[])[r.Status is null ? 13u : Faults(r.Status) ? 6u : 2u], // 13: lost communication
        ["StatusDescriptions"] = r => (string[])[r.Failure ?? (Faults(r.Status!) ? "A part of the chassis reports a fault" : "OK")],
        ["Status"] = r => r.Status is null ? "Lost Comm" : Faults(r.Status) ? "Error" : "OK",
        ["ResetCapability"] = _ => 4u, // enabled
        ["PowerManagementCapabilities"] = _ => (uint[])[4, 6], // power state settable, power cycling
        ["IdentifyingDescriptions"] = _ => (string[])["Address of the controller"],
        ["OtherIdentifyingInfo"] = r => (string[])[r.Controller.Address],
    };

    private static async IAsyncEnumerable<SystemRow> RowsAsync(Controllers controllers, CimNeed need, [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancellationToken)
    {
        // Names alone are known without asking.
        if (!need.Needs("Description", "EnabledState", "HealthState", "OperationalStatus", "StatusDescriptions", "Status"))
        {
            foreach (var controller in controllers.All)
            {
                yield return new SystemRow(controller, null, null, "not asked");
            }

            yield break;
        }

        var wanted = controllers.All.Where(c => need.Fixed("Name") is not { } name || name.Equals(c.Name, StringComparison.OrdinalIgnoreCase));
        await foreach (var asked in Task.WhenEach(wanted.Select(c => AskAsync(c, cancellationToken)).ToList()).ConfigureAwait(false))
        {
            yield return await asked.ConfigureAwait(false);
        }
    }

    private static async Task<SystemRow> AskAsync(Controller controller, CancellationToken cancellationToken)
    {
        try
        {
            return await controller.AskAsync(
                async (client, token) => new SystemRow(
                    controller, await client.Chassis.GetStatusAsync(token).ConfigureAwait(false), await client.GetDeviceIdAsync(token).ConfigureAwait(false), null),
                cancellationToken).ConfigureAwait(false);
        }
        catch (Exception e) when (e is ControllerSilentException or Ipmi.IpmiCompletionException)
        {
            return new SystemRow(controller, null, null, e.Message);
        }
    }

    private static ValueTask<CimOutcome> SwitchAsync(SystemRow row, CimCall call, ChassisControl? control, CancellationToken cancellationToken) => control is { } known
        ? MethodResult.OfAsync(row.Controller, call, (client, token) => client.Chassis.ControlAsync(known, token), cancellationToken)
        : ValueTask.FromResult(MethodResult.NotSupported);

    // CIM_EnabledLogicalElement.RequestStateChange: what a chassis can do of it.
    private static ChassisControl? OfState(ulong state) => state switch
    {
        2 => ChassisControl.PowerUp,
        3 => ChassisControl.PowerDown,
        4 => ChassisControl.SoftShutdown,
        10 => ChassisControl.PowerCycle, // reboot
        11 => ChassisControl.HardReset,
        _ => null,
    };

    // CIM_ComputerSystem.SetPowerState
    private static ChassisControl? OfPower(ulong state) => state switch
    {
        1 => ChassisControl.PowerUp,
        5 => ChassisControl.PowerCycle,
        6 => ChassisControl.PowerDown,
        8 => ChassisControl.SoftShutdown,
        _ => null,
    };

    private static bool Faults(ChassisStatus status) =>
        status.PowerOverload || status.PowerFault || status.PowerControlFault || status.DriveFault || status.CoolingFault;
}
