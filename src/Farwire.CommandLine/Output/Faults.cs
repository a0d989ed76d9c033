using System.Globalization;
using System.Text;
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
        if (json)
        {
            ShowJson(errors, fault.Code, fault.Message, fault.Provider?.ToString(), null, null);
            return;
        }

        errors.WriteLine("WSManFault");
        errors.WriteLine($"    Message = {fault.Message}");
        errors.WriteLine();
        ShowNumber(errors, fault.Code);
        errors.WriteLine(fault.Message);
    }

    public static void Show(TextWriter errors, WSManTransportException failure, bool json)
    {
        var code = CodeOf(failure.Failure);
        if (json)
        {
            ShowJson(errors, code, failure.Message, null, failure.Failure.ToString(), failure.Fix);
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

    private static void ShowJson(TextWriter errors, uint code, string message, string? provider, string? cause, string? fix)
    {
        using var stream = new MemoryStream();
        using (var json = new Utf8JsonWriter(stream, JsonOptions))
        {
            json.WriteStartObject();
            json.WriteStartObject("fault");
            json.WriteNumber("code", code);
            json.WriteString("hex", string.Create(CultureInfo.InvariantCulture, $"0x{code:X8}"));
            json.WriteString("symbol", FaultCodes.Symbol(code));
            json.WriteString("message", message);
            json.WriteString("provider", provider);
            json.WriteString("cause", cause);
            json.WriteString("fix", fix);
            json.WriteEndObject();
            json.WriteEndObject();
        }

        errors.WriteLine(Encoding.UTF8.GetString(stream.ToArray()));
    }

    // The numbers that Windows' own client gives for the same failures.
    private static uint CodeOf(TransportFailure failure) => failure switch
    {
        TransportFailure.NameResolution or TransportFailure.Connect or TransportFailure.TimedOut => 0x80338012,
        TransportFailure.Tls or TransportFailure.Certificate or TransportFailure.CertificatePin => 0x80072F8F,
        TransportFailure.Authentication => 5,
        TransportFailure.ClearText => 0x803380E1,
        _ => 0x80338043,
    };
}
