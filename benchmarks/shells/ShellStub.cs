using System.Net;
using System.Net.Sockets;
using System.Text;
using Farwire.Protocol.Addressing;
using Farwire.Protocol.Envelope;
using Farwire.Protocol.Names;
using Farwire.Protocol.Shell;
using Farwire.Protocol.Transfer;
using Farwire.Protocol.Xml;

namespace Farwire.Benchmarks.Shells;

/// <summary>Answers each message of a shell with bytes made before, by its action alone.</summary>
internal sealed class ShellStub : IDisposable
{
    private const string Id = "11111111-2222-3333-4444-555555555555";

    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly (byte[] Mark, byte[] Answer)[] _answers =
    [
        Canned(Actions.Create, new ResourceCreated(new EndpointReference { ResourceUri = ResourceUris.CommandShell, Selectors = SelectorSet.Of((ShellNames.ShellId, Id)) })),
        Canned(Actions.Command, new CommandResponse(Id)),
        Canned(Actions.Receive, new ReceiveResponse(
            [new StreamData("stdout", default) { CommandId = Id, End = true }, new StreamData("stderr", default) { CommandId = Id, End = true }])
            { CommandId = Id, State = ShellNames.Done, ExitCode = 0 }),
        Canned(Actions.Signal, new SignalResponse()),
        Canned(Actions.Delete, EmptyBody.Instance),
    ];

    public ShellStub()
    {
        _listener.Start();
        Address = new Uri($"http://127.0.0.1:{((IPEndPoint)_listener.LocalEndpoint).Port}/wsman");
        _ = AcceptAsync();
    }

    public Uri Address { get; }

    public void Dispose() => _listener.Dispose();

    private static (byte[] Mark, byte[] Answer) Canned(string action, IBody body)
    {
        using var xml = new XmlUtf8Writer();
        EnvelopeWriter.Write(xml, new Reply(new MessageHeaders { Action = action + "Response", MessageId = "uuid:1" }, body));
        return (Encoding.UTF8.GetBytes(action + "</a:Action>"),
            [.. Encoding.ASCII.GetBytes($"HTTP/1.1 200 \r\nContent-Type: application/soap+xml;charset=UTF-8\r\nContent-Length: {xml.Length}\r\n\r\n"), .. xml.Written.Span]);
    }

    private async Task AcceptAsync()
    {
        while (true)
        {
            try
            {
                _ = ServeAsync(await _listener.AcceptTcpClientAsync());
            }
            catch (Exception e) when (e is SocketException or ObjectDisposedException)
            {
                return;
            }
        }
    }

    private async Task ServeAsync(TcpClient client)
    {
        client.NoDelay = true;
        using var stream = client.GetStream();
        var buffer = new byte[64 * 1024];
        var length = 0;
        while (await stream.ReadAsync(buffer.AsMemory(length)) is > 0 and var read)
        {
            length += read;
            if (buffer.AsSpan(0, length).EndsWith("</s:Envelope>"u8))
            {
                var answer = _answers.First(a => buffer.AsSpan(0, length).IndexOf(a.Mark) >= 0).Answer;
                length = 0;
                await stream.WriteAsync(answer);
            }
        }
    }
}
