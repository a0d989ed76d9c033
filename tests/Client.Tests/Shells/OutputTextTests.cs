using System.Text;
using Farwire.Client.Shells;

namespace Farwire.Client.Tests.Shells;

public sealed class OutputTextTests
{
    [Fact]
    public void Text_is_the_same_wherever_it_is_cut()
    {
        byte[] bytes = [.. "grün €5 😀 "u8, 0x81, (byte)' ', 0xE1, 0xE2, 0x82, (byte)'!', 0xF0, 0x9F];
        const string text = "grün €5 😀 ü ßΓé!≡ƒ";
        for (var first = 0; first <= bytes.Length; first++)
        {
            for (var second = first; second <= bytes.Length; second++)
            {
                var decoder = new OutputText();

                var decoded = decoder.Add(bytes.AsSpan(0, first)) + decoder.Add(bytes.AsSpan(first, second - first)) + decoder.Add(bytes.AsSpan(second)) + decoder.Rest();

                Assert.Equal(text, decoded);
            }
        }
    }

    [Theory]
    [InlineData(850, "ó", new byte[] { 0xA2 })]
    [InlineData(866, "в", new byte[] { 0xA2 })]
    [InlineData(932, "｢あ", new byte[] { 0xA2, 0x82, 0xA0 })]
    [InlineData(932, "表", new byte[] { 0x95, 0x5C })] // its second byte is that of a backslash
    public void The_code_page_of_tools_can_be_chosen(int codePage, string expected, byte[] bytes)
    {
        var whole = new OutputText(codePage);
        var pieces = new OutputText(codePage);

        Assert.Equal(expected, whole.Add(bytes) + whole.Rest());
        Assert.Equal(expected, string.Concat(bytes.Select(b => pieces.Add([b]))) + pieces.Rest());
    }

    [Fact]
    public void Every_valid_text_passes_unchanged()
    {
        var all = string.Concat(Enumerable.Range(1, 0x10FFFF).Where(Rune.IsValid).Select(char.ConvertFromUtf32));

        Assert.Equal(all, new OutputText().Add(Encoding.UTF8.GetBytes(all)));
    }
}
