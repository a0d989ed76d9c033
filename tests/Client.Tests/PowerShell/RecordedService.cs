using System.Runtime.CompilerServices;
using System.Text;
using System.Text.RegularExpressions;
using System.Xml.Linq;
using Farwire.Client.Connection;
using Farwire.Client.PowerShell.Fragments;
using Farwire.Client.PowerShell.Messages;
using Farwire.Protocol.Envelope;
using Farwire.Protocol.Xml;
using Farwire.TestKit.Recorded;

namespace Farwire.Client.Tests.PowerShell;

/// <summary>Windows as it was recorded: compares each request with the recorded one, and gives the recorded answer.</summary>
/// <remarks>
/// A shell's requests of one kind, and of one command, come in the recorded order. Sends are compared as a stream, because each client cuts it in its
/// own pieces. What differs by nature is left out: ids of messages, times, sizes, languages.
/// </remarks>
internal sealed partial class RecordedService : IMessageChannel
{
    private readonly Dictionary<string, Queue<(RecordedMessage Request, RecordedMessage Response)>> _pairs = [];
    private readonly Dictionary<string, List<string>> _expectedInput = [];
    private readonly Dictionary<string, List<string>> _input = [];
    private readonly Dictionary<string, FragmentAssembler> _assemblers = [];
    private readonly Dictionary<string, int> _generations = [];
    private readonly Lock _lock = new();

    public RecordedService(string conversation)
    {
        var generations = new Dictionary<string, int>();
        foreach (var pair in RecordedMessages.Read(conversation).Chunk(2).Select(p => (Request: p[0], Response: p[1])))
        {
            var key = Key(pair.Request.Xml, generations);
            if (!_pairs.TryGetValue(key, out var queue))
            {
                _pairs.Add(key, queue = new());
            }

            queue.Enqueue(pair);
            if (key.StartsWith("Send ", StringComparison.Ordinal))
            {
                Take(_expectedInput, pair.Request.Xml, "recorded ");
            }
        }

        Client = new WSManClient(this, new WSManConnectionOptions { Address = new Uri("https://127.0.0.1:55986/wsman") });
    }

    public WSManClient Client { get; }

    /// <summary>The kinds of requests that came.</summary>
    public HashSet<string> Heard { get; } = [];

    /// <summary>How many requests were as recorded.</summary>
    public int Compared { get; private set; }

    public async IAsyncEnumerable<ReceivedReply> SendAsync(Request request, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        using var written = new XmlUtf8Writer();
        EnvelopeWriter.Write(written, request);
        var xml = Encoding.UTF8.GetString(written.Written.Span);
        var answer = Answer(xml);
        if (answer is null)
        {
            await Task.Delay(Timeout.Infinite, cancellationToken); // nothing more was said
        }

        yield return EnvelopeReader.ReadReply(Encoding.UTF8.GetBytes(answer!));
    }

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    /// <summary>All that was sent to pipelines and to the pool is what was recorded.</summary>
    public void AssertInputIsRecorded()
    {
        Assert.Equal(_expectedInput.Keys.Order(StringComparer.Ordinal), _input.Keys.Order(StringComparer.Ordinal));
        Assert.All(_expectedInput, e => Assert.Equal(e.Value, _input[e.Key]));
    }

    /// <summary>Every recorded request of these kinds was made.</summary>
    public void AssertAllAsked(params string[] actions) =>
        Assert.DoesNotContain(_pairs, p => actions.Contains(p.Key.Split(' ')[0]) && p.Value.Count > 0);

