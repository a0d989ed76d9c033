using System.Globalization;
using Farwire.Cim.Classes;
using Farwire.Protocol.Addressing;
using Farwire.Protocol.Faults;
using Farwire.Protocol.Names;
using Farwire.Protocol.Xml;

namespace Farwire.Cim.Instances;

/// <summary>Reads instances from XML, with their class when it is known, and else with what the XML tells.</summary>
/// <remarks>DSP0230. Reads what Windows, OMI and openwsman write: prefixes, order, wrapped and bare times, either spelling of truth.</remarks>
/// <param name="classes">Finds a class by its name.</param>
/// <param name="fragmentClass">The class that a <c>w:XmlFragment</c> shows some properties of: the one in the query's FROM.</param>
public sealed class InstanceReader(Func<string, CimClass?>? classes = null, string? fragmentClass = null)
{
    private const int MaxDepth = 16;

    private readonly Dictionary<string, CimClass> _seen = [];

    /// <summary>Reads the element at hand: an instance, or a <c>w:XmlFragment</c> with some properties of one.</summary>
    public CimInstance Read(BodyReader body)
    {
        if (fragmentClass is not null && body.Is("XmlFragment", Namespaces.WSMan))
        {
            return Shape(fragmentClass, ReadProperties(body, classes?.Invoke(fragmentClass), strict: false, 0));
        }

        var name = body.LocalName;
        return Read(body, name, classes?.Invoke(name), 0);
    }

    /// <summary>Reads the element at hand as an instance of <paramref name="cimClass"/>; what the class has not is refused.</summary>
    /// <exception cref="WSManFaultException">A property is unknown, or its value does not fit its type.</exception>
    public static CimInstance Read(BodyReader body, CimClass cimClass)
    {
        var instance = new CimInstance(cimClass);
        foreach (var (property, value) in ReadProperties(body, cimClass, strict: true, 0))
        {
            instance[property] = value;
        }

        return instance;
    }

    /// <summary>Reads the properties in the element at hand, in its order; what <paramref name="cimClass"/> has not is refused.</summary>
    /// <exception cref="WSManFaultException">A property is unknown, or its value does not fit its type.</exception>
    public static IReadOnlyList<(string Name, CimValue Value)> ReadProperties(BodyReader body, CimClass cimClass) =>
        [.. ReadProperties(body, cimClass, strict: true, 0).Select(p => (cimClass.Property(p.Name)!.Name, p.Value))];

    internal static IReadOnlyList<(string Name, CimValue Value)> ReadMembers(BodyReader body, CimProperty property) =>
        ReadProperties(body, new CimClass("XmlFragment", null, [property]));

    /// <summary>Turns text into a value of <paramref name="type"/>.</summary>
    public static bool TryParse(string text, CimType type, out CimValue value)
    {
        value = default;
        switch (type)
        {
            case CimType.Boolean:
                var isTrue = text is "1" || text.Equals("true", StringComparison.OrdinalIgnoreCase);
                value = isTrue;
                return isTrue || text is "0" || text.Equals("false", StringComparison.OrdinalIgnoreCase);
            case CimType.UInt8: return TryUnsigned(text, byte.MaxValue, out value);
            case CimType.UInt16: return TryUnsigned(text, ushort.MaxValue, out value);
            case CimType.UInt32: return TryUnsigned(text, uint.MaxValue, out value);
            case CimType.UInt64: return TryUnsigned(text, ulong.MaxValue, out value);
            case CimType.SInt8: return TrySigned(text, sbyte.MinValue, sbyte.MaxValue, out value);
            case CimType.SInt16: return TrySigned(text, short.MinValue, short.MaxValue, out value);
            case CimType.SInt32: return TrySigned(text, int.MinValue, int.MaxValue, out value);
            case CimType.SInt64: return TrySigned(text, long.MinValue, long.MaxValue, out value);
            case CimType.Real32 or CimType.Real64:
                var isReal = CimReal.TryParse(text, out var real);
                value = real;
                return isReal;
            case CimType.Char16: // a code unit in digits, or the character itself
                if (text.Length == 1 && !char.IsAsciiDigit(text[0]))
                {
                    value = (uint)text[0];
                    return true;
                }

                return TryUnsigned(text, char.MaxValue, out value);
            case CimType.DateTime:
                var isTime = CimDateTime.TryParse(text, out var time);
                value = time;
                return isTime;
            default:
                value = text;
                return true;
        }
    }

    private CimInstance Read(BodyReader body, string name, CimClass? known, int depth)
    {
        var properties = ReadProperties(body, known, strict: false, depth);
        if (known is not null && properties.TrueForAll(p => known.SlotOf(p.Name) >= 0))
        {
            var instance = new CimInstance(known, new CimValue[known.Properties.Count]);
            foreach (var (property, value) in properties)
            {
                instance[property] = value;
            }

            return instance;
        }

        return Shape(name, properties);
    }

    // A class unknown to us gets the properties that the XML shows; instances of the same shape share it.
    private CimInstance Shape(string name, List<(string Name, CimValue Value)> properties)
    {
        if (!_seen.TryGetValue(name, out var shape) || !properties.TrueForAll(p => shape.SlotOf(p.Name) >= 0))
        {
            var union = (shape?.Properties ?? []).Concat(properties.Select(p => new CimProperty(p.Name, TypeOf(p.Value)) { IsArray = p.Value.Kind == CimValueKind.Array }));
            shape = new CimClass(name, null, union);
            _seen[name] = shape;
        }

        var values = new CimValue[shape.Properties.Count];
        foreach (var (property, value) in properties)
        {
            values[shape.SlotOf(property)] = value;
        }

        return new CimInstance(shape, values);
    }

