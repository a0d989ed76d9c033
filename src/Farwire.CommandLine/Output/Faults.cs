using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Json;
using Farwire.Client.Connection;
using Farwire.Protocol.Faults;

namespace Farwire.CommandLine.Output;

/// <summary>What went wrong, in the layout of Windows' winrm with what to do about it, or as JSON.</summary>
internal static class Faults
{
    public static readonly JsonWriterOptions JsonOptions = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static void Show(TextWriter errors, WSManFault fault, bool json)
    {
        var (cause, fix) = FaultAdvice.On(fault);
        if (json)
        {
            ShowJson(errors, fault.Code, FaultCodes.Symbol(fault.Code), fault.Message, fault.Provider?.Provider, cause, fix);
            return;
        }

        errors.WriteLine("WSManFault");
        ShowMessage(errors, fault, 4);
        errors.WriteLine();
        ShowNumber(errors, fault.Code);
        errors.WriteLine(fault.Message);
    }

    // What the part behind the resource said stands four blanks deeper at each level, as the XML does.
    private static void ShowMessage(TextWriter errors, WSManFault fault, int depth)
    {
        var indent = new string(' ', depth);
        if (fault.Provider is not { } provider)
        {
            errors.WriteLine($"{indent}Message = {fault.Message}");
            return;
        }

        errors.WriteLine($"{indent}Message");
        errors.WriteLine(provider.Text is null ? $"{indent}    ProviderFault" : $"{indent}    ProviderFault = {provider.Text}");
        if (provider.Inner is { } inner)
        {
            errors.WriteLine($"{indent}        WSManFault");
            ShowMessage(errors, inner, depth + 12);
        }
    }

    public static void Show(TextWriter errors, WSManTransportException failure, bool json)
    {
        var code = failure.ErrorCode;
        if (json)
        {
            ShowJson(errors, code, FaultCodes.Symbol(code), failure.Message, null, Words(failure.Failure), failure.Fix);
            return;
        }

        errors.WriteLine("WSManFault");
        errors.WriteLine($"    Message = {failure.Message}");
        errors.WriteLine();
        ShowNumber(errors, code);
        errors.WriteLine(failure.Message);
        errors.WriteLine(failure.Fix);
    }

    private static void ShowNumber(TextWriter errors, uint code) =>
        errors.WriteLine(string.Create(CultureInfo.InvariantCulture, $"Error number:  {unchecked((int)code)} 0x{code:X}"));

    public static void ShowJson(TextWriter errors, uint code, string? symbol, string message, string? provider, string? cause, string? fix)
    {
        errors.WriteLine(JsonText.Of(json =>
        {
            json.WriteStartObject();
            json.WriteStartObject("fault");
            json.WriteNumber("code", code);
            json.WriteString("hex", string.Create(CultureInfo.InvariantCulture, $"0x{code:X8}"));
            json.WriteString("symbol", symbol);
            json.WriteString("message", message);
            json.WriteString("provider", provider);
            json.WriteString("cause", cause);
            json.WriteString("fix", fix);
            json.WriteEndObject();
            json.WriteEndObject();
        }));
    }

    private static string Words(TransportFailure failure) => failure switch
    {
        TransportFailure.NameResolution => "The name of the host is not known.",
        TransportFailure.Connect => "Nobody listens there, or a firewall is in the way.",
        TransportFailure.Tls => "The other side does not speak TLS, or not as this one.",
        TransportFailure.Certificate => "The certificate is not trusted.",
        TransportFailure.CertificatePin => "The certificate is not the pinned one.",
        TransportFailure.Authentication => "The service does not believe who you are.",
        TransportFailure.NotTrusted => "The service would not prove that it is the right one.",
        TransportFailure.Proxy => "The proxy on the way does not let this through.",
        TransportFailure.Redirected => "The service is elsewhere.",
        TransportFailure.ClearText => "Clear text is not allowed on this side.",
        TransportFailure.HttpStatus or TransportFailure.NotSoap => "What answers there is not a WinRM service, or not at this path.",
        TransportFailure.ReplyTooLarge => "The answer is larger than allowed.",
        TransportFailure.ConnectionLost => "The connection ended in the middle.",
        _ => "There was no answer in time.",
    };
}
