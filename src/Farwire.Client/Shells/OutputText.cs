using System.Buffers;
using System.Text;

namespace Farwire.Client.Shells;

/// <summary>Output as text, piece by piece: UTF-8, and whatever cannot be that in the OEM code page, for tools that ignore the code page of their shell.</summary>
/// <remarks>A character may be cut between two pieces: its first bytes wait for the next. One of these belongs to one stream.</remarks>
/// <param name="oemCodePage">The OEM code page, such as 850 in Western Europe.</param>
public sealed class OutputText(int oemCodePage = OutputText.DefaultOemCodePage)
{
    /// <summary>That of the United States, and of Windows where nobody chose another.</summary>
    public const int DefaultOemCodePage = 437;

    private Encoding? _oem;
    private byte[] _cut = [];

    /// <summary>The text of <paramref name="piece"/>, as far as its characters are complete.</summary>
    public string Add(ReadOnlySpan<byte> piece) => Decode(_cut.Length == 0 ? piece : [.. _cut, .. piece], isLast: false);

    /// <summary>What is left at the end of the stream: the first bytes of a character that never came.</summary>
    public string Rest() => Decode(_cut, isLast: true);

    private string Decode(ReadOnlySpan<byte> bytes, bool isLast)
    {
        _cut = [];
        var text = new StringBuilder(bytes.Length);
        var good = 0; // bytes from the start that are UTF-8 and not yet in the text
        while (good < bytes.Length)
        {
            var status = Rune.DecodeFromUtf8(bytes[good..], out _, out var count);
            if (status == OperationStatus.Done)
            {
                good += count;
                continue;
            }

            text.Append(Encoding.UTF8.GetString(bytes[..good]));
            bytes = bytes[good..];
            good = 0;
            var width = OemWidth(bytes[0]);
            if (!isLast && (status == OperationStatus.NeedMoreData || width > bytes.Length))
            {
                _cut = bytes.ToArray();
                return text.ToString();
            }

            width = Math.Min(width, bytes.Length);
            text.Append(Oem().GetString(bytes[..width]));
            bytes = bytes[width..];
        }

        return text.Append(Encoding.UTF8.GetString(bytes)).ToString();
    }

    // Those of East Asia have characters of two bytes.
    private int OemWidth(byte first) => !Oem().IsSingleByte && Oem().GetDecoder().GetCharCount([first], flush: false) == 0 ? 2 : 1;

    // Not before it is needed: few outputs do.
    private Encoding Oem() => _oem ??= CodePagesEncodingProvider.Instance.GetEncoding(oemCodePage) ?? Encoding.GetEncoding(oemCodePage);
}
