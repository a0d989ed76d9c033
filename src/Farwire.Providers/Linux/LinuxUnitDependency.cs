using System.Runtime.CompilerServices;
using Farwire.Cim.Classes;
using Farwire.Cim.Naming;
using Farwire.Linux.DBus;
using Farwire.Linux.Systemd;
using Farwire.Providers.Contract;

namespace Farwire.Providers.Linux;

/// <summary>Linux_UnitDependency: which unit needs which, and how.</summary>
internal static class LinuxUnitDependency
{
    // systemd keeps each list in both directions.
    private static readonly (string Needs, string NeededBy)[] Kinds = [("Requires", "RequiredBy"), ("Requisite", "RequisiteOf"), ("BindsTo", "BoundBy"), ("Wants", "WantedBy")];

    public static ICimProvider Over(CimSchema schema, LinuxSources linux)
    {
        return new CimTable<Row>(schema, "Linux_UnitDependency", Rows)
        {
            ["Antecedent"] = r => CimReference.In(schema, "Linux_SystemdUnit", ("Name", r.Needed)),
            ["Dependent"] = r => CimReference.In(schema, "Linux_SystemdUnit", ("Name", r.Unit)),
            ["Kind"] = r => r.Kind,
        };

        async IAsyncEnumerable<Row> Rows(CimNeed need, [EnumeratorCancellation] CancellationToken cancellationToken)
        {
            var (needed, dependent) = (NameOf(need, "Antecedent"), NameOf(need, "Dependent"));
            var isReverse = dependent is null && needed is not null;
            var asked = ((dependent ?? needed) is { } one ? [one] : await NamesAsync(linux, cancellationToken).ConfigureAwait(false))
                .Select(unit => (Unit: unit, Lists: ListsAsync(linux, unit, isReverse, cancellationToken))).ToList();
            foreach (var (unit, lists) in asked)
            {
                foreach (var (kind, other) in await lists.ConfigureAwait(false))
                {
                    if (isReverse || needed is null || needed == other)
                    {
                        yield return isReverse ? new Row(other, unit, kind) : new Row(unit, other, kind);
                    }
                }
            }
        }
    }

    private static async Task<IReadOnlyList<string>> NamesAsync(LinuxSources linux, CancellationToken cancellationToken)
    {
        try
        {
            return [.. (await linux.Systemd.ListUnitsAsync("*", cancellationToken).ConfigureAwait(false)).Where(u => u.LoadState == "loaded").Select(u => u.Name)];
        }
        catch (DBusException e)
        {
            throw CimError.ProviderFailure($"systemd could not be asked: {e.Message}");
        }
    }

    private static async Task<IReadOnlyList<(string Kind, string Other)>> ListsAsync(LinuxSources linux, string unit, bool isReverse, CancellationToken cancellationToken)
    {
        try
        {
            var path = SystemdManager.PathOf(unit);
            var lists = await Task.WhenAll(Kinds.Select(k => linux.Systemd.GetPropertyAsync(path, "Unit", isReverse ? k.NeededBy : k.Needs, cancellationToken))).ConfigureAwait(false);
            return [.. lists.Index().SelectMany(list => (list.Item as List<object?> ?? []).OfType<string>().Select(other => (Kinds[list.Index].Needs, other)))];
        }
        catch (DBusException e)
        {
            throw CimError.ProviderFailure($"systemd could not be asked: {e.Message}");
        }
    }

    private static string? NameOf(CimNeed need, string role) => need.Fixed(role) is { } text && CimObjectPath.Parse(text) is { Keys: [var key] } ? key.Value : null;

    private sealed record Row(string Unit, string Needed, string Kind);
}
