using System.Text;

namespace Farwire.Benchmarks.Load.Load;

/// <summary>One request, rendered once.</summary>
internal static class HttpRequest
{
    private const string Soap = "http://www.w3.org/2003/05/soap-envelope";

    public const string IdentifyBody =
        $"""<s:Envelope xmlns:s="{Soap}" xmlns:wsmid="http://schemas.dmtf.org/wbem/wsman/identity/1/wsmanidentity.xsd"><s:Header/><s:Body><wsmid:Identify/></s:Body></s:Envelope>""";

    private const string CimUri = "http://schemas.microsoft.com/wbem/wsman/1/wmi/root/cimv2/";

    public static string GetBody(string className) => Envelope("http://schemas.xmlsoap.org/ws/2004/09/transfer/Get", CimUri + className, "");

    public static string EnumerateBody(string className, int batch) => Envelope(
        "http://schemas.xmlsoap.org/ws/2004/09/enumeration/Enumerate",
        CimUri + className,
        $"<n:Enumerate><w:OptimizeEnumeration/><w:MaxElements>{batch}</w:MaxElements></n:Enumerate>");

    public static string PullBody(string className, string context, int batch) => Envelope(
        "http://schemas.xmlsoap.org/ws/2004/09/enumeration/Pull",
        CimUri + className,
        $"<n:Pull><n:EnumerationContext>{context}</n:EnumerationContext><n:MaxElements>{batch}</n:MaxElements></n:Pull>");

    public static byte[] Render(Uri address, string? path, string user, string password, string body)
    {
        var credentials = Convert.ToBase64String(Encoding.UTF8.GetBytes($"{user}:{password}"));
        return Encoding.UTF8.GetBytes(
            $"POST {path ?? address.AbsolutePath} HTTP/1.1\r\nHost: {address.Authority}\r\nConnection: Keep-Alive\r\nUser-Agent: load\r\n"
            + $"Authorization: Basic {credentials}\r\nContent-Type: application/soap+xml;charset=UTF-8\r\nContent-Length: {Encoding.UTF8.GetByteCount(body)}\r\n\r\n{body}");
    }

    private static string Envelope(string action, string resourceUri, string body) => $"""
        <s:Envelope xmlns:s="{Soap}" xmlns:a="http://schemas.xmlsoap.org/ws/2004/08/addressing" xmlns:n="http://schemas.xmlsoap.org/ws/2004/09/enumeration" xmlns:w="http://schemas.dmtf.org/wbem/wsman/1/wsman.xsd" xmlns:p="http://schemas.microsoft.com/wbem/wsman/1/wsman.xsd"><s:Header><a:To>http://localhost:5985/wsman</a:To><w:ResourceURI s:mustUnderstand="true">{resourceUri}</w:ResourceURI><a:ReplyTo><a:Address s:mustUnderstand="true">http://schemas.xmlsoap.org/ws/2004/08/addressing/role/anonymous</a:Address></a:ReplyTo><a:Action s:mustUnderstand="true">{action}</a:Action><w:MaxEnvelopeSize s:mustUnderstand="true">512000</w:MaxEnvelopeSize><a:MessageID>uuid:5ACB4E2B-6E2F-4D7A-9C62-1C4F2E4C8A11</a:MessageID><w:Locale xml:lang="en-US" s:mustUnderstand="false"/><p:DataLocale xml:lang="en-US" s:mustUnderstand="false"/><p:SessionId s:mustUnderstand="false">uuid:0D5CBC2C-6A1C-4D09-8D2C-7C4B0A2E7E22</p:SessionId><w:OperationTimeout>PT60.000S</w:OperationTimeout></s:Header><s:Body>{body}</s:Body></s:Envelope>
        """;
}
