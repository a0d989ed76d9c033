using System.Text;
using System.Text.Json;
using System.Xml.Linq;

namespace Farwire.CommandLine.Cim;

/// <summary>A class description, which travels as CIM-XML, in the words of MOF.</summary>
/// <remarks>DSP0201, "CLASS"; DSP0004, "MOF syntax".</remarks>
internal static class ClassText
{
    /// <summary>Where services have their class descriptions.</summary>
    public const string Uri = "http://schemas.dmtf.org/wbem/cim-xml/2/cim-schema/2/*";

    public static (string Name, string Superclass) NamesOf(string xml)
    {
        var description = XElement.Parse(xml);
        return (Text(description, "NAME"), Text(description, "SUPERCLASS"));
    }

    public static string JsonLine(string name, string superclass) =>
        $"{{\"name\":\"{JsonEncodedText.Encode(name)}\",\"superclass\":{(superclass.Length == 0 ? "null" : $"\"{JsonEncodedText.Encode(superclass)}\"")}}}";

    public static string Mof(string xml)
    {
        var description = XElement.Parse(xml);
        var mof = new StringBuilder();
        Qualifiers(mof, description, "");
        mof.Append("class ").Append(Text(description, "NAME"));
        if (Text(description, "SUPERCLASS") is { Length: > 0 } superclass)
        {
            mof.Append(" : ").Append(superclass);
        }

        mof.Append(" {\n");
        foreach (var member in description.Elements().Where(e => e.Name.LocalName.StartsWith("PROPERTY", StringComparison.Ordinal)))
        {
            Qualifiers(mof, member, "  ");
            mof.Append("  ").Append(Typed(member)).Append(";\n");
        }

        foreach (var method in description.Elements("METHOD"))
        {
            Qualifiers(mof, method, "  ");
            var parameters = method.Elements().Where(e => e.Name.LocalName.StartsWith("PARAMETER", StringComparison.Ordinal)).Select(p => InLine(p) + Typed(p));
            mof.Append("  ").Append(Text(method, "TYPE") is { Length: > 0 } type ? type : "void").Append(' ').Append(Text(method, "NAME"));
            mof.Append('(').AppendJoin(", ", parameters).Append(");\n");
        }

        return mof.Append("};\n").ToString();
    }

    private static string Typed(XElement member)
    {
        var kind = member.Name.LocalName;
        var type = kind.EndsWith(".REFERENCE", StringComparison.Ordinal) ? Text(member, "REFERENCECLASS") + " ref" : Text(member, "TYPE");
        return $"{type} {Text(member, "NAME")}{(kind.EndsWith(".ARRAY", StringComparison.Ordinal) ? "[]" : "")}";
    }

    private static void Qualifiers(StringBuilder mof, XElement owner, string indent)
    {
        if (owner.Element("QUALIFIER") is not null)
        {
            mof.Append(indent).Append(InLine(owner)).Append('\n');
        }
    }

    private static string InLine(XElement owner)
    {
        var qualifiers = owner.Elements("QUALIFIER").Select(Qualifier).ToList();
        return qualifiers.Count == 0 ? "" : $"[{string.Join(", ", qualifiers)}] ";
    }

    private static string Qualifier(XElement qualifier)
    {
        var (name, isText) = (Text(qualifier, "NAME"), Text(qualifier, "TYPE") == "string");
        if (qualifier.Element("VALUE.ARRAY") is { } array)
        {
            return $"{name} {{{string.Join(", ", array.Elements("VALUE").Select(v => Constant(v.Value, isText)))}}}";
        }

        var value = qualifier.Element("VALUE")?.Value ?? "";
        return value == "TRUE" && !isText ? name : $"{name}({Constant(value, isText)})";
    }

    private static string Constant(string value, bool isText) =>
        isText ? $"\"{value.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\"", "\\\"", StringComparison.Ordinal)}\"" : value;

    private static string Text(XElement element, string attribute) => element.Attribute(attribute)?.Value ?? "";
}
