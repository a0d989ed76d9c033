using System.Buffers;
using System.Globalization;
using System.Text;
using Farwire.Events.Compression;
using Farwire.Protocol.Addressing;
using Farwire.Protocol.Envelope;
using Farwire.Protocol.Eventing;
using Farwire.Protocol.Names;
using Farwire.Protocol.Xml;

namespace Farwire.CommandLine.Events.Simulate;

/// <summary>What simulated sources do.</summary>
/// <param name="Address">The collector's service.</param>
/// <param name="Subscription">The subscription that they send for.</param>
internal sealed record SimulationPlan(Uri Address, string Subscription)
{
    /// <summary>How many.</summary>
    public int Sources { get; init; } = 100;

    /// <summary>Batches that each sends.</summary>
    public int Batches { get; init; } = 10;

    /// <summary>Events of a batch.</summary>
    public int BatchEvents { get; init; } = 50;

    /// <summary>Characters of an event, about.</summary>
    public int EventCharacters { get; init; } = 1000;

    /// <summary>Between two batches of a source; zero sends as soon as the one before was acknowledged.</summary>
    public TimeSpan Interval { get; init; }

    /// <summary>Bodies are packed.</summary>
    public bool IsPacked { get; init; } = true;

    /// <summary>The user, in which <c>{n}</c> stands for the source's number.</summary>
    public string User { get; init; } = "";

    /// <summary>The password of all of them.</summary>
    public string Password { get; init; } = "";

    /// <summary>SHA-256 of the service's certificate; null trusts whom the system trusts.</summary>
    public string? Pin { get; init; }

    public string UserOf(int number) => User.Replace("{n}", number.ToString(CultureInfo.InvariantCulture), StringComparison.Ordinal);

    /// <summary>The head of a POST to a path below the service's, without the length.</summary>
    public string HeadFor(string path, int number, bool isPacked) =>
        $"POST {path} HTTP/1.1\r\nHost: {Address.Authority}\r\nUser-Agent: farwire simulate\r\nContent-Type: application/soap+xml;charset=UTF-16\r\n"
        + $"Authorization: Basic {Convert.ToBase64String(Encoding.UTF8.GetBytes($"{UserOf(number)}:{Password}"))}\r\n{(isPacked ? $"Content-Encoding: {Sldc.Name}\r\n" : "")}";

    /// <summary>The bodies of all batches: made once, before the clock starts. All sources send the same, each with record numbers from 1.</summary>
    public byte[][] Bodies(string notifyTo, string identifier)
    {
        var bodies = new byte[Batches][];
        for (var batch = 0; batch < Batches; batch++)
        {
            var first = (batch * BatchEvents) + 1;
            bodies[batch] = Body(notifyTo, identifier, Actions.Events, new EventBatch { Events = [.. Enumerable.Range(first, BatchEvents).Select(Event)] }, first + BatchEvents - 1);
        }

        return bodies;
    }

    /// <summary>A heartbeat's body.</summary>
    public byte[] Heartbeat(string notifyTo, string identifier) => Body(notifyTo, identifier, Actions.Heartbeat, EventBatch.Empty, null);

    public static byte[] Utf16(Request request)
    {
        using var xml = new XmlUtf8Writer();
        EnvelopeWriter.Write(xml, request);
        return [0xFF, 0xFE, .. Encoding.Unicode.GetBytes(Encoding.UTF8.GetString(xml.Written.Span))];
    }

    private byte[] Body(string notifyTo, string identifier, string action, EventBatch batch, int? bookmark)
    {
        var utf16 = Utf16(new Request(
            new MessageHeaders
            {
                To = notifyTo,
                Action = action,
                MessageId = Uuid.Format(Guid.NewGuid()),
                Identifier = identifier,
                Bookmark = bookmark is null ? null : $"<BookmarkList><Bookmark Channel=\"Simulated\" RecordId=\"{bookmark}\" IsCurrent=\"true\"/></BookmarkList>",
                AckRequested = true,
                OperationTimeout = TimeSpan.FromSeconds(60),
            },
            batch));
        if (!IsPacked)
        {
            return utf16;
        }

        var packed = new ArrayBufferWriter<byte>(utf16.Length / 2);
        SldcEncoder.Encode(utf16, packed);
        return packed.WrittenSpan.ToArray();
    }

    private string Event(int record)
    {
        var text = string.Create(
            CultureInfo.InvariantCulture,
            $"<Event xmlns='http://schemas.microsoft.com/win/2004/08/events/event'><System><Provider Name='Farwire-Simulator'/><EventID>{4624 + (record % 8)}</EventID><Version>2</Version><Level>{record % 5}</Level><Task>12544</Task><Opcode>0</Opcode><Keywords>0x8020000000000000</Keywords><TimeCreated SystemTime='{DateTime.UtcNow:yyyy-MM-ddTHH:mm:ss.fffffff}Z'/><EventRecordID>{record}</EventRecordID><Correlation/><Execution ProcessID='{record % 5000}' ThreadID='{record % 700}'/><Channel>Simulated</Channel><Computer>simulated.example</Computer><Security/></System><EventData>");
        var data = new StringBuilder(text);
        for (var i = 0; data.Length < EventCharacters - 12; i++)
        {
            data.Append(CultureInfo.InvariantCulture, $"<Data Name='Value{i}'>{(record * 2654435761L) + i:x} of {record}</Data>");
        }

        return data.Append("</EventData></Event>").ToString();
    }
}
