using System.Text;
using System.Text.RegularExpressions;
using System.Xml.Linq;
using Farwire.Protocol.Envelope;
using Farwire.Protocol.Names;
using Farwire.Protocol.Shell;
using Farwire.Protocol.Xml;
using Farwire.Service.Dispatch;
using Farwire.TestKit;
using Farwire.TestKit.Recorded;

namespace Farwire.Shells.Tests;

/// <summary>
/// Conversations of pypsrp with Windows, held again with this service: the requests as they were recorded, with the ids that this service gave and the
/// commands that /bin/sh knows. The answers have the same action, status, fault code and elements.
/// </summary>
public sealed partial class ShellReplayTests
{
    private static readonly XNamespace Rsp = Namespaces.Shell;

    // What was run on Windows, and what does the same here.
    private static readonly Dictionary<string, string> Lines = new()
    {
        ["cmd.exe /c echo hi"] = "echo hi",
        ["cmd.exe /c set"] = "env",
        ["set"] = "env",
        ["dir"] = "ls /",
        ["echo abc"] = "echo abc",
        ["cmd.exe /c echo out && echo err>&2 && exit 1"] = "echo out && echo err>&2 && exit 1",
        ["powershell.exe (pwd).Path"] = "pwd",
        ["powershell.exe Write-Host \u3053\u3093\u306b\u3061\u306f"] = "printf \u3053\u3093\u306b\u3061\u306f",
        ["powershell.exe Write-Host hi; Start-Sleep 30; Write-Host hi again"] = "printf hi; until [ -e \"$FLAG\" ]; do sleep 0.02; done; printf 'hi again'",
        ["powershell.exe -"] = "cat",
        ["powershell.exe Write-Host hi"] = "printf hi",
        [@"C:\Windows\system32\WindowsPowerShell\v1.0\powershell.exe Write-Host hi"] = "/bin/echo hi",
    };

    [Theory]
    [InlineData("test_client_execute_cmd")]
    [InlineData("test_client_execute_cmd_environment")]
    [InlineData("test_winrs_bad_cmd_id")]
    [InlineData("test_winrs_environment")]
    [InlineData("test_winrs_extra_opts")]
    [InlineData("test_winrs_fail_poll_process")]
    [InlineData("test_winrs_no_cmd_shell")]
    [InlineData("test_winrs_noprofile")]
    [InlineData("test_winrs_open_already_opened")]
    [InlineData("test_winrs_operation_timeout")]
    [InlineData("test_winrs_send")]
    [InlineData("test_winrs_standard")]
    [InlineData("test_winrs_stderr_rc")]
    [InlineData("test_winrs_unicode")]
    [Trait("Feature", "QLT-03")]
    public async Task A_recorded_conversation_goes_the_same_way(string name)
    {
        var time = new ManualTime();
        await using var service = new RemoteService(serviceTime: time);
        var flag = Path.Combine(Path.GetTempPath(), "farwire-replay-" + Guid.NewGuid().ToString("N"));
        var ids = new Dictionary<string, string>();
        foreach (var (request, response) in RecordedMessage.Pairs($"pypsrp/responses/{name}.yml"))
        {
            var recorded = XElement.Parse(response.Xml);
            var text = ids.Aggregate(request.Xml, (xml, id) => xml.Replace(id.Key, id.Value, StringComparison.OrdinalIgnoreCase));
            var answer = await AnswerAsync(service, time, Local(XElement.Parse(text), flag), recorded, flag);

            Assert.Equal(Shape(recorded), Shape(answer));
            foreach (var (theirs, ours) in Ids(recorded).Zip(Ids(answer)))
            {
                ids[theirs] = ours;
            }
        }

        File.Delete(flag);
        Assert.Empty(await ListAsync(service));
    }

