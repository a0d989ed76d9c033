using System.Xml.Linq;
using Farwire.CommandLine.Grammar;
using Farwire.Ipmi;
using Farwire.Ipmi.Session;
using Farwire.Protocol.Faults;

namespace Farwire.CommandLine.Bmc.Managed;

/// <summary><c>farwire bmc power [status|on|off|soft|cycle|reset] --protocol wsman</c>.</summary>
/// <remarks>
/// DMTF DSP1027, "Power State Management Profile", where the controller has it, as Intel AMT does: CIM_AssociatedPowerManagementService tells the state
/// and CIM_PowerManagementService changes it. Else CIM_ComputerSystem does both, by EnabledState and RequestStateChange.
/// </remarks>
internal sealed class CimPowerVerb : BmcVerb
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(250);

    // RequestedState of CIM_EnabledLogicalElement, PowerState of CIM_PowerManagementService.
    private static readonly Dictionary<string, (int State, int Power)> States = new(StringComparer.Ordinal)
    {
        ["on"] = (2, 2), ["off"] = (3, 8), ["soft"] = (4, 12), ["cycle"] = (10, 5), ["reset"] = (11, 10),
    };

    private static readonly string[] ServiceKeys = ["SystemCreationClassName", "SystemName", "CreationClassName", "Name"];

    private readonly BmcLine _line;
    private readonly string? _wanted;

    public CimPowerVerb(BmcLine line)
    {
        _line = line;
        if (line.Words is [_, not "status" and var what])
        {
            _wanted = States.ContainsKey(what) ? what : throw new UsageException($"farwire bmc power takes status, {string.Join(", ", States.Keys)} by WS-Management, not '{what}'.");
        }
        else if (line.Words.Count > 2)
        {
            throw new UsageException("farwire bmc power takes one word.");
        }
    }

    public override PrivilegeLevel Privilege => PrivilegeLevel.User;

    public override bool CanBeWatched => _wanted is null;

    public override async ValueTask<BmcRows> RunAsync(BmcTarget target, CancellationToken cancellationToken)
    {
        var machines = await MachinesAsync(target, cancellationToken).ConfigureAwait(false);
        if (_wanted is not null)
        {
            if (machines is not [var one])
            {
                throw new UsageException($"{target.Host} manages {machines.Count} machines: {string.Join(", ", machines.Select(m => m.Name))}; power is for one.");
            }

            if (await one.SwitchAsync(_wanted, cancellationToken).ConfigureAwait(false) is not (0 or 4096) and var code)
            {
                throw new ControllerRefusedException("The change of power", code);
            }

            do
            {
                machines = await MachinesAsync(target, cancellationToken).ConfigureAwait(false);
            }
            while (_line.Has("--wait") && machines[0].IsPowered != _wanted is not ("off" or "soft") && await PausedAsync(cancellationToken).ConfigureAwait(false));
        }

        var rows = new BmcRows("machine", "power", "status");
        foreach (var machine in machines)
        {
            rows.Add(machine.Name, machine.IsPowered switch { true => "on", false => "off", _ => "unknown" }, machine.Status);
        }

        return rows;
    }

    private static async Task<bool> PausedAsync(CancellationToken cancellationToken)
    {
        await Task.Delay(Pause, cancellationToken).ConfigureAwait(false);
        return true;
    }

    private static async Task<IReadOnlyList<Machine>> MachinesAsync(BmcTarget target, CancellationToken cancellationToken)
    {
        var cim = target.Cim;
        if (await TryListAsync(cim, "CIM_AssociatedPowerManagementService", cancellationToken).ConfigureAwait(false) is { Count: > 0 } states)
        {
            return [.. states.Select(state => new Machine(
                NameOf(state.Part("UserOf")), state.Number("PowerState") switch { 2 => true, 6 or 8 => false, 3 or 4 or 7 => false, _ => null }, "",
                (what, token) => ChangePowerAsync(cim, state, States[what].Power, token)))];
        }

        return [.. (await cim.ListAsync("CIM_ComputerSystem", cancellationToken).ConfigureAwait(false)).Select(system => new Machine(
            system["ElementName"] ?? system["Name"] ?? "", system.Number("EnabledState") switch { 2 => true, 3 => false, _ => null }, system["Status"] ?? "",
            (what, token) => cim.InvokeAsync(system, ["CreationClassName", "Name"], "RequestStateChange", [uri => new XElement(uri + "RequestedState", States[what].State)], token)))];
    }

    private static async Task<int> ChangePowerAsync(CimController cim, CimRow state, int power, CancellationToken cancellationToken)
    {
        var service = await cim.ListAsync("CIM_PowerManagementService", cancellationToken).ConfigureAwait(false) is [var first, ..]
            ? first
            : throw new ControllerRefusedException("Looking for CIM_PowerManagementService", 1);
        return await cim.InvokeAsync(
            service, ServiceKeys, "RequestPowerStateChange",
            [uri => new XElement(uri + "PowerState", power), uri => new XElement(uri + "ManagedElement", state.Part("UserOf")?.Elements())], cancellationToken).ConfigureAwait(false);
    }

    // A controller without the profile does not know the class, and says so in one way or another.
    private static async Task<IReadOnlyList<CimRow>?> TryListAsync(CimController cim, string className, CancellationToken cancellationToken)
    {
        try
        {
            return await cim.ListAsync(className, cancellationToken).ConfigureAwait(false);
        }
        catch (WSManFaultException e) when (e.Fault.Code != FaultCatalog.AccessDenied.Code)
        {
            return null;
        }
    }

    private static string NameOf(XElement? reference) =>
        reference?.Descendants().FirstOrDefault(e => e.Name.LocalName == "Selector" && e.Attribute("Name")?.Value == "Name")?.Value ?? "";

    private sealed record Machine(string Name, bool? IsPowered, string Status, Func<string, CancellationToken, Task<int>> SwitchAsync);
}

/// <summary>A method of a controller returned something other than done.</summary>
internal sealed class ControllerRefusedException(string method, int code) : IpmiException($"{method} returned {code}{(code == 1 ? ": not supported" : "")}.");
