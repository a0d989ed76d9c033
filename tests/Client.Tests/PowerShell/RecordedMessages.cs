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
        [.. RecordedMessage.Files().Select(f => Path.GetFileName(f)).Where(f => f.StartsWith("test_psrp_", StringComparison.Ordinal)).Select(f => Path.GetFileNameWithoutExtension(f))];

    /// <summary>Every message of the conversation <paramref name="name"/>, in order.</summary>
    public static IEnumerable<(RecordedMessage Envelope, RemotingMessage Message)> Of(string name)
    {
        var assemblers = new Dictionary<(string, bool), FragmentAssembler>();
        foreach (var envelope in RecordedMessage.Read($"pypsrp/responses/{name}.yml"))
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

    /// <summary>What an envelope carries: streams, arguments, the data of Create and Connect.</summary>
    public static IEnumerable<(string Command, byte[] Data)> Pieces(string xml) => Carrier().Matches(xml)
        .Select(m => (Id().Match(m.Value) is { Success: true } id ? id.Groups[1].Value : "", Convert.FromBase64String(m.Groups["data"].Value)));

    [GeneratedRegex(@"<(?:\w+:)?(?:Stream|Arguments|creationXml|connectXml|connectResponseXml)\b[^>]*>(?<data>[^<]+)<")]
    private static partial Regex Carrier();

    [GeneratedRegex("CommandId=\"([^\"]*)\"")]
    private static partial Regex Id();
}
