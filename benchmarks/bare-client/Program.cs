// The least that a .NET program can do to ask over TLS: one POST with HttpClient, the certificate compared with a pin, the answer printed.
// Arguments: ADDRESS USER PASSWORD SHA256 BODY
using System.Net;
using System.Net.Http.Headers;
using System.Security.Cryptography;
using System.Text;

using var handler = new SocketsHttpHandler();
var pin = Convert.FromHexString(args[3]);
handler.SslOptions.RemoteCertificateValidationCallback = (_, certificate, _, _) =>
    CryptographicOperations.FixedTimeEquals(certificate!.GetCertHash(HashAlgorithmName.SHA256), pin);
using var client = new HttpClient(handler);
using var message = new HttpRequestMessage(HttpMethod.Post, args[0]) { Content = new ByteArrayContent(Encoding.UTF8.GetBytes(args[4])), Version = HttpVersion.Version11 };
message.Content.Headers.ContentType = MediaTypeHeaderValue.Parse("application/soap+xml;charset=UTF-8");
message.Headers.Authorization = new AuthenticationHeaderValue("Basic", Convert.ToBase64String(Encoding.UTF8.GetBytes($"{args[1]}:{args[2]}")));
using var response = await client.SendAsync(message);
Console.Out.WriteLine(await response.Content.ReadAsStringAsync());
return response.IsSuccessStatusCode ? 0 : 1;