    // Sends until the answer is as final as the recorded one: chunks of output come as they come.
    private static async Task<XElement> AnswerAsync(RemoteService service, ManualTime time, XElement request, XElement recorded, string flag)
    {
        var bytes = Encoding.UTF8.GetBytes(request.ToString(SaveOptions.DisableFormatting));
        var wanted = recorded.Descendants(Rsp + "CommandState").FirstOrDefault()?.Attribute("State")?.Value;
        if (wanted == ShellNames.Done)
        {
            await File.WriteAllTextAsync(flag, "");
        }

        XElement? all = null;
        while (true)
        {
            var timers = time.WaitingTimers;
            var asked = service.Dispatcher.ProcessAsync(bytes, Caller.Named("ann"), CancellationToken.None).AsTask();
            while (CodeOf(recorded) == "2150858793" && !asked.IsCompleted)
            {
                // It waits for output that does not come: the time goes by.
                time.Advance(TimeSpan.FromSeconds(timers < time.WaitingTimers ? 20 : 0));
                await Task.Yield();
            }

            using var reply = await asked;
            var answer = XElement.Parse(Encoding.UTF8.GetString(reply.Utf8.Span));
            var body = answer.Descendants(Rsp + "ReceiveResponse").FirstOrDefault();
            if (all?.Descendants(Rsp + "ReceiveResponse").First() is { } before)
            {
                before.Elements(Rsp + "CommandState").Remove();
                before.Add(body!.Elements());
            }
            else
            {
                all = answer;
            }

            if (body is null || body.Element(Rsp + "CommandState")!.Attribute("State")!.Value == wanted)
            {
                return all;
            }
        }
    }

    private static XElement Local(XElement request, string flag)
    {
        if (request.Descendants(Rsp + "CommandLine").FirstOrDefault() is { } command)
        {
            var line = string.Join(' ', command.Elements().Select(e => e.Value));
            command.Elements(Rsp + "Arguments").Remove();
            var words = Lines[line].Replace("$FLAG", flag, StringComparison.Ordinal);
            // Without a shell in between the program and its arguments stay apart.
            command.Element(Rsp + "Command")!.Value = line.StartsWith("powershell.exe Write-Host hi", StringComparison.Ordinal) && Skips(request) ? "no-such-program" : words;
        }

        if (request.Descendants(Rsp + "WorkingDirectory").FirstOrDefault() is { } folder)
        {
            folder.Value = "/tmp";
        }

        return request;
    }

    private static bool Skips(XElement request) =>
        request.Descendants().Any(e => (string?)e.Attribute("Name") == ShellNames.SkipCmdShell && e.Value.Equals("true", StringComparison.OrdinalIgnoreCase));

    // The action, the code of a fault, and the elements of the body: runs of output pieces are one, however long.
    private static List<string> Shape(XElement envelope)
    {
        var shape = new List<string> { envelope.Descendants(XName.Get("Action", Namespaces.Addressing)).First().Value, CodeOf(envelope) };
        foreach (var element in envelope.Element(XName.Get("Body", Namespaces.Soap))!.Descendants())
        {
            var name = element.Name.LocalName;
            switch (name)
            {
                case "Stream" when element.Attribute("End") is null && element.Value.Length == 0:
                case "Environment" or "Variable" or "Text" or "FaultDetail" or "ProviderFault" or "Message" or "WSManFault":
                    continue;
                case "Stream":
                    name += $" {element.Attribute("Name")!.Value}{(element.Attribute("End") is null ? "" : " End")}";
                    break;
                case "CommandState":
                    name += " " + element.Attribute("State")!.Value;
                    break;
                case "Selector":
                    name += " " + element.Attribute("Name")!.Value;
                    break;
                case "Value":
                    name += " " + element.Value;
                    break;
            }

            if (!name.StartsWith("Stream", StringComparison.Ordinal) || !shape.Contains(name))
            {
                shape.Add(name);
            }
        }

        return shape;
    }

    private static string CodeOf(XElement envelope) =>
        envelope.Descendants(XName.Get("WSManFault", Namespaces.Fault)).FirstOrDefault()?.Attribute("Code")?.Value ?? "";

    private static IEnumerable<string> Ids(XElement envelope) => envelope.Descendants()
        .Where(e => (e.Name.LocalName == "Selector" && (string?)e.Attribute("Name") == "ShellId") || e.Name.LocalName is "CommandId")
        .Select(e => e.Value);

    private static async Task<string> ListAsync(RemoteService service)
    {
        await using var channel = service.As("ann");
        using var reply = await channel.AskAsync(Exchange.Headers(Actions.Enumerate, ResourceUris.Shell), new Protocol.Enumeration.Enumerate { Optimize = true });
        return ShellElement().Match(reply.Body.ReadOuterXml()).Value;
    }

    [GeneratedRegex("<rsp:Shell[ >]")]
    private static partial Regex ShellElement();
}
