using System.Runtime.CompilerServices;
using Farwire.Cim.Classes;
using Farwire.Cim.Naming;
using Farwire.Linux.DBus;
using Farwire.Linux.Systemd;
using Farwire.Providers.Contract;

namespace Farwire.Providers.Linux;

/// <summary>Linux_SystemdUnit: the units of all types that systemd has in memory; none without systemd.</summary>
internal static class LinuxSystemdUnit
{
    public static ICimProvider Over(CimSchema schema, LinuxSources linux)
    {
        return new CimTable<Row>(schema, "Linux_SystemdUnit", Rows)
        {
            Listen = linux.Systemd.ListenAsync,
            ["ActiveState"] = r => r.Unit.ActiveState,
            ["Caption"] = r => $"{r.Unit.Name}: {r.Unit.Description}",
            ["Description"] = r => r.Unit.Description,
            ["LoadState"] = r => r.Unit.LoadState,
            ["Name"] = r => r.Unit.Name,
            ["SubState"] = r => r.Unit.SubState,
            ["Type"] = r => r.Unit.Name[(r.Unit.Name.LastIndexOf('.') + 1)..],
            ["UnitFileState"] = r => r.FileState,
        };

        async IAsyncEnumerable<Row> Rows(CimNeed need, [EnumeratorCancellation] CancellationToken cancellationToken)
        {
            // Brackets, stars and question marks are the pattern's own: a name that has them is looked for among all.
            var pattern = need.Fixed("Name") is { } name && !name.AsSpan().ContainsAny("*?[\\") ? name : "*";
            IReadOnlyList<UnitFacts> units;
            var files = new Dictionary<string, string>(StringComparer.Ordinal);
            try
            {
                units = await linux.Systemd.ListUnitsAsync(pattern, cancellationToken).ConfigureAwait(false);
                foreach (var file in need.Needs("UnitFileState") ? await linux.Systemd.ListUnitFilesAsync("*", cancellationToken).ConfigureAwait(false) : [])
                {
                    files[file.Name] = file.State;
                }
            }
            catch (DBusException e)
            {
                throw CimError.ProviderFailure($"systemd could not be asked: {e.Message}");
            }

            foreach (var unit in units)
            {
                yield return new Row(unit, files.GetValueOrDefault(unit.Name));
            }
        }
    }

    private sealed record Row(UnitFacts Unit, string? FileState);
}
