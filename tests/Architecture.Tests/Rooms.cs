using System.Reflection.Metadata;
using System.Reflection.PortableExecutable;

namespace Farwire.Architecture.Tests;

/// <summary>One room as the compiler left it: the assemblies and the framework's types it uses.</summary>
internal sealed record Room(string Name, IReadOnlyList<string> Assemblies, IReadOnlySet<string> Types)
{
    /// <summary>The rooms whose source lies under <c>src</c>.</summary>
    public static IEnumerable<Room> All()
    {
        var root = Repository.Root;
        var configuration = Path.GetFileName(Path.TrimEndingDirectorySeparator(AppContext.BaseDirectory));
        return Directory.EnumerateFiles(Path.Combine(root, "src"), "*.csproj", SearchOption.AllDirectories)
            .Select(project => Path.GetFileNameWithoutExtension(project))
            .Order(StringComparer.Ordinal)
            .Select(name => Read(name, Path.Combine(root, "artifacts", "bin", name, configuration, name + ".dll")));
    }

    private static Room Read(string name, string file)
    {
        using var pe = new PEReader(File.OpenRead(file));
        var metadata = pe.GetMetadataReader();
        return new Room(
            name,
            [.. metadata.AssemblyReferences.Select(h => metadata.GetString(metadata.GetAssemblyReference(h).Name))],
            metadata.TypeReferences.Select(metadata.GetTypeReference)
                .Select(t => $"{metadata.GetString(t.Namespace)}.{metadata.GetString(t.Name)}").ToHashSet(StringComparer.Ordinal));
    }
}
