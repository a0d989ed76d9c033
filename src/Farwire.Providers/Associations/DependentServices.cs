using System.Runtime.CompilerServices;
using Farwire.Cim.Classes;
using Farwire.Linux.DBus;
using Farwire.Linux.Systemd;
using Farwire.Protocol.Addressing;
using Farwire.Providers.Contract;

namespace Farwire.Providers.Associations;

/// <summary>Win32_DependentService: which service needs which, as systemd's Requires, Requisite, BindsTo and Wants say.</summary>
internal static class DependentServices
{
    private const string Suffix = ".service";

    private static readonly string[] Needs = ["Requires", "Requisite", "BindsTo", "Wants"];

    public static ICimProvider Over(CimSchema schema, SystemBus bus)
    {
        var manager = new SystemdManager(bus);
        return new AssociationTable(schema, "Win32_DependentService", ("Antecedent", "Dependent"), Pairs);

        async IAsyncEnumerable<(EndpointReference, EndpointReference)> Pairs(CimNeed need, [EnumeratorCancellation] CancellationToken cancellationToken)
        {
            var units = await manager.ListUnitsAsync("*" + Suffix, cancellationToken).ConfigureAwait(false);
            var known = units.Where(u => u.LoadState == "loaded").Select(u => u.Name).Order(StringComparer.Ordinal).ToList();
            var names = known.ToHashSet(StringComparer.Ordinal);
            var asked = known.Select(unit => (Unit: unit, Needed: NeededAsync(manager, unit, cancellationToken))).ToList();
            foreach (var (unit, task) in asked)
            {
                foreach (var needed in (await task.ConfigureAwait(false)).Where(names.Contains))
                {
                    yield return (To(needed), To(unit));
                }
            }
        }
    }

    private static async Task<IEnumerable<string>> NeededAsync(SystemdManager manager, string unit, CancellationToken cancellationToken)
    {
        var path = SystemdManager.PathOf(unit);
        var lists = await Task.WhenAll(Needs.Select(n => manager.GetPropertyAsync(path, "Unit", n, cancellationToken))).ConfigureAwait(false);
        return lists.OfType<List<object?>>().SelectMany(l => l.OfType<string>()).Distinct(StringComparer.Ordinal);
    }

    private static EndpointReference To(string unit) => CimReference.To("Win32_Service", ("Name", unit[..^Suffix.Length]));
}
