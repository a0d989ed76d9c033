using System.Globalization;
using System.Text;
using Farwire.Linux.Files;

namespace Farwire.Linux.Software;

/// <summary>A package of software that is installed.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Version">Its version.</param>
/// <param name="Architecture">What it runs on.</param>
/// <remarks>deb-control(5).</remarks>
public sealed record Package(string Name, string Version, string Architecture)
{
    /// <summary>Who looks after it.</summary>
    public string? Maintainer { get; init; }

    /// <summary>One line about it.</summary>
    public string? Summary { get; init; }

    /// <summary>KiB on the disk.</summary>
    public ulong? InstalledKiB { get; init; }

    /// <summary>Its topic.</summary>
    public string? Section { get; init; }

    /// <summary>Where it comes from.</summary>
    public string? Homepage { get; init; }

    /// <summary>When it was unpacked last.</summary>
    public DateTimeOffset? Installed { get; init; }
}

/// <summary>The installed packages of dpkg; read again when dpkg changed its list.</summary>
/// <remarks>dpkg(1), "/var/lib/dpkg/status".</remarks>
public sealed class PackageTable(LinuxPaths paths)
{
    private readonly string _status = paths.Var + "/lib/dpkg/status";
    private readonly string _info = paths.Var + "/lib/dpkg/info";
    private Known? _known;

    /// <summary>The packages now; none where there is no dpkg.</summary>
    public IReadOnlyList<Package> Read()
    {
        var file = new FileInfo(_status);
        if (!file.Exists)
        {
            return [];
        }

        // dpkg replaces the file by a new one: another time or length says so.
        var known = Volatile.Read(ref _known);
        if (known is null || known.Changed != file.LastWriteTimeUtc || known.Length != file.Length)
        {
            known = new Known(file.LastWriteTimeUtc, file.Length, Parse());
            Volatile.Write(ref _known, known);
        }

        return known.Packages;
    }

    private List<Package> Parse()
    {
        var packages = new List<Package>();
        var fields = new Dictionary<string, string>(StringComparer.Ordinal);
        using var reader = new StreamReader(_status, Encoding.UTF8);
        while (true)
        {
            var line = reader.ReadLine();
            if (string.IsNullOrEmpty(line))
            {
                if (fields.GetValueOrDefault("Status")?.EndsWith(" installed", StringComparison.Ordinal) == true)
                {
                    packages.Add(ToPackage(fields));
                }

                fields.Clear();
                if (line is null)
                {
                    return packages;
                }

                continue;
            }

            // What begins with a blank goes on with the field before; none of those is wanted.
            var colon = line[0] == ' ' ? -1 : line.IndexOf(':', StringComparison.Ordinal);
            if (colon > 0 && IsWanted(line.AsSpan(0, colon)))
            {
                fields[line[..colon]] = line[(colon + 1)..].Trim();
            }
        }
    }

    private static bool IsWanted(ReadOnlySpan<char> field) =>
        field is "Package" or "Status" or "Version" or "Architecture" or "Maintainer" or "Description" or "Installed-Size" or "Section" or "Homepage";

    private Package ToPackage(Dictionary<string, string> fields)
    {
        var name = fields.GetValueOrDefault("Package") ?? "";
        var architecture = fields.GetValueOrDefault("Architecture") ?? "";
        return new Package(name, fields.GetValueOrDefault("Version") ?? "", architecture)
        {
            Maintainer = fields.GetValueOrDefault("Maintainer"),
            Summary = fields.GetValueOrDefault("Description"),
            InstalledKiB = ulong.TryParse(fields.GetValueOrDefault("Installed-Size"), NumberStyles.None, CultureInfo.InvariantCulture, out var kib) ? kib : null,
            Section = fields.GetValueOrDefault("Section"),
            Homepage = fields.GetValueOrDefault("Homepage"),
            Installed = Unpacked($"{name}.list") ?? Unpacked($"{name}:{architecture}.list"),
        };
    }

    private DateTimeOffset? Unpacked(string list)
    {
        var file = new FileInfo($"{_info}/{list}");
        return file.Exists ? new DateTimeOffset(file.LastWriteTimeUtc, TimeSpan.Zero) : null;
    }

    private sealed record Known(DateTime Changed, long Length, IReadOnlyList<Package> Packages);
}
