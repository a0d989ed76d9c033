using Farwire.Cim.Classes;
using Farwire.Protocol.Names;
using Farwire.Protocol.Xml;

namespace Farwire.Cim.Instances;

/// <summary>Writes the chosen properties of an instance as <c>w:XmlFragment</c>: an item of a WQL projection.</summary>
/// <remarks>As Windows does: no namespace, alphabetical, NULL as <c>xsi:nil</c>, NULL arrays left out.</remarks>
public sealed class FragmentWriter
{
    private readonly (InstanceWriter.Slot Slot, int Index)[] _properties;

    /// <summary>Writes the properties in <paramref name="slots"/> of <paramref name="cimClass"/>.</summary>
    public FragmentWriter(CimClass cimClass, IEnumerable<int> slots) =>
        _properties = [.. slots.Distinct().Order().Select(slot => (new InstanceWriter.Slot("", cimClass.Properties[slot]), slot))];

    // <w:XmlFragment> <Property/>* </w:XmlFragment>

    /// <summary>Writes the chosen properties of <paramref name="instance"/>.</summary>
    public void Write(XmlUtf8Writer xml, CimInstance instance)
    {
        xml.Start("w:XmlFragment"u8);
        xml.Attribute("xmlns:xsi"u8, "http://www.w3.org/2001/XMLSchema-instance"u8);
        xml.Attribute("xmlns:w"u8, Namespaces.WSMan);
        foreach (var (slot, index) in _properties)
        {
            InstanceWriter.WriteProperty(xml, slot, instance[index]);
        }

        xml.End("w:XmlFragment"u8);
    }
}