    private string? Answer(string xml)
    {
        lock (_lock)
        {
            var key = Key(xml, _generations);
            Heard.Add(key[..key.IndexOf(' ', StringComparison.Ordinal)]);
            if (key.StartsWith("Send ", StringComparison.Ordinal))
            {
                Take(_input, xml, "");
                return Empty("Send");
            }

            if (_pairs.GetValueOrDefault(key) is { Count: > 0 } queue)
            {
                var (request, response) = queue.Dequeue();
                Assert.Equal(Comparable(request.Xml), Comparable(xml));
                Compared++;
                return response.Xml;
            }

            // Recorded clients let the service forget their pipelines with their shell.
            return key.StartsWith("Receive ", StringComparison.Ordinal) ? null : Empty(key[..key.IndexOf(' ', StringComparison.Ordinal)]);
        }
    }

    private void Take(Dictionary<string, List<string>> streams, string xml, string side)
    {
        var stream = XDocument.Parse(xml).Descendants().Single(e => e.Name.LocalName == "Stream");
        var key = $"{Shell().Match(xml).Groups[1].Value} {(string?)stream.Attribute("CommandId")} {(string?)stream.Attribute("Name")}";
        var assembler = _assemblers.TryGetValue(side + key, out var known) ? known : _assemblers[side + key] = new FragmentAssembler();
        if (!streams.TryGetValue(key, out var messages))
        {
            streams.Add(key, messages = []);
        }

        messages.AddRange(assembler.Add(Convert.FromBase64String(stream.Value)).Select(Told));
    }

    private static string Told(ReadOnlyMemory<byte> bytes)
    {
        var message = RemotingMessage.Read(bytes);
        var xml = message.Data.IsEmpty ? "" : ClixmlTests.Normal(Encoding.UTF8.GetString(message.Data.Span));
        return $"{message.Destination} {message.Type} {message.RunspacePoolId} {message.PipelineId} {xml}";
    }

    // A client that takes a shell over asks anew: what is said then is not for the one that left.
    private static string Key(string xml, Dictionary<string, int> generations)
    {
        var (action, shell, command) = (Action().Match(xml).Groups[1].Value, Shell().Match(xml).Groups[1].Value, Command().Match(xml).Groups[1].Value);
        var generation = generations.GetValueOrDefault(shell);
        if (action == "Connect" && command.Length == 0)
        {
            generations[shell] = generation + 1;
        }

        return $"{action} {shell} {command} {generation}";
    }

    private static List<string> Comparable(string xml)
    {
        var assembler = new FragmentAssembler();
        var told = Carrier().Replace(xml, m => m.Groups[1].Value + System.Security.SecurityElement.Escape(
            string.Join('\n', assembler.Add(Convert.FromBase64String(m.Groups[2].Value)).Select(Told))) + "<");
        return
        [
            .. CanonicalXml.Lines(told)
                .Where(l => l.StartsWith("Body", StringComparison.Ordinal) || Header().IsMatch(l))
                .Select(l => Word().Replace(l, m => m.Value.ToUpperInvariant())),
        ];
    }

    private static string Empty(string action) =>
        $"<s:Envelope xmlns:s=\"http://www.w3.org/2003/05/soap-envelope\" xmlns:rsp=\"http://schemas.microsoft.com/wbem/wsman/1/windows/shell\"><s:Header/><s:Body><rsp:{action}Response/></s:Body></s:Envelope>";

    [GeneratedRegex(@":Action[^>]*>[^<]*/(\w+)<")]
    private static partial Regex Action();

    [GeneratedRegex("ShellId(?:=\"|\">)([0-9A-F-]{36})")]
    private static partial Regex Shell();

    [GeneratedRegex("CommandId=\"([^\"]+)\"")]
    private static partial Regex Command();

    [GeneratedRegex("(<(?:Arguments|rsp:Arguments|creationXml|connectXml)[^>]*>)([^<]+)<")]
    private static partial Regex Carrier();

    [GeneratedRegex("^Header/[^ ]*(Action|ResourceURI|Option|Selector)[ ]")]
    private static partial Regex Header();

    // TRUE is True.
    [GeneratedRegex(" = (true|false)$", RegexOptions.IgnoreCase)]
    private static partial Regex Word();
}
