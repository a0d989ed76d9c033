using System.Xml.Linq;

namespace Farwire.Peers.Tests.Cim;

/// <summary>The methods of root/linux, called with the built winrm.</summary>
public sealed class LinuxMethodTests(RunningService service)
{
    private const string Linux = "http://schemas.microsoft.com/wbem/wsman/1/wmi/root/linux/";

    [Fact]
    public async Task What_came_to_a_log_since_the_last_call_is_told_once_over_a_rotation_too()
    {
        var folder = Directory.CreateTempSubdirectory("farwire-log-").FullName;
        var log = folder + "/app.log";
        await File.WriteAllTextAsync(log, "error of yesterday\n");

        var first = await MatchAsync(log, "a");
        await File.AppendAllTextAsync(log, "error one\nfine\nwarning: 100 <%>\nerr");
        var second = await MatchAsync(log, "a");
        await File.AppendAllTextAsync(log, "or two\n");
        var third = await MatchAsync(log, "a");
        var nothing = await MatchAsync(log, "a");
        var other = await MatchAsync(log, "b");
        File.Move(log, log + ".1");
        await File.WriteAllTextAsync(log, "error three\n");
        var rotated = await MatchAsync(log, "a");
        Directory.Delete(folder, recursive: true);

        Assert.Equal("0", first);
        Assert.Equal("0 0;error one 1;warning: 100 <%>", second);
        Assert.Equal(("0 0;error two", "0", "0", "0 0;error three"), (third, nothing, other, rotated));
        Assert.Equal(("9", "21", "21"), (await MatchAsync(log, "a"), await MatchAsync("app.log", "a"), await MatchAsync(log, "a", "(")));
    }

    [Fact]
    public async Task Commands_run_where_they_are_allowed_and_nowhere_else()
    {
        const string Script = "<p:Command>echo \"$0 out\"; echo err &gt;&amp;2; id -u; exit 3</p:Command>";
        await using var allowing = new RunningService { Settings = new Dictionary<string, string> { ["FARWIRE_COMMANDS"] = "1" } };
        await allowing.InitializeAsync();

        var refused = await InvokeAsync(service, "Linux_Command", "Execute", Script);
        var ran = await InvokeAsync(allowing, "Linux_Command", "Execute", Script);
        var late = await InvokeAsync(allowing, "Linux_Command", "Execute", "<p:Command>sleep 60</p:Command><p:Timeout>1</p:Timeout>");
        var empty = await InvokeAsync(allowing, "Linux_Command", "Execute", "<p:Command></p:Command>");
        var flood = await Commands.RunAsync(
            RunningService.Program("farwire"), ["winrm", "invoke", "Execute", "wmi/root/linux/Linux_Command", "@{Command=\"yes\"}", "--connect", allowing.ConnectionFile]);
        await Commands.RunAsync(RunningService.Program("farwire"), ["winrm", "set", "winrm/config/winrs", "@{AllowRemoteShellAccess=\"false\"}", "--connect", allowing.ConnectionFile]);
        var closed = await InvokeAsync(allowing, "Linux_Command", "Execute", Script);

        Assert.Equal("2", Text(refused, "ReturnValue"));
        Assert.Equal(("0", "3", "/bin/sh out\n" + (Environment.IsPrivilegedProcess ? "0\n" : Text(ran, "StdOut")!.Split('\n')[1] + "\n"), "err\n"), (Text(ran, "ReturnValue"), Text(ran, "ReturnCode"), Text(ran, "StdOut"), Text(ran, "StdErr")));
        Assert.Equal(("7", "21", "2"), (Text(late, "ReturnValue"), Text(empty, "ReturnValue"), Text(closed, "ReturnValue")));
        Assert.Equal(1, flood.ExitCode);
        Assert.Contains("0x8004106C", flood.Errors, StringComparison.Ordinal);
    }

    // The result and the rows behind it.
    private async Task<string> MatchAsync(string file, string qid, string expression = "^error")
    {
        var output = await InvokeAsync(
            service, "Linux_LogFile", "GetMatchedRows",
            $"<p:FileName>{file}</p:FileName><p:RegularExpressions>{expression}</p:RegularExpressions><p:RegularExpressions>^(warning|notice): [0-9]+</p:RegularExpressions><p:Qid>{qid}</p:Qid>");
        return string.Join(' ', output.Elements().Where(e => e.Name.LocalName == "Rows").Select(e => e.Value).Prepend(Text(output, "ReturnValue")));
    }

    private static async Task<XElement> InvokeAsync(RunningService at, string className, string method, string parameters)
    {
        var file = Path.GetTempFileName();
        await File.WriteAllTextAsync(file, $"<p:{method}_INPUT xmlns:p='{Linux}{className}'>{parameters}</p:{method}_INPUT>");
        var outcome = await Commands.RunAsync(RunningService.Program("farwire"), ["winrm", "invoke", method, "wmi/root/linux/" + className, "-file:" + file, "-format:xml", "--connect", at.ConnectionFile]);
        File.Delete(file);
        Assert.True(outcome.ExitCode == 0, outcome.Errors);
        return XElement.Parse(outcome.Output);
    }

    private static string? Text(XElement output, string name) => output.Elements().FirstOrDefault(e => e.Name.LocalName == name)?.Value;
}
