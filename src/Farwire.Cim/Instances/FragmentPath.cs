using System.Globalization;
using System.Text.RegularExpressions;
using Farwire.Cim.Classes;
using Farwire.Protocol.Faults;
using Farwire.Protocol.Names;
using Farwire.Protocol.Xml;

namespace Farwire.Cim.Instances;

/// <summary>The part of an instance that a fragment transfer is about.</summary>
/// <remarks>
/// DSP0226, "Fragment-level WS-Transfer" and "XPath level 1": <c>Property</c>, <c>Property[2]</c>, <c>Property/text()</c>, <c>Embedded/Property</c>,
/// with or without the class before it and a slash before that; <c>.</c> is the whole. Names are in the case of the class.
/// </remarks>
public sealed partial class FragmentPath
{
    private const int MaxSteps = 16;

    private readonly string _expression;
    private readonly IReadOnlyList<string> _inside;
    private readonly bool _text;

    private FragmentPath(string expression, CimProperty? property, int? index, IReadOnlyList<string> inside, bool text) =>
        (_expression, Property, Index, _inside, _text) = (expression, property, index, inside, text);

    /// <summary>The property; null is the whole instance.</summary>
    public CimProperty? Property { get; }

    /// <summary>Which element of an array, from 1.</summary>
    public int? Index { get; }

    // path = "." | [ "/" ] [ class "/" ] step { "/" step } [ "/text()" ] ; step = name [ "[" number "]" ]

    /// <summary>Reads a path into instances of <paramref name="cimClass"/>.</summary>
    /// <exception cref="WSManFaultException">It is none, or the class has no such property.</exception>
    public static FragmentPath Parse(string expression, CimClass cimClass)
    {
        var steps = expression.Trim().Split('/');
        var first = steps is ["", ..] ? 1 : 0;
        if (first < steps.Length && steps[first] == cimClass.Name && cimClass.Property(cimClass.Name) is null)
        {
            first++;
        }
        else if (first == 1)
        {
            throw Wrong(expression, $"an absolute path begins with /{cimClass.Name}");
        }

        var rest = steps[first..];
        if (rest is [] or ["."])
        {
            return new FragmentPath(expression, null, null, [], false);
        }

        var text = rest is [_, .., "text()"];
        rest = text ? rest[..^1] : rest;
        if (rest.Length > MaxSteps || Step().Match(rest[0]) is not { Success: true } step)
        {
            throw Wrong(expression, "served are Property, Property[n], Property/text() and Embedded/Property");
        }

        var name = step.Groups["name"].Value;
        if (cimClass.Property(name) is not { } property || property.Name != name)
        {
            throw Wrong(expression, $"{cimClass.Name} has no property '{name}'; names are compared with their case");
        }

        int? index = step.Groups["index"] is { Success: true } digits ? int.Parse(digits.Value, CultureInfo.InvariantCulture) : null;
        if (index is not null && !property.IsArray)
        {
            throw Wrong(expression, $"{name} is no array");
        }

        var inside = rest[1..];
        return inside.Length == 0 || property.Type is CimType.Instance
            ? new FragmentPath(expression, property, index, inside, text)
            : throw Wrong(expression, $"{name} has nothing inside");
    }

    // <w:XmlFragment xsi:nil="true"/> | <w:XmlFragment> text | <p:Property/>* | the instance </w:XmlFragment>

    /// <summary>Writes the part of <paramref name="instance"/> that the path leads to.</summary>
    public void Write(XmlUtf8Writer xml, CimInstance instance, string classUri)
    {
        xml.Start("w:XmlFragment"u8);
        xml.Attribute("xmlns:xsi"u8, Namespaces.SchemaInstance);
        xml.Attribute("xmlns:p"u8, classUri);
        xml.Attribute("xmlns:cim"u8, Namespaces.CimCommon);
        if (Property is null)
        {
            InstanceWriter.For(instance.Class, classUri).Write(xml, instance);
        }
        else
        {
            var (property, value) = Find(instance);
            if (value.IsNull)
            {
                xml.Attribute("xsi:nil"u8, "true"u8);
            }
            else if (_text)
            {
                xml.Text(string.Concat(value.AsArray()));
            }
            else
            {
                InstanceWriter.WriteProperty(xml, new InstanceWriter.Slot("p:", property), value);
            }
        }

        xml.End("w:XmlFragment"u8);
    }

