using System.Text;
using System.Text.Json;
using System.Xml.Linq;
using Farwire.Protocol.Faults;
using Farwire.Protocol.Names;
using Farwire.Protocol.Shell;
using Farwire.Service.Dispatch;
using Farwire.TestKit;
using Farwire.TestKit.Recorded;

namespace Farwire.Shells.Tests.PowerShell;

/// <summary>
/// Conversations of pypsrp with Windows, held again with this service: the requests as they were recorded. In the place of PowerShell is a double that
/// expects the fragments which Windows was sent, and sends those that Windows sent.
/// </summary>
public sealed class PowerShellReplayTests
{
    private const string Endpoint = Namespaces.PowerShell + "/Microsoft.PowerShell";
    private static readonly XNamespace Rsp = Namespaces.Shell;

    [Theory]
    [InlineData("test_psrp_application_args")]
    [InlineData("test_psrp_clear_commands")]
    [InlineData("test_psrp_error_failed")]
    [InlineData("test_psrp_get_command_metadata")]
    [InlineData("test_psrp_merge_commands")]
    [InlineData("test_psrp_multiple_commands")]
    [InlineData("test_psrp_multiple_invocations")]
    [InlineData("test_psrp_nested_command")]
    [InlineData("test_psrp_no_profile")]
    [InlineData("test_psrp_open_runspace")]
    [InlineData("test_psrp_pshost_methods")]
    [InlineData("test_psrp_reset_runspace_state")]
    [InlineData("test_psrp_run_protocol_version_2.2")]
    [InlineData("test_psrp_run_protocol_version_2.3")]
    [InlineData("test_psrp_set_runspaces")]
    [InlineData("test_psrp_stream_no_output_invocation")]
    [InlineData("test_psrp_stream_output_invocation")]
    [InlineData("test_psrp_with_history")]
    [InlineData("test_psrp_with_input")]
    [InlineData("test_psrp_with_no_history")]
    [Trait("Feature", "SHL-18")]
    public async Task A_recorded_conversation_goes_the_same_way(string name)
    {
        Assert.SkipUnless(File.Exists("/usr/bin/python3"), "python3 is not installed");
        var pairs = RecordedMessage.Pairs($"pypsrp/responses/{name}.yml").Select(pair => (Request: XElement.Parse(pair.Request.Xml), Answer: XElement.Parse(pair.Response.Xml))).ToList();
        var folder = Directory.CreateTempSubdirectory("farwire-pwsh-").FullName;
        try
        {
            await using var service = new RemoteService(new ShellOptions { PowerShell = await DoubleAsync(folder, pairs) });
            var outputs = new Dictionary<string, (MemoryStream Theirs, MemoryStream Ours)>();
            foreach (var (request, recorded) in pairs)
            {
                if (request.Descendants(Rsp + "DesiredStream").FirstOrDefault() is { } wanted)
                {
                    await ReceiveAsync(service, request, recorded, outputs, wanted.Attribute("CommandId")?.Value ?? "");
                    continue;
                }

                var answer = await AskAsync(service, request);
                Assert.Equal(ActionOf(recorded), ActionOf(answer));
                Assert.Equal(Names(recorded), Names(answer));
            }

            Assert.Equal(0, service.Shells.OpenShells);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    [Fact]
    public async Task Without_PowerShell_the_fault_says_what_to_do()
    {
        await using var service = new RemoteService(new ShellOptions { PowerShell = "no-such-pwsh" });
        var create = Pairs("test_psrp_open_runspace")[0].Request;

        var answer = await AskAsync(service, create);

        Assert.Contains("Install PowerShell 7", answer.Value, StringComparison.Ordinal);
        Assert.Contains($"Code=\"{FaultCatalog.FileNotFound.Code}\"", answer.ToString(), StringComparison.Ordinal);
        Assert.Equal(0, service.Shells.OpenShells);
    }

    [Fact]
    public async Task A_PowerShell_that_ends_at_once_faults_with_what_it_said()
    {
        var folder = Directory.CreateTempSubdirectory("farwire-pwsh-").FullName;
        var program = await ProgramAsync(folder, "echo 'no licence' >&2; exit 3");
        await using var service = new RemoteService(new ShellOptions { PowerShell = program });

        var answer = await AskAsync(service, Pairs("test_psrp_open_runspace")[0].Request);
        Directory.Delete(folder, recursive: true);

        Assert.Contains("code 3: no licence", answer.Value, StringComparison.Ordinal);
        Assert.Equal(0, service.Shells.OpenShells);
    }

    [Fact]
    public async Task A_version_that_is_none_and_a_configuration_that_is_not_there_fault()
    {
        await using var service = new RemoteService();
        var create = Pairs("test_psrp_open_runspace")[0].Request;
        var old = new XElement(create);
        old.Descendants().Single(e => e.Name.LocalName == "Option").Value = "1.0";
        var unknown = XElement.Parse(create.ToString().Replace("Microsoft.PowerShell<", "Other<", StringComparison.Ordinal));

        Assert.Contains($"Code=\"{FaultCatalog.InvalidParameter.Code}\"", (await AskAsync(service, old)).ToString(), StringComparison.Ordinal);
        Assert.Contains($"Code=\"{FaultCatalog.ResourceNotFound.Code}\"", (await AskAsync(service, unknown)).ToString(), StringComparison.Ordinal);
    }

    private static List<(XElement Request, XElement Answer)> Pairs(string name) =>
        [.. RecordedMessage.Pairs($"pypsrp/responses/{name}.yml").Select(pair => (XElement.Parse(pair.Request.Xml), XElement.Parse(pair.Response.Xml)))];

    // Asks until there is as much as Windows had told by then: how much comes at once is nobody's promise.
    private static async Task ReceiveAsync(
        RemoteService service, XElement request, XElement recorded, Dictionary<string, (MemoryStream Theirs, MemoryStream Ours)> outputs, string command)
    {
        if (!outputs.TryGetValue(command, out var output))
        {
            outputs[command] = output = (new MemoryStream(), new MemoryStream());
        }

        Append(output.Theirs, recorded);
        var wanted = recorded.Descendants(Rsp + "CommandState").FirstOrDefault()?.Attribute("State")!.Value;
        for (var state = wanted == ShellNames.Done ? null : wanted; output.Ours.Length < output.Theirs.Length || state != wanted;)
        {
            var answer = await AskAsync(service, request);
            Assert.Equal(ActionOf(recorded), ActionOf(answer));
            Append(output.Ours, answer);
            state = answer.Descendants(Rsp + "CommandState").FirstOrDefault()?.Attribute("State")!.Value;
        }

        Assert.True(output.Ours.ToArray().AsSpan().StartsWith(output.Theirs.ToArray()));
    }

    private static void Append(MemoryStream to, XElement envelope)
    {
        foreach (var piece in envelope.Descendants(Rsp + "Stream"))
        {
            to.Write(Convert.FromBase64String(piece.Value));
        }
    }

    private static async Task<XElement> AskAsync(RemoteService service, XElement request)
    {
        using var reply = await service.Dispatcher.ProcessAsync(
            Encoding.UTF8.GetBytes(request.ToString(SaveOptions.DisableFormatting)), Caller.Named("ann"), TestContext.Current.CancellationToken);
        return XElement.Parse(Encoding.UTF8.GetString(reply.Utf8.Span));
    }

    private static Task<string> DoubleAsync(string folder, List<(XElement Request, XElement Answer)> pairs)
    {
        var transcript = Path.Combine(folder, "transcript.json");
        File.WriteAllText(transcript, JsonSerializer.Serialize(pairs.SelectMany(Steps)));
        return ProgramAsync(folder, $"exec /usr/bin/python3 '{Path.Combine(AppContext.BaseDirectory, "PowerShell", "pwsh_double.py")}' '{transcript}' \"$@\"");
    }

    private static async Task<string> ProgramAsync(string folder, string script)
    {
        var program = Path.Combine(folder, "pwsh");
        if (OperatingSystem.IsWindows())
        {
            throw new PlatformNotSupportedException();
        }

        await File.WriteAllTextAsync(program, $"#!/bin/sh\n{script}\n");
        File.SetUnixFileMode(program, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        return program;
    }

    // What PowerShell hears and says, as its own transport has it.
    private static IEnumerable<string[]> Steps((XElement Request, XElement Answer) pair)
    {
        var body = pair.Request.Descendants().First(e => e.Name.LocalName == "Body").Elements().FirstOrDefault();
        switch (body?.Name.LocalName)
        {
            case "Shell":
                yield return ["in", Data("", "Default", body.Elements().Single(e => e.Name.LocalName == "creationXml").Value)];
                break;
            case "CommandLine":
                yield return ["in", $"<Command PSGuid='{Target(body.Attribute("CommandId")!.Value)}' />"];
                yield return ["in", Data(body.Attribute("CommandId")!.Value, "Default", body.Element(Rsp + "Arguments")!.Value)];
                break;
            case "Send":
                foreach (var piece in body.Elements(Rsp + "Stream"))
                {
                    yield return ["in", Data(piece.Attribute("CommandId")?.Value ?? "", piece.Attribute("Name")!.Value == "pr" ? "PromptResponse" : "Default", piece.Value)];
                }

                break;
            case "Signal":
                var what = body.Element(Rsp + "Code")!.Value.EndsWith("terminate", StringComparison.OrdinalIgnoreCase) ? "Close" : "Signal";
                yield return ["in", $"<{what} PSGuid='{Target(body.Attribute("CommandId")!.Value)}' />"];
                break;
        }

        foreach (var piece in pair.Answer.Descendants(Rsp + "Stream").Where(piece => piece.Value.Length > 0))
        {
            yield return ["out", Data(piece.Attribute("CommandId")?.Value ?? "", "Default", piece.Value)];
        }
    }

    private static string Data(string command, string stream, string base64) =>
        $"<Data Stream='{stream}' PSGuid='{Target(command)}'>{Convert.ToBase64String(Convert.FromBase64String(base64))}</Data>";

    private static string Target(string command) => command.Length == 0 ? Guid.Empty.ToString("D") : Guid.Parse(command).ToString("D");

    private static string ActionOf(XElement envelope) => envelope.Descendants(XName.Get("Action", Namespaces.Addressing)).First().Value;

    private static List<string> Names(XElement envelope) =>
        [.. envelope.Element(XName.Get("Body", Namespaces.Soap))!.Descendants().Select(e => e.Name.LocalName)];
}
