using Farwire.CommandLine.Grammar;

namespace Farwire.CommandLine.Tests;

public sealed class GrammarTests
{
    [Theory]
    [InlineData("@{}", "")]
    [InlineData("@{A=\"1\"}", "A=1")]
    [InlineData("@{A=\"1\";B='x;}';A=\"2\"}", "A=1|B=x;}|A=2")]
    [InlineData("@{A=$null; p:B = \"say \"\"hi\"\"\" ;}", "A=<null>|p:B=say \"hi\"")]
    [InlineData("@{A=plain text;B=2}", "A=plain text|B=2")]
    [InlineData("{A=\"\\\"\"}", "A=\"")]
    [Trait("Feature", "CLI-03")]
    public void Hash_input_is_read(string text, string pairs) =>
        Assert.Equal(pairs, string.Join('|', HashInput.Parse(text).Select(p => $"{p.Key}={p.Value ?? "<null>"}")));

    [Theory]
    [InlineData("@{")]
    [InlineData("A=1")]
    [InlineData("@{=1}")]
    [InlineData("@{A}")]
    [InlineData("@{A=\"1}")]
    [InlineData("@{A=\"1\" B=\"2\"}")]
    [Trait("Feature", "CLI-03")]
    public void Broken_hash_input_is_refused(string text) => Assert.Throws<UsageException>(() => HashInput.Parse(text));

    [Theory]
    [InlineData("wmicimv2/Win32_Service?Name=WinRM", "http://schemas.microsoft.com/wbem/wsman/1/wmi/root/cimv2/Win32_Service", "Name=WinRM")]
    [InlineData("WMI/root/x/C", "http://schemas.microsoft.com/wbem/wsman/1/wmi/root/x/C", "")]
    [InlineData("cimv2/C?A=1+B='two'", "http://schemas.dmtf.org/wbem/wscim/1/cim-schema/2/C", "A=1+B=two")]
    [InlineData("winrm/config", "http://schemas.microsoft.com/wbem/wsman/1/config", "")]
    [InlineData("shell", "http://schemas.microsoft.com/wbem/wsman/1/windows/shell", "")]
    [InlineData("wmicimv2x/C", "wmicimv2x/C", "")]
    [InlineData("http://a/b?C=/", "http://a/b", "C=/")]
    public void Resources_are_read_with_aliases_and_keys(string word, string uri, string selectors)
    {
        var resource = ResourceWord.Parse(word);

        Assert.Equal(uri, resource.Uri);
        Assert.Equal(selectors, resource.Selectors.ToString());
    }
}
