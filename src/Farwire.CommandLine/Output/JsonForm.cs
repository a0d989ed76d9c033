using System.Text;
using System.Text.Json;
using System.Xml;
using Farwire.Cim.Classes;
using Farwire.Cim.Instances;
using Farwire.Protocol.Xml;

namespace Farwire.CommandLine.Output;

/// <summary><c>-o json</c>: one object a line.</summary>
internal sealed class JsonForm(string? namespaceName) : IOutputForm
{
    private readonly InstanceReader _reader = new(CimSchema.CimV2.Find);

    public void Show(TextWriter output, string element)
    {
        using var xml = XmlDictionaryReader.CreateTextReader(Encoding.UTF8.GetBytes(element), XmlDictionaryReaderQuotas.Max);
        xml.MoveToContent();
        using var stream = new MemoryStream();
        using (var json = new Utf8JsonWriter(stream, Faults.JsonOptions))
        {
            CimJson.Write(json, _reader.Read(new BodyReader(xml)), namespaceName);
        }

        output.WriteLine(Encoding.UTF8.GetString(stream.GetBuffer().AsSpan(0, (int)stream.Length)));
    }
}
