using Farwire.CommandLine.Grammar;
using Farwire.Ipmi;
using Farwire.Ipmi.Session;

namespace Farwire.CommandLine.Bmc.Managed;

/// <summary><c>farwire bmc power [status|on|off|soft|cycle|reset] --protocol wsman</c>: CIM_ComputerSystem.RequestStateChange.</summary>
/// <remarks>CIM schema, "CIM_EnabledLogicalElement": EnabledState 2 is on, 3 is off.</remarks>
internal sealed class CimPowerVerb : BmcVerb
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(250);

    private static readonly Dictionary<string, int> States = new(StringComparer.Ordinal) { ["on"] = 2, ["off"] = 3, ["soft"] = 4, ["cycle"] = 10, ["reset"] = 11 };

    private readonly BmcLine _line;
    private readonly int? _wanted;

    public CimPowerVerb(BmcLine line)
    {
        _line = line;
        if (line.Has("--boot"))
        {
            throw new UsageException("--boot goes with --protocol ipmi.");
        }

        if (line.Words is [_, not "status" and var what])
        {
            _wanted = States.TryGetValue(what, out var state) ? state : throw new UsageException($"farwire bmc power takes status, {string.Join(", ", States.Keys)} by WS-Management, not '{what}'.");
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
        var systems = await SystemsAsync(target, cancellationToken).ConfigureAwait(false);
        if (_wanted is { } wanted)
        {
            if (systems is not [var one])
            {
                throw new UsageException($"{target.Host} manages {systems.Count} machines: {string.Join(", ", systems.Select(s => s["Name"]))}; power is for one.");
            }

            if (await target.Cim.InvokeAsync(one, ["CreationClassName", "Name"], "RequestStateChange", ("RequestedState", $"{wanted}"), cancellationToken).ConfigureAwait(false) is not (0 or 4096) and var code)
            {
                throw new ControllerRefusedException("RequestStateChange", code);
            }

            do
            {
                systems = await SystemsAsync(target, cancellationToken).ConfigureAwait(false);
            }
            while (_line.Has("--wait") && IsPowered(systems[0]) != wanted is not (3 or 4) && await PausedAsync(cancellationToken).ConfigureAwait(false));
        }

        var rows = new BmcRows("machine", "power", "status");
        foreach (var system in systems)
        {
            rows.Add(system["ElementName"] ?? system["Name"] ?? "", system.Number("EnabledState") switch { 2 => "on", 3 => "off", _ => "unknown" }, system["Status"] ?? "");
        }

        return rows;
    }

    private static bool IsPowered(CimRow system) => system.Number("EnabledState") == 2;

    private static async Task<bool> PausedAsync(CancellationToken cancellationToken)
    {
        await Task.Delay(Pause, cancellationToken).ConfigureAwait(false);
        return true;
    }

    private static Task<IReadOnlyList<CimRow>> SystemsAsync(BmcTarget target, CancellationToken cancellationToken) => target.Cim.ListAsync("CIM_ComputerSystem", cancellationToken);
}

/// <summary>A method of a controller returned something other than done.</summary>
internal sealed class ControllerRefusedException(string method, int code) : IpmiException($"{method} returned {code}{(code == 1 ? ": not supported" : "")}.");
