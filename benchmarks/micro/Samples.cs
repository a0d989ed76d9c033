using System.Text;
using Farwire.Cim.Classes;
using Farwire.Cim.Instances;
using Farwire.Protocol.Xml;

namespace Farwire.Benchmarks.Micro;

/// <summary>Messages and instances as they are on real wires.</summary>
internal static class Samples
{
    public const string ClassUri = "http://schemas.microsoft.com/wbem/wsman/1/wmi/root/cimv2/Win32_Process";

    public static CimClass Process { get; } = CimSchema.CimV2.Find("Win32_Process")!;

    public static byte[] Identify { get; } = Encoding.UTF8.GetBytes(
        """<s:Envelope xmlns:s="http://www.w3.org/2003/05/soap-envelope" xmlns:wsmid="http://schemas.dmtf.org/wbem/wsman/identity/1/wsmanidentity.xsd"><s:Header/><s:Body><wsmid:Identify/></s:Body></s:Envelope>""");

    /// <summary>A Get with the headers that most clients write; none that must differ between messages.</summary>
    public static byte[] Get { get; } = Encoding.UTF8.GetBytes("""
        <s:Envelope xmlns:s="http://www.w3.org/2003/05/soap-envelope" xmlns:a="http://schemas.xmlsoap.org/ws/2004/08/addressing" xmlns:w="http://schemas.dmtf.org/wbem/wsman/1/wsman.xsd" xmlns:p="http://schemas.microsoft.com/wbem/wsman/1/wsman.xsd"><s:Header><a:To>http://localhost:5985/wsman</a:To><w:ResourceURI s:mustUnderstand="true">http://schemas.microsoft.com/wbem/wsman/1/wmi/root/cimv2/Win32_OperatingSystem</w:ResourceURI><a:ReplyTo><a:Address s:mustUnderstand="true">http://schemas.xmlsoap.org/ws/2004/08/addressing/role/anonymous</a:Address></a:ReplyTo><a:Action s:mustUnderstand="true">http://schemas.xmlsoap.org/ws/2004/09/transfer/Get</a:Action><w:MaxEnvelopeSize s:mustUnderstand="true">512000</w:MaxEnvelopeSize><a:MessageID>uuid:5ACB4E2B-6E2F-4D7A-9C62-1C4F2E4C8A11</a:MessageID><w:Locale xml:lang="en-US" s:mustUnderstand="false"/><p:DataLocale xml:lang="en-US" s:mustUnderstand="false"/><p:SessionId s:mustUnderstand="false">uuid:0D5CBC2C-6A1C-4D09-8D2C-7C4B0A2E7E22</p:SessionId><w:OperationTimeout>PT60.000S</w:OperationTimeout></s:Header><s:Body/></s:Envelope>
        """);

    public static CimInstance NewProcess(int id) => new(Process)
    {
        ["Name"] = "farwired",
        ["Handle"] = id.ToString(System.Globalization.CultureInfo.InvariantCulture),
        ["ProcessId"] = (uint)id,
        ["CommandLine"] = "/usr/sbin/farwired run --config /etc/farwire & more",
        ["WorkingSetSize"] = 61_234_567UL,
        ["CreationDate"] = new CimDateTime(new DateTimeOffset(2024, 5, 6, 7, 8, 9, TimeSpan.Zero)),
    };

    /// <summary>An instance as XML.</summary>
    public static byte[] ProcessXml { get; } = Render(NewProcess(4711));

    private static byte[] Render(CimInstance instance)
    {
        using var xml = new XmlUtf8Writer();
        InstanceWriter.For(Process, ClassUri).Write(xml, instance);
        return xml.Written.ToArray();
    }
}
