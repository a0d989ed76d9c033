using System.Diagnostics.CodeAnalysis;
using Farwire.Cim.Mof;

namespace Farwire.Cim.Classes;

/// <summary>The classes of one namespace, and which derives from which.</summary>
/// <remarks>DSP0004, "Namespaces".</remarks>
public sealed class CimSchema
{
    private static readonly Lazy<CimSchema> EmbeddedCimV2 = new(() => Load(
        "root/cimv2", "root_cimv2", "root_cimv2_hardware", "root_cimv2_system", "root_cimv2_users", "root_cimv2_storage", "root_cimv2_network",
        "root_cimv2_software", "root_cimv2_devices", "root_cimv2_associations", "root_cimv2_performance", "root_default"));

    private static readonly Lazy<CimSchema> EmbeddedStandardCimV2 = new(() => Load("root/standardcimv2", "root_standardcimv2"));
    private static readonly Lazy<CimSchema> EmbeddedStorage = new(() => Load("root/microsoft/windows/storage", "root_microsoft_windows_storage"));
    private static readonly Lazy<CimSchema> EmbeddedLinux = new(() => Load("root/linux", "root_linux"));

    private static readonly Lazy<CimSchema> EmbeddedDefault = new(() => Load("root/default", "root_default"));
    private static readonly Lazy<CimSchema> EmbeddedHardware = new(() => Load("root/hardware", "root_hardware", "root_hardware_associations"));
    private static readonly Lazy<CimSchema> EmbeddedWmi = new(() => Load("root/wmi", "root_wmi"));

    private readonly Dictionary<string, CimClass> _classes = new(StringComparer.OrdinalIgnoreCase);

    /// <summary>An empty namespace.</summary>
    /// <param name="namespaceName">Such as <c>root/cimv2</c>, with forward slashes.</param>
    public CimSchema(string namespaceName) => Namespace = namespaceName;

    /// <summary>The classes that come with Farwire in <c>root/cimv2</c>.</summary>
    public static CimSchema CimV2 => EmbeddedCimV2.Value;

    /// <summary>The network classes of <c>root/standardcimv2</c>.</summary>
    public static CimSchema StandardCimV2 => EmbeddedStandardCimV2.Value;

    /// <summary>The disk classes of <c>root/microsoft/windows/storage</c>.</summary>
    public static CimSchema Storage => EmbeddedStorage.Value;

    /// <summary>Farwire's own classes of <c>root/linux</c>: what Linux has and Windows has no words for.</summary>
    public static CimSchema Linux => EmbeddedLinux.Value;

    /// <summary>The registry of <c>root/default</c>; <c>root/cimv2</c> has it too.</summary>
    public static CimSchema Default => EmbeddedDefault.Value;

    /// <summary>The classes of management controllers in <c>root/hardware</c>.</summary>
    public static CimSchema Hardware => EmbeddedHardware.Value;

    /// <summary>The class of raw requests to management controllers in <c>root/wmi</c>.</summary>
    public static CimSchema Wmi => EmbeddedWmi.Value;

    /// <summary>The classes that come with Farwire in the namespace <paramref name="name"/>; null when it brings none there.</summary>
    public static CimSchema? Named(string name) => name.ToUpperInvariant() switch
    {
        "ROOT/CIMV2" => CimV2,
        "ROOT/STANDARDCIMV2" => StandardCimV2,
        "ROOT/MICROSOFT/WINDOWS/STORAGE" => Storage,
        "ROOT/LINUX" => Linux,
        "ROOT/DEFAULT" => Default,
        "ROOT/HARDWARE" => Hardware,
        "ROOT/WMI" => Wmi,
        _ => null,
    };

    /// <summary>The namespace's name.</summary>
    public string Namespace { get; }

    /// <summary>All classes.</summary>
    public IEnumerable<CimClass> Classes => _classes.Values;

    /// <summary>The class <paramref name="name"/>, or null.</summary>
    public CimClass? Find(string name) => _classes.GetValueOrDefault(name);

    /// <summary>The class <paramref name="name"/>.</summary>
    public bool TryFind(string name, [NotNullWhen(true)] out CimClass? found) => _classes.TryGetValue(name, out found);

    /// <summary>The class and all that derive from it.</summary>
    public IEnumerable<CimClass> WithDerived(CimClass ancestor) => _classes.Values.Where(c => c.IsA(ancestor.Name));

    /// <summary>The namespace that a MOF text names by its pragma, or null.</summary>
    /// <exception cref="MofException">The text breaks MOF's grammar.</exception>
    public static string? NamespaceIn(string mof) => MofParser.Parse(mof).Namespace;

    /// <summary>Adds a class that another namespace has too.</summary>
    public CimSchema Add(CimClass cimClass)
    {
        _classes[cimClass.Name] = cimClass;
        return this;
    }

    /// <summary>Adds classes from MOF; a class comes after its superclass.</summary>
    /// <exception cref="MofException">The text breaks MOF's grammar, or names what is not there.</exception>
    public CimSchema AddMof(string mof)
    {
        foreach (var declared in MofParser.Parse(mof).Classes)
        {
            Add(declared);
        }

        return this;
    }

    /// <summary>Adds classes from several MOF texts, in any order: a class comes once its superclass is there.</summary>
    /// <exception cref="MofException">A text breaks MOF's grammar, or a superclass is in none of them.</exception>
    public CimSchema AddMofFiles(IEnumerable<string> texts)
    {
        var waiting = texts.SelectMany(t => MofParser.Parse(t).Classes).ToList();
        while (waiting.Count > 0)
        {
            var ready = waiting.Where(c => c.SuperclassName is null || _classes.ContainsKey(c.SuperclassName)).ToList();
            if (ready.Count == 0)
            {
                throw Orphan(waiting[0]);
            }

            foreach (var declared in ready)
            {
                Add(declared);
            }

            waiting.RemoveAll(ready.ToHashSet().Contains);
        }

        return this;
    }

    private void Add(MofClass declared)
    {
        CimClass? superclass = null;
        if (declared.SuperclassName is { } name && !_classes.TryGetValue(name, out superclass))
        {
            throw Orphan(declared);
        }

        _classes[declared.Name] = new CimClass(declared.Name, superclass, declared.Properties, declared.Methods, declared.Qualifiers);
    }

    private static MofException Orphan(MofClass declared) =>
        new($"class {declared.Name} derives from {declared.SuperclassName}, which is not declared before it", declared.Line, declared.Column);

    private static CimSchema Load(string namespaceName, params ReadOnlySpan<string> files)
    {
        var schema = new CimSchema(namespaceName);
        foreach (var file in files)
        {
            using var stream = typeof(CimSchema).Assembly.GetManifestResourceStream($"Farwire.Cim.Schema.{file}.mof")!;
            using var reader = new StreamReader(stream);
            schema.AddMof(reader.ReadToEnd());
        }

        return schema;
    }
}
