using Farwire.Cim.Instances;
using Farwire.Providers.Contract;

namespace Farwire.Providers.Methods;

/// <summary>A key of the virtual registry: the names below it, and its values.</summary>
internal sealed record HiveKey(IReadOnlyList<string> Keys, IReadOnlyList<(string Name, CimValue Value)> Values);

/// <summary>The part of HKEY_LOCAL_MACHINE that inventory tools read, made of the classes that know the facts.</summary>
internal sealed class VirtualHive(ICimProvider operatingSystem, ICimProvider products, ICimProvider services)
{
    private const string Windows = @"SOFTWARE\Microsoft\Windows NT\CurrentVersion";
    private const string Uninstall = @"SOFTWARE\Microsoft\Windows\CurrentVersion\Uninstall";
    private const string Services = @"SYSTEM\CurrentControlSet\Services";
    private const string ComputerName = @"SYSTEM\CurrentControlSet\Control\ComputerName\ComputerName";
    private const string Farwire = @"SOFTWARE\Farwire";

    private static readonly string[] Places = [Windows, Uninstall, Services, ComputerName, Farwire];

    /// <summary>The key of this path; null when there is none.</summary>
    public async ValueTask<HiveKey?> FindAsync(string path, CancellationToken cancellationToken)
    {
        path = path.Trim('\\');
        if (Is(path, Windows))
        {
            var os = await FirstAsync(operatingSystem, cancellationToken).ConfigureAwait(false);
            return new HiveKey([], os is null ? [] :
            [
                ("ProductName", os["Caption"]), ("CurrentVersion", os["Version"]), ("CurrentBuild", os["BuildNumber"]), ("CurrentBuildNumber", os["BuildNumber"]),
                ("RegisteredOwner", os["RegisteredUser"]), ("SystemRoot", os["WindowsDirectory"]),
            ]);
        }

        if (Is(path, ComputerName))
        {
            return new HiveKey([], [("ComputerName", Environment.MachineName)]);
        }

        if (Is(path, Farwire))
        {
            return new HiveKey([], [("Version", typeof(VirtualHive).Assembly.GetName().Version?.ToString(3))]);
        }

        if (Is(path, Uninstall))
        {
            return new HiveKey(await NamesAsync(products, cancellationToken).ConfigureAwait(false), []);
        }

        if (Is(path, Services))
        {
            return new HiveKey(await NamesAsync(services, cancellationToken).ConfigureAwait(false), []);
        }

        return Below(path, Uninstall) is { } product ? await ProductAsync(product, cancellationToken).ConfigureAwait(false)
            : Below(path, Services) is { } service ? await ServiceAsync(service, cancellationToken).ConfigureAwait(false)
            : Above(path);
    }

    private async ValueTask<HiveKey?> ProductAsync(string name, CancellationToken cancellationToken) =>
        await NamedAsync(products, name, cancellationToken).ConfigureAwait(false) is { } p
            ? new HiveKey([], [("DisplayName", p["Name"]), ("DisplayVersion", p["Version"]), ("Publisher", p["Vendor"]), ("InstallDate", p["InstallDate"]), ("InstallLocation", p["InstallLocation"])])
            : null;

    // Start: 2 by itself, 3 when asked, 4 never. Type 16: a process of its own.
    private async ValueTask<HiveKey?> ServiceAsync(string name, CancellationToken cancellationToken) =>
        await services.GetAsync([name], cancellationToken).ConfigureAwait(false) is { } s
            ? new HiveKey([],
            [
                ("DisplayName", s["DisplayName"]), ("ImagePath", s["PathName"]), ("ObjectName", s["StartName"]),
                ("Start", s["StartMode"].ToString() switch { "Auto" => 2u, "Disabled" => 4u, _ => 3u }), ("Type", 16u),
            ])
            : null;

    // The keys on the way to those that are there.
    private static HiveKey? Above(string path)
    {
        var prefix = path.Length == 0 ? "" : path + "\\";
        var names = Places.Where(p => p.StartsWith(prefix, StringComparison.OrdinalIgnoreCase)).Select(p => p[prefix.Length..].Split('\\')[0]).Distinct(StringComparer.OrdinalIgnoreCase).ToList();
        return names.Count > 0 ? new HiveKey(names, []) : null;
    }

    private static bool Is(string path, string place) => path.Equals(place, StringComparison.OrdinalIgnoreCase);

    private static string? Below(string path, string place) =>
        path.Length > place.Length + 1 && path.StartsWith(place + "\\", StringComparison.OrdinalIgnoreCase) && path.IndexOf('\\', place.Length + 1) < 0 ? path[(place.Length + 1)..] : null;

    private static async ValueTask<CimInstance?> FirstAsync(ICimProvider provider, CancellationToken cancellationToken)
    {
        await foreach (var first in provider.EnumerateAsync(CimNeed.All, cancellationToken).ConfigureAwait(false))
        {
            return first;
        }

        return null;
    }

    private static async ValueTask<CimInstance?> NamedAsync(ICimProvider provider, string name, CancellationToken cancellationToken)
    {
        await foreach (var instance in provider.EnumerateAsync(CimNeed.All, cancellationToken).ConfigureAwait(false))
        {
            if (instance["Name"].ToString().Equals(name, StringComparison.OrdinalIgnoreCase))
            {
                return instance;
            }
        }

        return null;
    }

    private static async ValueTask<IReadOnlyList<string>> NamesAsync(ICimProvider provider, CancellationToken cancellationToken)
    {
        var names = new SortedSet<string>(StringComparer.OrdinalIgnoreCase);
        await foreach (var instance in provider.EnumerateAsync(CimNeed.Of(provider.Class, [provider.Class.SlotOf("Name")], []), cancellationToken).ConfigureAwait(false))
        {
            names.Add(instance["Name"].ToString());
        }

        return [.. names];
    }
}
