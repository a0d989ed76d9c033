using System.Text.Json;
using System.Text.RegularExpressions;
using System.Xml.Linq;

namespace Farwire.Peers.Tests.Tools;

/// <summary>
/// What the tools make of answers that real Windows machines gave: conversations that jborean93/pypsrp recorded (MIT), replayed by their actions.
/// </summary>
public sealed partial class RecordedWindowsTests
{
    [Fact]
    public async Task The_configuration_of_a_Windows_machine_as_text()
    {
        var outcome = await ReplayAsync("test_wsman_update_envelope_size_500", "winrm", "get", "winrm/config");

        Assert.True(outcome.ExitCode == 0, outcome.Errors);
        Assert.Equal(
            """
            Config
                MaxEnvelopeSizekb = 500
                MaxTimeoutms = 60000
                MaxBatchItems = 32000
                MaxProviderRequests = 4294967295
                Client
                    NetworkDelayms = 5000
                    URLPrefix = wsman
                    AllowUnencrypted = false
                    Auth
                        Basic = true
                        Digest = true
                        Kerberos = true
                        Negotiate = true
                        Certificate = true
                        CredSSP = false
                    DefaultPorts
                        HTTP = 5985
                        HTTPS = 5986
                    TrustedHosts
                Service
            """,
            outcome.Output[..(outcome.Output.IndexOf("    Service\n", StringComparison.Ordinal) + "    Service".Length)]);
        Assert.Contains("        CertificateThumbprint\n        AllowRemoteAccess = true\n    Winrs\n        AllowRemoteShellAccess = true\n        IdleTimeout = 7200000\n", outcome.Output, StringComparison.Ordinal);
        Assert.EndsWith("        MaxShellsPerUser = 2147483647\n\n", outcome.Output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("test_winrs_standard", 0)]
    [InlineData("test_winrs_stderr_rc", 1)]
    [InlineData("test_winrs_unicode", 0)]
    public async Task A_command_on_Windows_gives_the_bytes_and_the_code_that_it_gave(string conversation, int code)
    {
        var outcome = await ReplayAsync(conversation, "winrs", "-nop", "recorded");
        var modern = await ReplayAsync(conversation, "run", "-o", "json", "recorded");

        Assert.Equal((code, Stream(conversation, "stdout"), Stream(conversation, "stderr")), (outcome.ExitCode, outcome.Output, outcome.Errors));
        var told = modern.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => JsonDocument.Parse(line).RootElement).ToList();
        Assert.Equal(code, told[^1].GetProperty("exitCode").GetInt32());
        Assert.Equal(Stream(conversation, "stdout"), string.Concat(told.SkipLast(1).Where(piece => piece.GetProperty("stream").GetString() == "stdout").Select(piece => piece.GetProperty("text").GetString())));
    }

    private static async Task<Outcome> ReplayAsync(string conversation, params string[] words)
    {
        var answers = Bodies(conversation).GroupBy(answer => answer.Action).ToDictionary(group => group.Key, group => new Queue<string>(group.Select(answer => answer.Content)));
        using var peer = new RecordingPeer(request =>
        {
            var queue = answers[request.Header("Action")];
            return queue.Count > 1 ? queue.Dequeue() : queue.Peek();
        });
        string[] where = words[0] == "run"
            ? ["-H", $"http://127.0.0.1:{peer.Port}", "-u", "ann", "--auth", "basic", "--unencrypted"]
            : [$"-r:http://127.0.0.1:{peer.Port}", "-u:ann", "-a:basic", "-unencrypted"];
        return await Commands.RunAsync("env", ["FARWIRE_PASSWORD=x", RunningService.Program("farwire"), .. words[0] == "winrm" ? (string[])[.. words, .. where] : [words[0], .. where, .. words[1..]]]);
    }

    // What Windows wrote, from the recording itself.
    private static string Stream(string conversation, string name) => System.Text.Encoding.UTF8.GetString(
    [
        .. Bodies(conversation).Where(answer => answer.Action.EndsWith("/Receive", StringComparison.Ordinal))
            .SelectMany(answer => XElement.Parse($"<x>{answer.Content}</x>").Descendants().Where(e => e.Name.LocalName == "Stream" && e.Attribute("Name")?.Value == name))
            .SelectMany(e => Convert.FromBase64String(e.Value)),
    ]);

    private static List<(string Action, string Content)> Bodies(string conversation)
    {
        var file = Path.Combine(RunningService.Root, "tests", "Protocol.Tests", "Fixtures", "recorded", "pypsrp", "responses", conversation + ".yml");
        return [.. Messages().Matches(File.ReadAllText(file)).Select(pair => (
            XElement.Parse(pair.Groups[1].Value).Descendants().First(e => e.Name.LocalName == "Action").Value,
            string.Concat(XElement.Parse(pair.Groups[2].Value).Elements().Single(e => e.Name.LocalName == "Body").Elements().Select(e => e.ToString(SaveOptions.DisableFormatting)))))];
    }

    [GeneratedRegex("request: (<.*?</s:Envelope>)\\s+response: (<.*?</s:Envelope>)", RegexOptions.Singleline)]
    private static partial Regex Messages();
}
