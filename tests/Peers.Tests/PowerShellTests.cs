using System.Text.RegularExpressions;
using Farwire.Protocol.Compression;
using Farwire.TestKit.Recorded;

namespace Farwire.Peers.Tests;

/// <summary>The PowerShell endpoint of the built service, asked what Windows PowerShell 5.1 asked. A double stands in for pwsh.</summary>
public sealed class PowerShellTests(RunningService plain)
{
    private const string Shell = Soap.Microsoft + "/windows/shell";
    private const string Endpoint = "http://schemas.microsoft.com/powershell/Microsoft.PowerShell";

    private static string RecordedCreate => RecordedMessage.Read("gosammwr/docs/unencrypted.txt").First(m => m.Xml.Contains("transfer/Create<", StringComparison.Ordinal)).Xml;

    [Fact]
    [Trait("Feature", "SHL-14")]
    public async Task The_recorded_Create_of_PowerShell_5_1_is_answered_and_its_streams_are_packed()
    {
        Commands.Need("/usr/bin/python3");
        await using var service = new RunningService
        {
            Settings = new Dictionary<string, string> { ["PATH"] = Path.Combine(AppContext.BaseDirectory, "Peers", "pwsh") + ":" + Environment.GetEnvironmentVariable("PATH") },
        };
        await service.InitializeAsync();
        var curl = new Curl(service.Https, $"{service.User}:{service.Password}");
        var fragments = Convert.FromBase64String(Regex.Match(RecordedCreate, "<creationXml[^>]*>([^<]+)<").Groups[1].Value);

        var created = await curl.SendAsync(RecordedCreate);
        var keys = Soap.Selectors(("ShellId", "A19E4614-96C9-4EAF-B85D-F8792A477B40"));
        var received = await curl.SendAsync(Soap.Message(
            $"{Shell}/Receive", Endpoint, $"<rsp:Receive xmlns:rsp=\"{Shell}\"><rsp:DesiredStream>stdout</rsp:DesiredStream></rsp:Receive>", keys));
        await curl.SendAsync(Soap.Message($"{Soap.Transfer}/Delete", Endpoint, "", keys));

        Assert.Equal(200, created.Status);
        Assert.Contains("<rsp:ShellId>A19E4614-96C9-4EAF-B85D-F8792A477B40</rsp:ShellId>", created.Body, StringComparison.Ordinal);
        Assert.Contains("<rsp:CompressionMode>XpressCompression</rsp:CompressionMode><rsp:ProfileLoaded>Yes</rsp:ProfileLoaded><rsp:Encoding>UTF8</rsp:Encoding>", created.Body, StringComparison.Ordinal);
        var stored = Convert.FromBase64String(Regex.Match(received.Body, "<rsp:Stream Name=\"stdout\">([^<]+)<").Groups[1].Value);
        Assert.True(stored.Length < fragments.Length * 3 / 4);
        Assert.Equal(fragments, XpressStream.Decompress(stored, 100_000));
        Assert.Equal("", (await Commands.RunAsync("/usr/bin/pgrep", ["-f", "Peers/pwsh/pwsh -SSHServerMode"])).Output);
    }

    [Fact]
    public async Task Without_pwsh_the_fault_says_so()
    {
        Assert.SkipWhen((await Commands.RunAsync("/bin/sh", ["-c", "command -v pwsh"])).ExitCode == 0, "pwsh is installed here");

        var answer = await new Curl(plain.Https, $"{plain.User}:{plain.Password}").SendAsync(RecordedCreate);

        Assert.Equal((500, "2147942402"), (answer.Status, answer.Code));
        Assert.Contains("Install PowerShell 7", answer.Body, StringComparison.Ordinal);
    }
}
