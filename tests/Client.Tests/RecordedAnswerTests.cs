using System.Net;
using System.Net.Sockets;
using System.Text;
using Farwire.Client.Connection;
using Farwire.Protocol.Addressing;
using Farwire.Protocol.Envelope;
using Farwire.Protocol.Names;
using Farwire.TestKit.Recorded;

namespace Farwire.Client.Tests;

/// <summary>Every recorded answer, given to the client over HTTP as the service gave it.</summary>
public sealed class RecordedAnswerTests
{
    [Fact]
    [Trait("Feature", "QLT-03")]
    public async Task Every_recorded_answer_reaches_the_caller_whatever_its_status()
    {
        var answers = RecordedMessage.All.Where(m => !m.IsRequest && m.Xml.StartsWith('<')).ToList();
        using var peer = new Reciter(answers.Select(a => a.Xml));
        await using var channel = new HttpChannel(new WSManConnectionOptions { Address = peer.Address, AllowUnencrypted = true });
        var request = new Request(new MessageHeaders { Action = Actions.Get, MessageId = Uuid.Format(Guid.NewGuid()), ResourceUri = "urn:x" }, EmptyBody.Instance);

        foreach (var answer in answers)
        {
            await foreach (var reply in channel.SendAsync(request, TestContext.Current.CancellationToken))
            {
                using (reply)
                {
                    Assert.True(reply.Fault is not null == answer.Xml.Contains(":Fault>", StringComparison.Ordinal), answer.Source);
                    Assert.True(reply.Headers.RelatesTo is { Length: > 0 } || answer.Xml.Contains("IdentifyResponse", StringComparison.Ordinal), answer.Source);
                }
            }
        }

        Assert.Equal(answers.Count, peer.Answered);
    }

    /// <summary>Answers each request with the next of its answers, on one connection; a fault with 500.</summary>
    private sealed class Reciter : IDisposable
    {
        private readonly TcpListener _listener = new(IPAddress.Loopback, 0);

        public Reciter(IEnumerable<string> answers)
        {
            _listener.Start();
            Address = new Uri($"http://127.0.0.1:{((IPEndPoint)_listener.LocalEndpoint).Port}/wsman");
            _ = ReciteAsync(answers);
        }

        public Uri Address { get; }

        public int Answered { get; private set; }

        public void Dispose() => _listener.Dispose();

        private async Task ReciteAsync(IEnumerable<string> answers)
        {
            using var client = await _listener.AcceptTcpClientAsync();
            var stream = client.GetStream();
            var buffer = new byte[64 * 1024];
            foreach (var answer in answers)
            {
                var received = "";
                while (!received.EndsWith("</s:Envelope>", StringComparison.Ordinal) && await stream.ReadAsync(buffer) is > 0 and var read)
                {
                    received += Encoding.UTF8.GetString(buffer, 0, read);
                }

                var body = Encoding.UTF8.GetBytes(answer);
                var status = answer.Contains(":Fault>", StringComparison.Ordinal) ? "500 " : "200 "; // Windows gives no reason phrase
                var head = $"HTTP/1.1 {status}\r\nContent-Type: application/soap+xml;charset=UTF-8\r\nContent-Length: {body.Length}\r\n\r\n";
                Answered++; // before the client can have read it
                await stream.WriteAsync((byte[])[.. Encoding.ASCII.GetBytes(head), .. body]);
            }
        }
    }
}