    /// <summary>Reads the fragment at which <paramref name="body"/> stands: <paramref name="instance"/> with the part replaced.</summary>
    public CimInstance Read(BodyReader body, CimInstance instance)
    {
        if (!body.HasElement || !body.Is("XmlFragment", Namespaces.WSMan))
        {
            throw FaultCatalog.SchemaValidationError.Fault("the body of a fragment's Put is w:XmlFragment.");
        }

        if (Property is null)
        {
            throw Wrong(_expression, "a Put of the whole is one without a fragment");
        }

        var changed = instance.Copy();
        var before = instance[Property.Name];
        var part = Index is { } at ? ElementOf(before, at) : before;
        var value = _inside.Count > 0 ? Inside(body, Property.Name, part, _inside) : ReadValue(body, Property, isElement: Index is not null);
        changed[Property.Name] = Index is { } index ? Replaced(before, index, value) : value;
        return changed;
    }

    // The instance that is embedded in the property, with the part inside of it replaced.
    private CimValue Inside(BodyReader body, string holder, CimValue value, IReadOnlyList<string> steps)
    {
        if (value.Kind != CimValueKind.Instance)
        {
            throw Wrong(_expression, $"{holder} holds no instance, so there is nothing inside");
        }

        var changed = value.AsInstance().Copy();
        var property = changed.Class.Property(steps[0]) is { } found && found.Name == steps[0] ? found : throw Wrong(_expression, $"{changed.Class.Name} has no property '{steps[0]}'");
        changed[property.Name] = steps.Count == 1 ? ReadValue(body, property, isElement: false) : Inside(body, property.Name, changed[property.Name], [.. steps.Skip(1)]);
        return changed;
    }

    private CimValue ReadValue(BodyReader body, CimProperty property, bool isElement)
    {
        if (body.IsNil)
        {
            body.Skip();
            return default;
        }

        if (_text)
        {
            var text = body.ReadText();
            return InstanceReader.TryParse(text, property.Type, out var parsed)
                ? property.IsArray && !isElement ? (CimValue[])[parsed] : parsed
                : throw FaultCatalog.InvalidXmlValues.Fault($"'{text}' is not a {property.Type.MofName()}: the value of '{property.Name}'.");
        }

        CimValue value = default;
        foreach (var (name, found) in InstanceReader.ReadMembers(body, property))
        {
            value = name == property.Name ? found : throw FaultCatalog.InvalidXmlValues.Fault($"the fragment is '{property.Name}', not '{name}'.");
        }

        return isElement && value.Kind == CimValueKind.Array ? value.AsArray()[0] : value;
    }

    private static CimValue Replaced(CimValue before, int index, CimValue value)
    {
        var elements = before.AsArray().ToArray();
        elements[index - 1] = value;
        return elements;
    }

    private CimValue ElementOf(CimValue array, int index)
    {
        var elements = array.AsArray();
        return index >= 1 && index <= elements.Count ? elements[index - 1] : throw Wrong(_expression, $"the array has {elements.Count} elements");
    }

    private (CimProperty Property, CimValue Value) Find(CimInstance instance)
    {
        var (property, value) = (Property!, instance[Property!.Name]);
        if (Index is { } index)
        {
            value = ElementOf(value, index);
        }

        foreach (var step in _inside)
        {
            if (value.Kind != CimValueKind.Instance)
            {
                return (property, default);
            }

            var inner = value.AsInstance();
            property = inner.Class.Property(step) is { } found && found.Name == step ? found : throw Wrong(_expression, $"{inner.Class.Name} has no property '{step}'");
            value = inner[step];
        }

        return (property, value);
    }

    private static WSManFaultException Wrong(string expression, string why) => FaultCatalog.InvalidFragmentPath.Fault($"'{expression}': {why}.");

    [GeneratedRegex(@"^(?<name>[A-Za-z_]\w{0,255})(\[(?<index>[0-9]{1,8})\])?$", RegexOptions.CultureInvariant)]
    private static partial Regex Step();
}
