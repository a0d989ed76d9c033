using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;

namespace Farwire.Peers.Tests;

/// <summary>What curl was told.</summary>
internal sealed record Answer(int Status, string Head, string Body)
{
    /// <summary>The Windows code of a fault; empty without one.</summary>
    public string Code => Regex.Match(Body, "Code=\"([0-9]+)\"").Groups[1].Value;

    /// <summary>The context of an open enumeration.</summary>
    public string Context => Regex.Match(Body, "<n:EnumerationContext>([^<]+)<").Groups[1].Value;
}

/// <summary>Sends messages with curl.</summary>
internal sealed class Curl(string address, string? user)
{
    public Task<Answer> SendAsync(string message, params string[] more) => SendAsync(Encoding.UTF8.GetBytes(message), "application/soap+xml;charset=UTF-8", more);

    public async Task<Answer> SendAsync(byte[] message, string type, params string[] more)
    {
        var outcome = await RunAsync(message, type, more);
        Assert.Equal(0, outcome.ExitCode);
        var end = outcome.Output.IndexOf("\r\n\r\n", StringComparison.Ordinal);
        return new Answer(int.Parse(outcome.Output.AsSpan(9, 3), CultureInfo.InvariantCulture), outcome.Output[..end], outcome.Output[(end + 4)..]);
    }

    public Task<Outcome> RunAsync(byte[] message, string type, params string[] more)
    {
        Commands.Need("/usr/bin/curl");
        string[] who = user is null ? [] : ["-u", user];
        return Commands.RunAsync("/usr/bin/curl", ["-sk", "-i", .. who, "-H", "Content-Type: " + type, "-H", "Expect:", "--data-binary", "@-", address, .. more], message);
    }
}

/// <summary>SOAP written by hand.</summary>
internal static class Soap
{
    public const string Transfer = "http://schemas.xmlsoap.org/ws/2004/09/transfer";
    public const string Enumeration = "http://schemas.xmlsoap.org/ws/2004/09/enumeration";
    public const string Microsoft = "http://schemas.microsoft.com/wbem/wsman/1";

    public static string Get(string uri, string headers = "") => Message($"{Transfer}/Get", uri, "", headers);

    public static string Enumerate(string uri, string content) => Message($"{Enumeration}/Enumerate", uri, $"<n:Enumerate>{content}</n:Enumerate>");

    public static string Pull(string uri, string context, string limits = "") =>
        Message($"{Enumeration}/Pull", uri, $"<n:Pull><n:EnumerationContext>{context}</n:EnumerationContext>{limits}</n:Pull>");

    public static string Message(string action, string uri, string body, string headers = "") => Envelope(
        $"<a:To>http://x/wsman</a:To><a:Action s:mustUnderstand=\"true\">{action}</a:Action><a:MessageID>uuid:1</a:MessageID><w:ResourceURI>{uri}</w:ResourceURI>{headers}", body);

    public static string Envelope(string headers, string body) =>
        "<s:Envelope xmlns:s=\"http://www.w3.org/2003/05/soap-envelope\" xmlns:a=\"http://schemas.xmlsoap.org/ws/2004/08/addressing\""
        + $" xmlns:w=\"http://schemas.dmtf.org/wbem/wsman/1/wsman.xsd\" xmlns:n=\"{Enumeration}\"><s:Header>{headers}</s:Header><s:Body>{body}</s:Body></s:Envelope>";

    public static string Selectors(params (string Name, string Value)[] keys) =>
        $"<w:SelectorSet>{string.Concat(keys.Select(k => $"<w:Selector Name=\"{k.Name}\">{k.Value}</w:Selector>"))}</w:SelectorSet>";
}
