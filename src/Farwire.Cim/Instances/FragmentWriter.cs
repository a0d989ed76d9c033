using Farwire.Cim.Classes;
using Farwire.Protocol.Names;
using Farwire.Protocol.Xml;

namespace Farwire.Cim.Instances;

/// <summary>Writes the chosen properties of an instance as <c>w:XmlFragment</c>: an item of a WQL projection.</summary>
/// <remarks>As Windows does: no namespace, alphabetical, NULL as <c>xsi:nil</c>, NULL arrays left out.</remarks>
public sealed class FragmentWriter
{
    private readonly (InstanceWriter.Slot Slot, int Index)[] _properties;
    private readonly (InstanceWriter.Slot Slot, Func<CimInstance, string, CimValue> Value)[] _system;
    private readonly string _namespace;

    /// <summary>Writes the properties in <paramref name="slots"/> of <paramref name="cimClass"/>.</summary>
    /// <param name="cimClass">The class of the instances.</param>
    /// <param name="slots">The properties.</param>
    /// <param name="system">Names of system properties, which come first.</param>
    /// <param name="namespaceName">Where the instances live.</param>
    public FragmentWriter(CimClass cimClass, IEnumerable<int> slots, IEnumerable<string>? system = null, string namespaceName = "")
    {
        _properties = [.. slots.Distinct().Order().Select(slot => (new InstanceWriter.Slot("", cimClass.Properties[slot]), slot))];
        _system = [.. (system ?? []).Order(StringComparer.OrdinalIgnoreCase).Select(ToSystem)];
        _namespace = namespaceName;
    }

    // <w:XmlFragment> <Property/>* </w:XmlFragment>

    /// <summary>Writes the chosen properties of <paramref name="instance"/>.</summary>
    public void Write(XmlUtf8Writer xml, CimInstance instance)
    {
        xml.Start("w:XmlFragment"u8);
        xml.Attribute("xmlns:xsi"u8, "http://www.w3.org/2001/XMLSchema-instance"u8);
        xml.Attribute("xmlns:w"u8, Namespaces.WSMan);
        foreach (var (slot, value) in _system)
        {
            InstanceWriter.WriteProperty(xml, slot, value(instance, _namespace));
        }

        foreach (var (slot, index) in _properties)
        {
            InstanceWriter.WriteProperty(xml, slot, instance[index]);
        }

        xml.End("w:XmlFragment"u8);
    }

    private static (InstanceWriter.Slot, Func<CimInstance, string, CimValue>) ToSystem(string name) =>
        SystemProperties.TryFind(name, out var value)
            ? (new InstanceWriter.Slot("", new CimProperty(name.ToUpperInvariant(), CimType.String)), value)
            : throw new ArgumentException($"'{name}' is no system property.", nameof(name));
}
