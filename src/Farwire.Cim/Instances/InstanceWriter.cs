using System.Buffers.Text;
using System.Collections.Concurrent;
using System.Text;
using Farwire.Cim.Classes;
using Farwire.Protocol.Names;
using Farwire.Protocol.Xml;

namespace Farwire.Cim.Instances;

/// <summary>Writes instances of one class, for one family of URIs, from names that are UTF-8 already.</summary>
/// <remarks>
/// DSP0230, "WS-CIM instances", as Windows writes them: every property, alphabetical, NULL as <c>xsi:nil</c>; a NULL or empty array has no element,
/// unless the client asked for precise arrays: then a NULL array is nil as well, and marked.
/// </remarks>
public sealed class InstanceWriter
{
    private static readonly ConcurrentDictionary<(CimClass, string, bool), InstanceWriter> Writers = new();

    /// <summary>The option of a request by which Windows' CIM cmdlets ask for precise arrays.</summary>
    public const string PreciseArraysOption = "msftwinrm:UsePreciseArrays";

    private readonly CimClass _class;
    private readonly byte[] _start;
    private readonly byte[] _end;
    private readonly Slot[] _slots;

    private InstanceWriter(CimClass cimClass, string classUri, bool preciseArrays)
    {
        _class = cimClass;
        _start = Encoding.UTF8.GetBytes(
            $"<p:{cimClass.Name} xmlns:xsi=\"{Namespaces.SchemaInstance}\" xmlns:p=\"{Escape(classUri)}\" xmlns:cim=\"{Namespaces.CimCommon}\" xsi:type=\"p:{cimClass.Name}_Type\">");
        _end = Encoding.UTF8.GetBytes($"</p:{cimClass.Name}>");
        _slots = [.. cimClass.Properties.Select(p => new Slot("p:", p, preciseArrays))];
    }

    /// <summary>The writer for instances of <paramref name="cimClass"/> under the URI <paramref name="classUri"/>.</summary>
    /// <param name="cimClass">The class of the instances.</param>
    /// <param name="classUri">The URI of the class, in the family of the request.</param>
    /// <param name="preciseArrays">A NULL array is told from an empty one (the option <see cref="PreciseArraysOption"/>).</param>
    public static InstanceWriter For(CimClass cimClass, string classUri, bool preciseArrays = false) =>
        Writers.GetOrAdd((cimClass, classUri, preciseArrays), static key => new InstanceWriter(key.Item1, key.Item2, key.Item3));

    // <p:Class xmlns:xsi xmlns:p xmlns:cim xsi:type> <p:Property/>* </p:Class>

    /// <summary>Writes <paramref name="instance"/>, which must be of the writer's class.</summary>
    public void Write(XmlUtf8Writer xml, CimInstance instance)
    {
        if (instance.Class != _class)
        {
            throw new ArgumentException($"The writer is for {_class.Name}.", nameof(instance));
        }

        xml.RawContent(_start);
        for (var slot = 0; slot < _slots.Length; slot++)
        {
            WriteProperty(xml, _slots[slot], instance[slot]);
        }

        xml.RawContent(_end);
    }

    /// <summary>Writes one property in an element without namespace, as fragments and projections have it.</summary>
    internal static void WriteBare(XmlUtf8Writer xml, CimProperty property, CimValue value) => WriteProperty(xml, new Slot("", property), value);

    internal static void WriteProperty(XmlUtf8Writer xml, in Slot slot, CimValue value)
    {
        switch (value.Kind)
        {
            case CimValueKind.Null:
                xml.RawContent(slot.Null);
                break;
            case CimValueKind.Array:
                foreach (var element in value.Elements)
                {
                    WriteOne(xml, slot, element);
                }

                break;
            default:
                WriteOne(xml, slot, value);
                break;
        }
    }

    private static void WriteOne(XmlUtf8Writer xml, in Slot slot, CimValue value)
    {
        switch (value.Kind)
        {
            case CimValueKind.Null:
                xml.RawContent(slot.Nil);
                return;
            case CimValueKind.Instance:
                WriteEmbedded(xml, slot, value.AsInstance());
                return;
        }

        xml.RawContent(slot.Open);
        WriteContent(xml, value, slot.IsBare);
        xml.RawContent(slot.Close);
    }

    private static void WriteContent(XmlUtf8Writer xml, CimValue value, bool bare)
    {
        switch (value.Kind)
        {
            case CimValueKind.String:
                xml.Text(value.AsString());
                break;
            case CimValueKind.Boolean:
                xml.RawContent(value.AsBoolean() ? "true"u8 : "false"u8);
                break;
            case CimValueKind.Signed:
                xml.Text(value.AsInt64());
                break;
            case CimValueKind.Unsigned:
                Span<byte> digits = stackalloc byte[20];
                Utf8Formatter.TryFormat(value.AsUInt64(), digits, out var written);
                xml.RawContent(digits[..written]);
                break;
            case CimValueKind.DateTime:
                WriteTime(xml, value.AsDateTime(), bare);
                break;
            case CimValueKind.Reference:
                value.AsReference().WriteContent(xml);
                break;
            default:
                xml.Text(value.ToString());
                break;
        }
    }

    // In a projection Windows writes the element without a prefix and without a namespace.
    private static void WriteTime(XmlUtf8Writer xml, CimDateTime time, bool bare)
    {
        var name = (time.IsInterval, bare) switch
        {
            (false, false) => "cim:Datetime"u8,
            (false, true) => "Datetime"u8,
            (true, false) => "cim:Interval"u8,
            (true, true) => "Interval"u8,
        };
        xml.Element(name, time.ToString());
    }

    private static void WriteEmbedded(XmlUtf8Writer xml, in Slot slot, CimInstance instance)
    {
        var name = Encoding.UTF8.GetBytes(slot.Name);
        xml.Start(name);
        xml.Attribute("xmlns:q"u8, ResourceUris.CimSchema + "/" + instance.Class.Name);
        xml.Attribute("xsi:type"u8, "q:" + instance.Class.Name + "_Type");
        for (var i = 0; i < instance.Class.Properties.Count; i++)
        {
            WriteProperty(xml, new Slot("q:", instance.Class.Properties[i]), instance[i]);
        }

        xml.End(name);
    }

    private static string Escape(string uri) => uri.Replace("&", "&amp;", StringComparison.Ordinal)
        .Replace("<", "&lt;", StringComparison.Ordinal).Replace("\"", "&quot;", StringComparison.Ordinal);

    /// <summary>What is the same for a property in every instance.</summary>
    internal readonly struct Slot(string prefix, CimProperty property, bool preciseArrays = false)
    {
        public string Name { get; } = prefix + property.Name;

        public byte[] Open { get; } = Encoding.UTF8.GetBytes($"<{prefix}{property.Name}>");

        public byte[] Close { get; } = Encoding.UTF8.GetBytes($"</{prefix}{property.Name}>");

        public byte[] Nil { get; } = Encoding.UTF8.GetBytes($"<{prefix}{property.Name} xsi:nil=\"true\"/>");

        /// <summary>What stands for the whole property when it is NULL.</summary>
        public byte[] Null { get; } = (property.IsArray, preciseArrays) switch
        {
            (false, _) => Encoding.UTF8.GetBytes($"<{prefix}{property.Name} xsi:nil=\"true\"/>"),
            (true, true) => Encoding.UTF8.GetBytes($"<{prefix}{property.Name} xmlns:m=\"{Namespaces.Microsoft}\" xsi:nil=\"true\" m:IsNullArray=\"true\"/>"),
            (true, false) => [],
        };

        public bool IsBare { get; } = prefix.Length == 0;
    }
}
