using System.Buffers;
using System.Text;
using System.Text.Json;
using System.Xml;
using System.Xml.Linq;
using Farwire.Cim.Classes;
using Farwire.Cim.Instances;
using Farwire.Cim.Naming;
using Farwire.Protocol.Names;
using Farwire.Protocol.Xml;

namespace Farwire.CommandLine.Output;

/// <summary><c>-o json</c>: one object a line, as docs/json.schema.json describes it.</summary>
internal sealed class JsonForm(string? namespaceName, string? queriedClass = null) : IOutputForm
{
    private readonly InstanceReader _reader = new(name => ClassNamed(name, namespaceName), queriedClass);

    public void Show(TextWriter output, string element) => output.WriteLine(Encoding.UTF8.GetString(Bytes(element).Span));

    /// <summary>The object in UTF-8.</summary>
    public ReadOnlyMemory<byte> Bytes(string element)
    {
        var bytes = new ArrayBufferWriter<byte>(1024);
        using (var json = new Utf8JsonWriter(bytes, Faults.JsonOptions))
        {
            Write(json, element);
        }

        return bytes.WrittenMemory;
    }

    private void Write(Utf8JsonWriter json, string element)
    {
        using var xml = XmlDictionaryReader.CreateTextReader(Encoding.UTF8.GetBytes(element), XmlDictionaryReaderQuotas.Max);
        xml.MoveToContent();
        switch (xml.NamespaceURI, xml.LocalName)
        {
            case (Namespaces.Addressing, "EndpointReference") or (Namespaces.Transfer, "ResourceCreated"):
                json.WriteStartObject();
                json.WriteString("@class", xml.LocalName);
                json.WriteString("@reference", Path(XElement.Parse(element)));
                json.WriteEndObject();
                break;
            case (Namespaces.WSMan, "Item"): // an instance and the reference to it
                var parts = XElement.Parse(element).Elements().ToList();
                json.WriteStartObject();
                json.WriteString("@class", parts[0].Name.LocalName);
                json.WriteString("@reference", Path(parts[^1]));
                json.WritePropertyName("instance");
                Write(json, parts[0].ToString(SaveOptions.DisableFormatting));
                json.WriteEndObject();
                break;
            case (Namespaces.Identity, "IdentifyResponse"):
                WriteIdentity(json, XElement.Parse(element));
                break;
            default:
                var output = OutputShape(xml);
                CimJson.Write(json, (output is null ? _reader : new InstanceReader(_ => output)).Read(new BodyReader(xml)), namespaceName);
                break;
        }
    }

    // The classes tell numbers from text; of the namespace first, and of those that DMTF URIs leave unsaid.
    private static CimClass? ClassNamed(string name, string? namespaceName) =>
        (namespaceName is null ? null : CimSchema.Named(namespaceName)?.Find(name)) ?? CimSchema.CimV2.Find(name) ?? CimSchema.Hardware.Find(name);

    // What a method returned stands in the namespace of its class.
    private CimClass? OutputShape(XmlDictionaryReader xml) =>
        CimResourceUri.Parse(xml.NamespaceURI) is { } uri && ClassNamed(uri.ClassName, uri.Namespace ?? namespaceName) is { } cimClass
            ? CimMethodShape.OutputNamed(cimClass, xml.LocalName)
            : null;

    private static void WriteIdentity(Utf8JsonWriter json, XElement identity)
    {
        json.WriteStartObject();
        json.WriteString("@class", identity.Name.LocalName);
        foreach (var fact in identity.Elements().Where(e => !e.HasElements))
        {
            json.WriteString(fact.Name.LocalName, fact.Value);
        }

        json.WriteStartArray("SecurityProfiles");
        foreach (var profile in identity.Elements().Elements())
        {
            json.WriteStringValue(profile.Value);
        }

        json.WriteEndArray();
        json.WriteEndObject();
    }

    // URI?Key=Value+Key=Value, as the commands take it.
    private static string Path(XElement reference)
    {
        var uri = reference.Descendants(XName.Get("ResourceURI", Namespaces.WSMan)).FirstOrDefault()?.Value ?? "";
        var keys = string.Join('+', reference.Descendants(XName.Get("Selector", Namespaces.WSMan)).Select(s => $"{s.Attribute("Name")?.Value}={s.Value}"));
        return keys.Length == 0 ? uri : $"{uri}?{keys}";
    }
}
