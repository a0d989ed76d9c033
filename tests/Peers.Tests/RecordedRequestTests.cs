using System.Diagnostics;
using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Xml.Linq;
using Farwire.TestKit.Recorded;

namespace Farwire.Peers.Tests;

/// <summary>The built service meets what real clients have sent, whole and broken.</summary>
public sealed class RecordedRequestTests : IAsyncLifetime
{
    private static readonly XNamespace Addressing = "http://schemas.xmlsoap.org/ws/2004/08/addressing";

    private readonly RunningService _service = new();
    private readonly HttpClient _client = new();

    public async ValueTask InitializeAsync()
    {
        await _service.InitializeAsync();
        _client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Basic", Convert.ToBase64String(Encoding.UTF8.GetBytes($"{_service.User}:{_service.Password}")));
    }

    public async ValueTask DisposeAsync()
    {
        _client.Dispose();
        await _service.DisposeAsync();
    }

    [Fact]
    [Trait("Feature", "QLT-03")]
    public async Task Every_recorded_request_is_understood()
    {
        var answered = 0;
        foreach (var request in RecordedMessage.All.Where(m => m.IsRequest && m.Xml.Contains(":MessageID", StringComparison.Ordinal) && !IsSlow(m.Xml)))
        {
            using var answer = await PostAsync(Encoding.UTF8.GetBytes(request.Xml));
            if (answer.StatusCode == HttpStatusCode.NoContent)
            {
                Assert.Contains("wsman/1/wsman/End", request.Xml, StringComparison.Ordinal);
                continue;
            }

            var envelope = XElement.Parse(await answer.Content.ReadAsStringAsync());
            var code = envelope.Descendants("{http://schemas.microsoft.com/wbem/wsman/1/wsmanfault}WSManFault").FirstOrDefault()?.Attribute("Code")?.Value;
            Assert.True(answer.StatusCode is HttpStatusCode.OK or HttpStatusCode.InternalServerError, request.Source);
            Assert.True(code is not ("2150858819" or "1359"), $"{request.Source}: {code}"); // neither "no XML" nor "unexpected"
            Assert.Equal(
                XElement.Parse(request.Xml).Descendants(Addressing + "MessageID").First().Value.Trim(),
                envelope.Descendants(Addressing + "RelatesTo").First().Value);
            answered++;
        }

        Assert.True(answered > 300, $"{answered} requests were answered");
    }

    [Fact]
    [Trait("Feature", "QLT-01")]
    public async Task Thousands_of_broken_messages_do_not_harm_the_service()
    {
        var random = new Random(1);
        var seeds = RecordedMessage.All.Where(m => m.IsRequest && m.Xml.Length is > 0 and < 20_000 && !IsSlow(m.Xml)).Select(m => Encoding.UTF8.GetBytes(m.Xml)).ToList();
        for (var i = 0; i < 3000; i++)
        {
            using var answer = await PostAsync(Broken(seeds[random.Next(seeds.Count)], random));
            if (answer.Content.Headers.ContentLength == 0)
            {
                continue; // nothing was left of the message, or it was wsman/End
            }

            if (answer.StatusCode is HttpStatusCode.OK or HttpStatusCode.InternalServerError)
            {
                _ = XDocument.Load(await answer.Content.ReadAsStreamAsync());
            }
            else
            {
                Assert.Equal(HttpStatusCode.NoContent, answer.StatusCode);
            }
        }

        using var process = Process.GetProcessById(_service.ProcessId);
        Assert.InRange(process.PeakWorkingSet64, 1, 300L << 20);
        using var after = await PostAsync(Encoding.UTF8.GetBytes(Soap.Get(Soap.Microsoft + "/wmi/root/cimv2/Win32_OperatingSystem")));
        Assert.Equal(HttpStatusCode.OK, after.StatusCode);
    }

    private static byte[] Broken(byte[] message, Random random)
    {
        var bytes = message.ToList();
        for (var change = random.Next(1, 5); change > 0 && bytes.Count > 1; change--)
        {
            var at = random.Next(bytes.Count);
            switch (random.Next(5))
            {
                case 0: bytes[at] = (byte)random.Next(256); break;
                case 1: bytes[at] = (byte)"<>&\"'/:=! "[random.Next(10)]; break;
                case 2: bytes.RemoveRange(at, Math.Min(random.Next(1, 60), bytes.Count - at)); break;
                case 3: bytes.InsertRange(at, bytes.GetRange(at, Math.Min(random.Next(1, 200), bytes.Count - at))); break;
                default: bytes.RemoveRange(at, bytes.Count - at); break;
            }
        }

        return [.. bytes];
    }

    // Receive waits for its time; the others answer at once.
    private static bool IsSlow(string request) => request.Contains("shell/Receive", StringComparison.Ordinal) && !request.Contains("PT-1S", StringComparison.Ordinal);

    private Task<HttpResponseMessage> PostAsync(byte[] message)
    {
        var content = new ByteArrayContent(message);
        content.Headers.TryAddWithoutValidation("Content-Type", "application/soap+xml;charset=UTF-8");
        return _client.PostAsync(_service.Http, content);
    }
}
