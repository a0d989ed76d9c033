using System.Text.RegularExpressions;
using Farwire.Client.PowerShell.Fragments;
using Farwire.Client.PowerShell.Messages;
using Farwire.TestKit.Recorded;

namespace Farwire.Client.Tests.PowerShell;

/// <summary>The PowerShell messages inside the recorded envelopes.</summary>
internal static partial class RecordedMessages
{
    /// <summary>The recorded conversations with PowerShell, by name.</summary>
    public static IReadOnlyList<string> Conversations { get; } =
    [
        .. RecordedMessage.Files()
            .Where(f => f.StartsWith("pypsrp", StringComparison.Ordinal) && RecordedMessage.Read(f).Any(m => m.Xml.Contains("<creationXml", StringComparison.Ordinal)))
            .Select(f => Path.GetFileNameWithoutExtension(f)),
    ];

    /// <summary>Every message of the conversation <paramref name="name"/>, in order.</summary>
    public static IEnumerable<(RecordedMessage Envelope, RemotingMessage Message)> Of(string name)
    {
        var assemblers = new Dictionary<(string, bool), FragmentAssembler>();
        foreach (var envelope in Read(name))
        {
            // Each shell numbers its objects anew.
            if (envelope.Xml.Contains("transfer/Create<", StringComparison.Ordinal) || envelope.Xml.Contains("windows/shell/Connect<", StringComparison.Ordinal))
            {
                assemblers.Clear();
            }

            foreach (var (command, data) in Pieces(envelope.Xml))
            {
                // What does not fit into the arguments of a command follows as its input.
                var key = (envelope.IsRequest ? "" : command, envelope.IsRequest);
                var assembler = assemblers.TryGetValue(key, out var known) ? known : assemblers[key] = new FragmentAssembler();
                foreach (var message in assembler.Add(data))
                {
                    yield return (envelope, RemotingMessage.Read(message));
                }
            }
        }

        Assert.All(assemblers.Values, a => Assert.Equal(0, a.OpenCount));
    }

    /// <summary>
    /// The envelopes of a conversation, with the ids of their messages as PowerShell orders their bytes: some recordings have them from left to right, and
    /// Windows takes any.
    /// </summary>
    public static IReadOnlyList<RecordedMessage> Read(string name)
    {
        // Some conversations use a command shell beside.
        var recorded = RecordedMessage.Pairs($"pypsrp/responses/{name}.yml")
            .Where(p => !p.Request.Xml.Contains("windows/shell/cmd<", StringComparison.Ordinal))
            .SelectMany(p => new[] { p.Request, p.Response })
            .ToList();
        var create = recorded.First(m => Shell().IsMatch(m.Xml)).Xml;
        var shell = Guid.Parse(Shell().Match(create).Groups[1].Value);
        var first = Pieces(create).First().Data.AsSpan(Fragment.HeaderBytes + 8, 16);
        return new Guid(first) == shell ? recorded : recorded.ConvertAll(m => m with { Xml = InOrder(m.Xml) });
    }

    private static string InOrder(string xml) => Carrier().Replace(xml, m =>
    {
        var bytes = Convert.FromBase64String(m.Groups["data"].Value);
        ReadOnlyMemory<byte> rest = bytes;
        while (!rest.IsEmpty)
        {
            var at = bytes.Length - rest.Length + Fragment.HeaderBytes;
            if (Fragment.Read(ref rest).IsStart)
            {
                new Guid(bytes.AsSpan(at + 8, 16), bigEndian: true).TryWriteBytes(bytes.AsSpan(at + 8));
                new Guid(bytes.AsSpan(at + 24, 16), bigEndian: true).TryWriteBytes(bytes.AsSpan(at + 24));
            }
        }

        return m.Value.Replace(m.Groups["data"].Value, Convert.ToBase64String(bytes), StringComparison.Ordinal);
    });

    /// <summary>What an envelope carries: streams, arguments, the data of Create and Connect.</summary>
    public static IEnumerable<(string Command, byte[] Data)> Pieces(string xml) => Carrier().Matches(xml)
        .Select(m => (Id().Match(m.Value) is { Success: true } id ? id.Groups[1].Value : "", Convert.FromBase64String(m.Groups["data"].Value)));

    [GeneratedRegex(@"<(?:\w+:)?(?:Stream|Arguments|creationXml|connectXml|connectResponseXml)\b[^>]*>(?<data>[^<]+)<")]
    private static partial Regex Carrier();

    [GeneratedRegex("ShellId=\"([^\"]*)\"")]
    private static partial Regex Shell();

    [GeneratedRegex("CommandId=\"([^\"]*)\"")]
    private static partial Regex Id();
}
