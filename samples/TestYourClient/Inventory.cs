using System.Net;
using System.Net.Http.Headers;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using System.Xml.Linq;

namespace TestYourClient;

/// <summary>The code under test: a small WinRM client of one's own, with nothing of Farwire in it.</summary>
public sealed class Inventory : IDisposable
{
    private readonly HttpClient _http;
    private readonly Uri _address;

    public Inventory(Uri address, string user, string password, string? certificateSha256)
    {
        _address = address;
        _http = new HttpClient(new HttpClientHandler
        {
            ServerCertificateCustomValidationCallback = (_, certificate, _, _) =>
                certificate is not null && Convert.ToHexStringLower(certificate.GetCertHash(HashAlgorithmName.SHA256)) == certificateSha256,
        });
        _http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Basic", Convert.ToBase64String(Encoding.UTF8.GetBytes($"{user}:{password}")));
    }

    public async Task<string> HostNameAsync()
    {
        var request = $"""
            <s:Envelope xmlns:s="http://www.w3.org/2003/05/soap-envelope" xmlns:a="http://schemas.xmlsoap.org/ws/2004/08/addressing" xmlns:w="http://schemas.dmtf.org/wbem/wsman/1/wsman.xsd">
              <s:Header>
                <a:To>{_address}</a:To>
                <a:Action>http://schemas.xmlsoap.org/ws/2004/09/transfer/Get</a:Action>
                <a:MessageID>uuid:{Guid.NewGuid()}</a:MessageID>
                <a:ReplyTo><a:Address>http://schemas.xmlsoap.org/ws/2004/08/addressing/role/anonymous</a:Address></a:ReplyTo>
                <w:ResourceURI>http://schemas.microsoft.com/wbem/wsman/1/wmi/root/cimv2/Win32_OperatingSystem</w:ResourceURI>
              </s:Header>
              <s:Body/>
            </s:Envelope>
            """;
        using var content = new StringContent(request, Encoding.UTF8, "application/soap+xml");
        using var response = await _http.PostAsync(_address, content);
        if (response.StatusCode == HttpStatusCode.Unauthorized)
        {
            throw new UnauthorizedAccessException($"{_address} refused the user.");
        }

        var envelope = XElement.Parse(await response.Content.ReadAsStringAsync());
        return envelope.Descendants().First(e => e.Name.LocalName == "CSName").Value;
    }

    public void Dispose() => _http.Dispose();
}
