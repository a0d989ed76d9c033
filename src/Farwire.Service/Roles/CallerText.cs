using System.Runtime.CompilerServices;
using System.Security.Claims;
using System.Text.Json;
using Farwire.Service.Dispatch;

namespace Farwire.Service.Roles;

/// <summary>A caller as bytes: by what authentication, from where, and with which claims.</summary>
internal static class CallerText
{
    private static readonly ConditionalWeakTable<Caller, byte[]> Known = [];

    // {"method":"Kerberos","address":"10.0.0.7","claims":[["type","value"]…]}

    /// <summary>The bytes; the same object for the same caller.</summary>
    public static byte[] Of(Caller caller) => Known.GetValue(caller, static caller =>
    {
        using var stream = new MemoryStream();
        using (var json = new Utf8JsonWriter(stream))
        {
            json.WriteStartObject();
            json.WriteString("method", caller.Principal.Identity?.AuthenticationType);
            json.WriteString("address", caller.Address);
            json.WriteStartArray("claims");
            foreach (var claim in caller.Principal.Claims)
            {
                json.WriteStartArray();
                json.WriteStringValue(claim.Type);
                json.WriteStringValue(claim.Value);
                json.WriteEndArray();
            }

            json.WriteEndArray();
            json.WriteEndObject();
        }

        return stream.ToArray();
    });

    /// <summary>The caller of these bytes.</summary>
    /// <exception cref="InvalidDataException">They are none.</exception>
    public static Caller Read(ReadOnlyMemory<byte> bytes)
    {
        try
        {
            using var json = JsonDocument.Parse(bytes);
            var claims = json.RootElement.GetProperty("claims").EnumerateArray().Select(claim => new Claim(claim[0].GetString()!, claim[1].GetString()!));
            return new Caller(
                new ClaimsPrincipal(new ClaimsIdentity(claims, json.RootElement.GetProperty("method").GetString())), json.RootElement.GetProperty("address").GetString()!);
        }
        catch (Exception e) when (e is JsonException or KeyNotFoundException or InvalidOperationException or ArgumentException)
        {
            throw new InvalidDataException("What came over the socket of the role tells no caller.", e);
        }
    }
}
