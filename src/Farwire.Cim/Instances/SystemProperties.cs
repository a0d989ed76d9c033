using System.Diagnostics.CodeAnalysis;
using Farwire.Cim.Classes;

namespace Farwire.Cim.Instances;

/// <summary>The properties that every instance has and no class declares, such as <c>__CLASS</c> and <c>__PATH</c>.</summary>
/// <remarks>The WMI SDK, "WMI system properties".</remarks>
public static class SystemProperties
{
    private const int GenusInstance = 2;

    private static readonly Dictionary<string, Func<CimInstance, string, CimValue>> All = new(StringComparer.OrdinalIgnoreCase)
    {
        ["__CLASS"] = (i, _) => i.Class.Name,
        ["__SUPERCLASS"] = (i, _) => i.Class.Superclass?.Name,
        ["__DYNASTY"] = (i, _) => i.Class.Dynasty.Name,
        ["__DERIVATION"] = (i, _) => DerivationOf(i.Class),
        ["__GENUS"] = (_, _) => GenusInstance,
        ["__NAMESPACE"] = (_, ns) => ns.Replace('/', '\\'),
        ["__PATH"] = (i, ns) => $@"\\{Environment.MachineName}\{ns.Replace('/', '\\')}:{i}",
        ["__PROPERTY_COUNT"] = (i, _) => i.Class.Properties.Count,
        ["__RELPATH"] = (i, _) => i.ToString(),
        ["__SERVER"] = (_, _) => Environment.MachineName,
    };

    /// <summary>True for names that begin as system properties do.</summary>
    public static bool IsSystem(string name) => name.StartsWith("__", StringComparison.Ordinal);

    /// <summary>The way to the system property <paramref name="name"/> of an instance in a namespace.</summary>
    public static bool TryFind(string name, [NotNullWhen(true)] out Func<CimInstance, string, CimValue>? found) => All.TryGetValue(name, out found);

    private static CimValue DerivationOf(CimClass cimClass)
    {
        var names = new List<CimValue>();
        for (var ancestor = cimClass.Superclass; ancestor is not null; ancestor = ancestor.Superclass)
        {
            names.Add(ancestor.Name);
        }

        return names.ToArray();
    }
}
