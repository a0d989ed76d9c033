using System.Text;
using System.Text.RegularExpressions;
using Farwire.Peers.Tests.Administration;

namespace Farwire.Peers.Tests.Plugins;

/// <summary>A remote shell of any kind, driven by messages that curl brings to the local socket.</summary>
internal sealed partial class LocalShell(AdministeredService service, string uri, params string[] runner)
{
    private const string Shell = Soap.Microsoft + "/windows/shell";

    public string Id { get; private set; } = "";

    public Task<string> CreateAsync(string headers = "") => service.CurlAsync(
        Soap.Message(
            Soap.Transfer + "/Create",
            uri,
            $"<rsp:Shell xmlns:rsp=\"{Shell}\"><rsp:Environment><rsp:Variable Name=\"COLOUR\">red</rsp:Variable></rsp:Environment><rsp:InputStreams>stdin</rsp:InputStreams><rsp:OutputStreams>stdout stderr</rsp:OutputStreams></rsp:Shell>",
            headers),
        runner);

    public async Task<string> OpenAsync(string headers = "")
    {
        var created = await CreateAsync(headers);
        Id = ShellId().Match(created) is { Success: true } match ? match.Groups[1].Value : throw new InvalidOperationException(created);
        return Id;
    }

    public Task<string> SendAsync(string action, string body) => service.CurlAsync(
        Soap.Message($"{Shell}/{action}", uri, body, Soap.Selectors(("ShellId", Id))), runner);

    public Task<string> CommandAsync(string line, params string[] arguments) => SendAsync(
        "Command", $"<rsp:CommandLine xmlns:rsp=\"{Shell}\"><rsp:Command>{line}</rsp:Command>{string.Concat(arguments.Select(a => $"<rsp:Arguments>{a}</rsp:Arguments>"))}</rsp:CommandLine>");

    public async Task<string> StartAsync(string line, params string[] arguments)
    {
        var answer = await CommandAsync(line, arguments);
        return CommandIdOf().Match(answer) is { Success: true } match ? match.Groups[1].Value : throw new InvalidOperationException(answer);
    }

    public Task<string> ReceiveAsync(string command) => SendAsync(
        "Receive", $"<rsp:Receive xmlns:rsp=\"{Shell}\"><rsp:DesiredStream CommandId=\"{command}\">stdout stderr</rsp:DesiredStream></rsp:Receive>");

    public Task<string> SignalAsync(string command, string code) => SendAsync("Signal", $"<rsp:Signal xmlns:rsp=\"{Shell}\" CommandId=\"{command}\"><rsp:Code>{Shell}/signal/{code}</rsp:Code></rsp:Signal>");

    public Task<string> InputAsync(string command, string text) => SendAsync(
        "Send", $"<rsp:Send xmlns:rsp=\"{Shell}\"><rsp:Stream Name=\"stdin\" CommandId=\"{command}\" End=\"true\">{Convert.ToBase64String(Encoding.UTF8.GetBytes(text))}</rsp:Stream></rsp:Send>");

    public Task<string> CloseAsync() => service.CurlAsync(Soap.Message(Soap.Transfer + "/Delete", uri, "", Soap.Selectors(("ShellId", Id))), runner);

    /// <summary>Takes the output of a command to its end.</summary>
    public async Task<(string Output, string ExitCode)> DrainAsync(string command)
    {
        using var output = new MemoryStream();
        while (true)
        {
            var answer = await ReceiveAsync(command);
            if (answer.Contains("<s:Fault>", StringComparison.Ordinal))
            {
                throw new InvalidOperationException(answer);
            }

            output.Write(OutputOf(answer));
            if (answer.Contains("CommandState/Done", StringComparison.Ordinal))
            {
                return (Encoding.UTF8.GetString(output.ToArray()), ExitCode().Match(answer).Groups[1].Value);
            }
        }
    }

    public static byte[] OutputOf(string answer) => [.. Stream().Matches(answer).SelectMany(match => Convert.FromBase64String(match.Groups[1].Value))];

    public async Task<(string Output, string ExitCode)> RunAsync(string line, string[] arguments) => await DrainAsync(await StartAsync(line, arguments));

    [GeneratedRegex("Name=\"ShellId\">([^<]+)<")]
    private static partial Regex ShellId();

    [GeneratedRegex("<rsp:CommandId>([^<]+)<")]
    private static partial Regex CommandIdOf();

    [GeneratedRegex("<rsp:ExitCode>([^<]+)<")]
    private static partial Regex ExitCode();

    [GeneratedRegex("<rsp:Stream [^>]*>([^<]*)</rsp:Stream>")]
    private static partial Regex Stream();
}
