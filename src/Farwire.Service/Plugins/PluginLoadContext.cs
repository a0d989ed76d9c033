using System.Diagnostics.CodeAnalysis;
using System.Reflection;
using System.Runtime.Loader;
using Farwire.Plugins;

namespace Farwire.Service.Plugins;

/// <summary>An assembly of a plug-in with what it needs, apart from everybody else's. It shares the plug-in interface with its host, and nothing of its own.</summary>
public sealed class PluginLoadContext : AssemblyLoadContext
{
    private readonly AssemblyDependencyResolver _resolver;

    private PluginLoadContext(string path)
        : base(Path.GetFileNameWithoutExtension(path)) => _resolver = new AssemblyDependencyResolver(path);

    /// <summary>Loads the assembly at <paramref name="path"/> and makes its one plug-in of type <typeparamref name="T"/>.</summary>
    /// <exception cref="InvalidDataException">It cannot be loaded, or has no such class or several; the message says what.</exception>
    [UnconditionalSuppressMessage("Trimming", "IL2026", Justification = "Nobody can trim what is chosen at run time; the host keeps the interface whole.")]
    [UnconditionalSuppressMessage("Trimming", "IL2072", Justification = "As above.")]
    public static T Load<T>(string path)
        where T : class, IPlugin
    {
        if (!Path.IsPathRooted(path))
        {
            throw new InvalidDataException($"'{path}' is no whole path.");
        }

        if (!File.Exists(path))
        {
            throw new InvalidDataException($"'{path}' does not exist.");
        }

        try
        {
            var types = new PluginLoadContext(path).LoadFromAssemblyPath(path).GetExportedTypes().Where(type => type is { IsClass: true, IsAbstract: false } && type.IsAssignableTo(typeof(T))).ToList();
            return types.Count == 1
                ? (T)Activator.CreateInstance(types[0])!
                : throw new InvalidDataException($"'{path}' has {types.Count} public classes that are {typeof(T).Name}; it must have one.");
        }
        catch (Exception e) when (e is BadImageFormatException or FileLoadException or FileNotFoundException or TypeLoadException or UnauthorizedAccessException or MissingMethodException or ReflectionTypeLoadException)
        {
            throw new InvalidDataException($"'{path}' cannot be loaded: {e.Message}", e);
        }
    }

    /// <inheritdoc/>
    [UnconditionalSuppressMessage("Trimming", "IL2026", Justification = "As above.")]
    protected override Assembly? Load(AssemblyName assemblyName) =>
        assemblyName.Name == typeof(IPlugin).Assembly.GetName().Name ? null : _resolver.ResolveAssemblyToPath(assemblyName) is { } path ? LoadFromAssemblyPath(path) : null;
}