    private static List<(string Name, CimValue Value)> ReadProperties(BodyReader body, CimClass? known, bool strict, int depth)
    {
        if (depth > MaxDepth)
        {
            throw FaultCatalog.InvalidXmlValues.Fault($"instances are embedded more than {MaxDepth} deep.");
        }

        var properties = new List<(string Name, CimValue Value)>(known?.Properties.Count ?? 16);
        body.Enter();
        while (body.NextChild())
        {
            var name = body.LocalName;
            var property = known?.Property(name);
            if (strict && property is null)
            {
                throw FaultCatalog.InvalidXmlValues.Fault($"{known!.Name} has no property '{name}'.");
            }

            var value = ReadValue(body, name, property?.Type, strict, depth);
            var last = properties.Count - 1;
            if (last >= 0 && properties[last].Name == name)
            {
                // An element that repeats is an array.
                properties[last] = (name, (CimValue[])[.. properties[last].Value.AsArray(), value]);
            }
            else
            {
                properties.Add((name, property is { IsArray: true } && !value.IsNull ? (CimValue[])[value] : value));
            }
        }

        return properties;
    }

    private static CimValue ReadValue(BodyReader body, string name, CimType? type, bool strict, int depth)
    {
        if (body.IsNil)
        {
            body.Skip();
            return default;
        }

        type ??= TypeOf(body.Attribute("type", Namespaces.SchemaInstance));
        if (type == CimType.Reference)
        {
            return EndpointReference.Read(body);
        }

        if (type == CimType.Instance)
        {
            return new InstanceReader().Read(body, ClassOf(body.Attribute("type", Namespaces.SchemaInstance)) ?? name, null, depth + 1);
        }

        CimValue? inner = null;
        var text = body.ReadMixed(() => inner = ReadInner(body, inner));
        if (inner is { } found)
        {
            return found;
        }

        if (type is null)
        {
            return text;
        }

        return TryParse(text, type.Value, out var value)
            ? value
            : strict ? throw FaultCatalog.InvalidXmlValues.Fault($"'{text}' is not a {type.Value.MofName()}: the value of '{name}'.") : text;
    }

    // A time in its wrapper, or what only a reference has.
    private static CimValue? ReadInner(BodyReader body, CimValue? before)
    {
        switch (body.LocalName)
        {
            case "Datetime" or "DateTime" or "CIM_DateTime" or "Interval" or "Date" or "Time":
                var text = body.ReadText();
                return CimDateTime.TryParse(text, out var time) ? time : text;
            case "Address":
                body.Skip();
                return new EndpointReference();
            case "ReferenceParameters" when before is null or { Kind: CimValueKind.Reference }:
                return ReadReference(body);
            default:
                body.Skip();
                return before;
        }
    }

    private static CimValue ReadReference(BodyReader body)
    {
        var reference = new EndpointReference();
        body.Enter();
        while (body.NextChild())
        {
            switch (body.LocalName)
            {
                case "ResourceURI": reference = reference with { ResourceUri = body.ReadText() }; break;
                case "SelectorSet": reference = reference with { Selectors = SelectorSet.Read(body) }; break;
                default: body.Skip(); break;
            }
        }

        return reference;
    }

    private static bool TryUnsigned(string text, ulong max, out CimValue value)
    {
        var parsed = ulong.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number <= max;
        value = parsed ? number : default(CimValue);
        return parsed;
    }

    private static bool TrySigned(string text, long min, long max, out CimValue value)
    {
        var parsed = long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number) && number >= min && number <= max;
        value = parsed ? number : default(CimValue);
        return parsed;
    }

    private static CimType TypeOf(CimValue value) => value.Kind switch
    {
        CimValueKind.Array => value.AsArray() is [var first, ..] ? TypeOf(first) : CimType.String,
        CimValueKind.Boolean => CimType.Boolean,
        CimValueKind.Signed => CimType.SInt64,
        CimValueKind.Unsigned => CimType.UInt64,
        CimValueKind.Real => CimType.Real64,
        CimValueKind.DateTime => CimType.DateTime,
        CimValueKind.Reference => CimType.Reference,
        CimValueKind.Instance => CimType.Instance,
        _ => CimType.String,
    };

    // Prefixes inside xsi:type are often undeclared: the local part decides.
    private static CimType? TypeOf(string? xsiType) => xsiType?[(xsiType.IndexOf(':', StringComparison.Ordinal) + 1)..] switch
    {
        null => null,
        "cimBoolean" => CimType.Boolean,
        "cimUnsignedByte" => CimType.UInt8,
        "cimUnsignedShort" => CimType.UInt16,
        "cimUnsignedInt" => CimType.UInt32,
        "cimUnsignedLong" => CimType.UInt64,
        "cimByte" => CimType.SInt8,
        "cimShort" => CimType.SInt16,
        "cimInt" => CimType.SInt32,
        "cimLong" => CimType.SInt64,
        "cimFloat" => CimType.Real32,
        "cimDouble" => CimType.Real64,
        "cimChar16" => CimType.Char16,
        "cimDateTime" => CimType.DateTime,
        "cimReference" => CimType.Reference,
        var other when other.EndsWith("_Type", StringComparison.Ordinal) => CimType.Instance,
        _ => null,
    };

    private static string? ClassOf(string? xsiType) =>
        xsiType is not null && xsiType.EndsWith("_Type", StringComparison.Ordinal) ? xsiType[(xsiType.IndexOf(':', StringComparison.Ordinal) + 1)..^5] : null;
}
