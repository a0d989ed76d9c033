namespace Farwire.Protocol.Addressing;

/// <summary>The form in which WS-Management peers write identifiers: <c>uuid:</c> and an upper-case GUID.</summary>
/// <remarks>DSP0226, "wsa:MessageID". Any non-empty string is a legal identifier; this is the one that every known peer accepts.</remarks>
public static class Uuid
{
    /// <summary>Writes <paramref name="value"/> as <c>uuid:XXXXXXXX-XXXX-XXXX-XXXX-XXXXXXXXXXXX</c>.</summary>
    public static string Format(Guid value) => string.Create(41, value, static (span, guid) =>
    {
        "uuid:".CopyTo(span);
        guid.TryFormat(span[5..], out _, "D");
        for (var i = 5; i < span.Length; i++)
        {
            span[i] = char.ToUpperInvariant(span[i]);
        }
    });
}
