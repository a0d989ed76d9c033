using System.Text;

namespace Farwire.Security.Kerberos;

/// <summary>From a status of the library to a sentence, and to bytes that are ours.</summary>
internal static unsafe class GssStatus
{
    private const int General = 1;
    private const int OfMechanism = 2;

    /// <summary>Throws when <paramref name="major"/> is an error.</summary>
    public static void Check(uint major, uint minor, string what, bool isUnavailable = false)
    {
        if ((major & Gss.ErrorMask) != 0)
        {
            throw new SecurityTokenException($"Kerberos, {what}: {Text(major, General)}{Text(minor, OfMechanism, " (", ")")}.") { IsUnavailable = isUnavailable };
        }
    }

    /// <summary>Copies a buffer of the library and gives it back.</summary>
    public static byte[] Take(ref Gss.Buffer buffer)
    {
        var bytes = buffer.Length == 0 ? [] : buffer.Span.ToArray();
        Gss.ReleaseBuffer(out _, ref buffer);
        return bytes;
    }

    private static string Text(uint status, int type, string before = "", string after = "")
    {
        if (status == 0)
        {
            return "";
        }

        uint more = 0;
        if ((Gss.DisplayStatus(out _, status, type, Gss.Kerberos, ref more, out var text) & Gss.ErrorMask) != 0)
        {
            return $"{before}{status:X8}{after}";
        }

        return before + Encoding.UTF8.GetString(Take(ref text)).TrimEnd('.') + after;
    }
}
