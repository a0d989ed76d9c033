using System.Text;
using Farwire.Protocol.Envelope;

namespace Farwire.Protocol.Tests.Envelope;

public sealed class EnvelopeSequenceTests
{
    [Theory]
    [InlineData("<a/>", "<a/>")]
    [InlineData("<a>x</a><b><b/></b>", "<a>x</a>", "<b><b/></b>")]
    [InlineData("<?xml version=\"1.0\"?> <a>x</a>\r\n<?xml version=\"1.0\"?><a/>\r\n", "<?xml version=\"1.0\"?> <a>x</a>", "\r\n<?xml version=\"1.0\"?><a/>")]
    [InlineData("<a><![CDATA[</a><a>]]></a><a/>", "<a><![CDATA[</a><a>]]></a>", "<a/>")]
    [InlineData("<a><!-- </a> --></a><a/>", "<a><!-- </a> --></a>", "<a/>")]
    [InlineData("<a b='/>' c=\"'></a>\"><d b='>'/></a><a/>", "<a b='/>' c=\"'></a>\"><d b='>'/></a>", "<a/>")]
    [InlineData("<a></a><b><c>", "<a></a>", "<b><c>")]
    [InlineData("<a></a><b x='", "<a></a>", "<b x='")]
    [InlineData("<a></a><", "<a></a>", "<")]
    [InlineData("</a><a/>", "</a>", "<a/>")]
    [InlineData("nothing", "nothing")]
    [InlineData(" ")]
    [InlineData("")]
    public void Envelopes_behind_one_another_come_one_by_one_and_what_is_none_comes_last(string bytes, params string[] expected) =>
        Assert.Equal(expected, EnvelopeSequence.Split(Encoding.UTF8.GetBytes(bytes)).Select(one => Encoding.UTF8.GetString(one.Span)));
}
