using System.Text.RegularExpressions;
using YamlDotNet.RepresentationModel;

namespace Farwire.TestKit.Recorded;

/// <summary>One envelope of a recorded conversation.</summary>
/// <param name="Source">The file below <c>Fixtures/recorded</c>, and the number of the message in it where there are several.</param>
/// <param name="Xml">The envelope as it was recorded.</param>
/// <param name="IsRequest">It went from client to service.</param>
public sealed partial record RecordedMessage(string Source, string Xml, bool IsRequest)
{
    /// <summary>The folder with the recordings, copied beside the tests.</summary>
    public static string Folder { get; } = Path.Combine(AppContext.BaseDirectory, "Fixtures", "recorded");

    /// <summary>Every envelope, in the order of the files.</summary>
    public static IReadOnlyList<RecordedMessage> All { get; } = [.. Files().SelectMany(Read)];

    /// <summary>Every file of the recordings.</summary>
    public static IEnumerable<string> Files() => Directory.EnumerateFiles(Folder, "*", SearchOption.AllDirectories)
        .Select(f => Path.GetRelativePath(Folder, f))
        .Where(f => !Path.GetFileName(f).StartsWith("README", StringComparison.Ordinal) && !f.EndsWith(".tsv", StringComparison.Ordinal))
        .Order(StringComparer.Ordinal);

    /// <summary>The envelopes of one file; none when the file holds only fragments.</summary>
    public static IEnumerable<RecordedMessage> Read(string file)
    {
        var text = File.ReadAllText(Path.Combine(Folder, file));
        if (file.EndsWith(".yml", StringComparison.Ordinal))
        {
            return Conversation(file, text);
        }

        var envelopes = Envelope().Matches(text);
        return envelopes.Select((m, i) => new RecordedMessage(envelopes.Count > 1 ? $"{file}#{i}" : file, m.Value, IsRequestText(m.Value)));
    }

    /// <summary>The pairs of one conversation; an answer that was lost in the recording is empty.</summary>
    public static IEnumerable<(RecordedMessage Request, RecordedMessage Response)> Pairs(string file)
    {
        var messages = Read(file).ToList();
        for (var i = 0; i + 1 < messages.Count; i += 2)
        {
            yield return (messages[i], messages[i + 1]);
        }
    }

    public override string ToString() => $"{Source} {(IsRequest ? "request" : "response")}";

    private static IEnumerable<RecordedMessage> Conversation(string file, string text)
    {
        var yaml = new YamlStream();
        yaml.Load(new StringReader(text));
        var number = 0;
        foreach (var message in (YamlSequenceNode)yaml.Documents[0].RootNode["messages"])
        {
            foreach (var part in new[] { "request", "response" })
            {
                var xml = ((YamlScalarNode)message[part]).Value ?? "";
                yield return new RecordedMessage($"{file}#{number}", xml, part == "request");
            }

            number++;
        }
    }

    // An answer relates to something, or answers Identify.
    private static bool IsRequestText(string xml) => !AnswerMark().IsMatch(xml);

    [GeneratedRegex(@"<(?<p>[\w-]+):Envelope[\s>].*?</\k<p>:Envelope\s*>", RegexOptions.Singleline)]
    private static partial Regex Envelope();

    [GeneratedRegex(@":RelatesTo[\s>]|:IdentifyResponse[\s>]")]
    private static partial Regex AnswerMark();
}
