using Farwire.Cim.Classes;
using Farwire.Cim.Instances;
using Farwire.Protocol.Xml;

namespace Farwire.Cim.CimXml;

/// <summary>Which parts of a class a client wants to read.</summary>
public sealed record ClassParts
{
    /// <summary>The list of all ancestors.</summary>
    public bool Hierarchy { get; init; } = true;

    /// <summary>Properties and methods of the ancestors.</summary>
    public bool Inherited { get; init; } = true;

    /// <summary>Qualifiers of all things.</summary>
    public bool Qualifiers { get; init; } = true;

    /// <summary>Which class introduced a property or method.</summary>
    public bool Origin { get; init; } = true;
}

/// <summary>Writes a class as CIM-XML, as the CIM cmdlets ask for it.</summary>
/// <remarks>DSP0201, "CLASS". As recorded from Windows: no namespace, flavours only where they are not the usual ones.</remarks>
public static class ClassWriter
{
    // What does not go down to derived classes (DSP0004, "Qualifier flavors").
    private static readonly string[] Restricted = ["Abstract", "Dynamic", "Provider", "Locale", "UUID", "Terminal", "Experimental"];

    // <CLASS NAME SUPERCLASS DERIVATION> QUALIFIER* (PROPERTY | PROPERTY.ARRAY | PROPERTY.REFERENCE)* METHOD* </CLASS>

    /// <summary>Writes <paramref name="cimClass"/>.</summary>
    public static void Write(XmlUtf8Writer xml, CimClass cimClass, ClassParts parts)
    {
        xml.Start("CLASS"u8);
        xml.Attribute("NAME"u8, cimClass.Name);
        if (cimClass.Superclass is { } superclass)
        {
            xml.Attribute("SUPERCLASS"u8, superclass.Name);
            if (parts.Hierarchy)
            {
                xml.Attribute("DERIVATION"u8, string.Join(',', Ancestors(cimClass)));
            }
        }

        WriteQualifiers(xml, cimClass.Qualifiers, parts, propagated: false);
        foreach (var property in cimClass.Properties)
        {
            if (parts.Inherited || !IsInherited(cimClass, property))
            {
                // Recorded: what a class declares again is still propagated.
                WriteProperty(xml, property, parts, propagated: !property.Origin.Equals(cimClass.Name, StringComparison.OrdinalIgnoreCase));
            }
        }

        foreach (var method in cimClass.Methods)
        {
            var origin = OriginOf(cimClass, method);
            if (parts.Inherited || !ReferenceEquals(cimClass.Superclass?.Method(method.Name), method))
            {
                WriteMethod(xml, method, parts, origin);
            }
        }

        xml.End("CLASS"u8);
    }

    private static void WriteProperty(XmlUtf8Writer xml, CimProperty property, ClassParts parts, bool propagated)
    {
        var element = property.Type == CimType.Reference ? "PROPERTY.REFERENCE"u8 : property.IsArray ? "PROPERTY.ARRAY"u8 : "PROPERTY"u8;
        xml.Start(element);
        xml.Attribute("NAME"u8, property.Name);
        if (property.Type == CimType.Reference && property.ClassName is not null)
        {
            xml.Attribute("REFERENCECLASS"u8, property.ClassName);
        }

        if (parts.Origin)
        {
            xml.Attribute("CLASSORIGIN"u8, property.Origin);
        }

        if (propagated)
        {
            xml.Attribute("PROPAGATED"u8, "true"u8);
        }

        WriteType(xml, property.Type);
        WriteQualifiers(xml, property.Qualifiers, parts, propagated);
        if (!property.Default.IsNull)
        {
            WriteValue(xml, property.Default);
        }

        xml.End(element);
    }

    private static void WriteMethod(XmlUtf8Writer xml, CimMethod method, ClassParts parts, string origin)
    {
        xml.Start("METHOD"u8);
        xml.Attribute("NAME"u8, method.Name);
        if (method.ReturnType is { } returned)
        {
            WriteType(xml, returned);
        }

        if (parts.Origin)
        {
            xml.Attribute("CLASSORIGIN"u8, origin);
        }

        WriteQualifiers(xml, method.Qualifiers, parts, propagated: false);
        foreach (var parameter in method.Parameters)
        {
            var element = parameter.Type == CimType.Reference ? "PARAMETER.REFERENCE"u8 : parameter.IsArray ? "PARAMETER.ARRAY"u8 : "PARAMETER"u8;
            xml.Start(element);
            xml.Attribute("NAME"u8, parameter.Name);
            if (parameter.Type == CimType.Reference)
            {
                if (parameter.ClassName is not null)
                {
                    xml.Attribute("REFERENCECLASS"u8, parameter.ClassName);
                }
            }
            else
            {
                WriteType(xml, parameter.Type);
            }

            WriteQualifiers(xml, parameter.Qualifiers, parts, propagated: false);
            xml.End(element);
        }

        xml.End("METHOD"u8);
    }

    private static void WriteQualifiers(XmlUtf8Writer xml, CimQualifiers qualifiers, ClassParts parts, bool propagated)
    {
        if (!parts.Qualifiers)
        {
            return;
        }

        foreach (var qualifier in qualifiers)
        {
            xml.Start("QUALIFIER"u8);
            xml.Attribute("NAME"u8, qualifier.Name);
            if (propagated)
            {
                xml.Attribute("PROPAGATED"u8, "true"u8);
            }

            xml.Attribute("TYPE"u8, TypeOf(qualifier.Value));
            if (Restricted.Contains(qualifier.Name, StringComparer.OrdinalIgnoreCase))
            {
                xml.Attribute("TOSUBCLASS"u8, "false"u8);
            }

            WriteValue(xml, qualifier.Value);
            xml.End("QUALIFIER"u8);
        }
    }

    private static void WriteValue(XmlUtf8Writer xml, CimValue value)
    {
        if (value.Kind != CimValueKind.Array)
        {
            xml.Element("VALUE"u8, TextOf(value));
            return;
        }

        xml.Start("VALUE.ARRAY"u8);
        foreach (var element in value.AsArray())
        {
            xml.Element("VALUE"u8, TextOf(element));
        }

        xml.End("VALUE.ARRAY"u8);
    }

    private static string TextOf(CimValue value) => value.Kind == CimValueKind.Boolean ? value.AsBoolean() ? "TRUE" : "FALSE" : value.ToString();

    private static string TypeOf(CimValue value) => value.Kind switch
    {
        CimValueKind.Array => value.AsArray() is [var first, ..] ? TypeOf(first) : "string",
        CimValueKind.Boolean => "boolean",
        CimValueKind.Signed or CimValueKind.Unsigned => "sint32",
        CimValueKind.Real => "real64",
        _ => "string",
    };

    // An embedded instance is a string with a qualifier; a reference says its class in place of a type.
    private static void WriteType(XmlUtf8Writer xml, CimType type)
    {
        if (type != CimType.Reference)
        {
            xml.Attribute("TYPE"u8, type == CimType.Instance ? "string" : type.MofName());
        }
    }

    private static bool IsInherited(CimClass cimClass, CimProperty property) => ReferenceEquals(cimClass.Superclass?.Property(property.Name), property);

    private static string OriginOf(CimClass cimClass, CimMethod method)
    {
        var origin = cimClass;
        while (origin.Superclass is { } superclass && superclass.Method(method.Name) is not null)
        {
            origin = superclass;
        }

        return origin.Name;
    }

    private static IEnumerable<string> Ancestors(CimClass cimClass)
    {
        for (var ancestor = cimClass.Superclass; ancestor is not null; ancestor = ancestor.Superclass)
        {
            yield return ancestor.Name;
        }
    }
}
