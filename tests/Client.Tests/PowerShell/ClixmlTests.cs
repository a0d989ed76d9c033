using System.Text;
using System.Xml.Linq;
using Farwire.Client.PowerShell;
using Farwire.Client.PowerShell.Clixml;
using Farwire.Client.PowerShell.Records;

namespace Farwire.Client.Tests.PowerShell;

public sealed class ClixmlTests
{
    public static TheoryData<string> Conversations => [.. RecordedMessages.Conversations];

    [Theory]
    [MemberData(nameof(Conversations))]
    [Trait("Feature", "PSC-02")]
    public void Every_recorded_object_deserialises_and_re_serialises(string conversation)
    {
        var objects = RecordedMessages.Of(conversation).Where(m => !m.Message.Data.IsEmpty).ToList();

        Assert.NotEmpty(objects);
        Assert.All(objects, recorded =>
        {
            var xml = Encoding.UTF8.GetString(recorded.Message.Data.Span);

            var written = Encoding.UTF8.GetString(ClixmlWriter.Write(ClixmlReader.Read(recorded.Message.Data)));

            if (recorded.Envelope.IsRequest)
            {
                Assert.Equal(Normal(xml), Normal(written)); // pypsrp writes empty texts in two ways
            }
            else
            {
                Assert.Equal(xml, written);
            }
        });
    }

    public static TheoryData<object, string> Values => new()
    {
        { "", "<S></S>" },
        { "a<&>\"'b", "<S>a&lt;&amp;&gt;\"'b</S>" },
        { "line\r\n_x000A_ \u0085 \ud83d\ude00 _X", "<S>line_x000D__x000A__x005F_x000A_ _x0085_ _xD83D__xDE00_ _x005F_X</S>" },
        { 'a', "<C>97</C>" },
        { true, "<B>true</B>" },
        { new DateTime(2008, 4, 11, 10, 42, 32, 273, DateTimeKind.Utc), "<DT>2008-04-11T10:42:32.273Z</DT>" },
        { new DateTime(2008, 4, 11, 10, 42, 32, DateTimeKind.Unspecified), "<DT>2008-04-11T10:42:32</DT>" },
        { new DateTimeOffset(2008, 4, 11, 10, 42, 32, TimeSpan.FromHours(-7)).AddTicks(2731994), "<DT>2008-04-11T10:42:32.2731994-07:00</DT>" },
        { TimeSpan.FromTicks(90269026), "<TS>PT9.0269026S</TS>" },
        { (byte)254, "<By>254</By>" },
        { (sbyte)-127, "<SB>-127</SB>" },
        { (ushort)65535, "<U16>65535</U16>" },
        { (short)-32767, "<I16>-32767</I16>" },
        { uint.MaxValue, "<U32>4294967295</U32>" },
        { int.MinValue, "<I32>-2147483648</I32>" },
        { ulong.MaxValue, "<U64>18446744073709551615</U64>" },
        { long.MinValue, "<I64>-9223372036854775808</I64>" },
        { 12.34f, "<Sg>12.34</Sg>" },
        { double.NegativeInfinity, "<Db>-INF</Db>" },
        { 12.34, "<Db>12.34</Db>" },
        { 12.340m, "<D>12.340</D>" },
        { Guid.Parse("792e5b37-4505-47ef-b7d2-8711bb7affa8"), "<G>792e5b37-4505-47ef-b7d2-8711bb7affa8</G>" },
        { new Uri("http://www.microsoft.com/"), "<URI>http://www.microsoft.com/</URI>" },
        { new Version(6, 2, 1, 3), "<Version>6.2.1.3</Version>" },
        { new XmlText("<item><name>laptop</name></item>"), "<XD>&lt;item&gt;&lt;name&gt;laptop&lt;/name&gt;&lt;/item&gt;</XD>" },
        { new ScriptBlock("get-command -type cmdlet"), "<SBK>get-command -type cmdlet</SBK>" },
    };

    [Theory]
    [MemberData(nameof(Values), DisableDiscoveryEnumeration = true)]
    [Trait("Feature", "PSC-02")]
    public void Simple_values_have_the_form_of_the_specification(object value, string xml)
    {
        Assert.Equal(xml, Encoding.UTF8.GetString(ClixmlWriter.Write(value)));
        Assert.Equal(value, Read(xml));
    }

    [Fact]
    [Trait("Feature", "PSC-02")]
    public void Bytes_and_secrets_are_base64_and_a_secret_does_not_show_itself()
    {
        Assert.Equal([1, 2, 3, 4], Assert.IsType<byte[]>(Read("<BA>AQIDBA==</BA>")));
        Assert.Equal("<BA>AQIDBA==</BA>", Encoding.UTF8.GetString(ClixmlWriter.Write(new byte[] { 1, 2, 3, 4 })));

        var secret = Assert.IsType<SealedString>(Read("<SS>AQIDBA==</SS>"));
        Assert.Equal("System.Security.SecureString", secret.ToString());
        Assert.Equal("<SS>AQIDBA==</SS>", Encoding.UTF8.GetString(ClixmlWriter.Write(secret)));
    }

    [Theory]
    [InlineData("LST", ListKind.List)]
    [InlineData("STK", ListKind.Stack)]
    [InlineData("QUE", ListKind.Queue)]
    [InlineData("IE", ListKind.Enumerable)]
    [Trait("Feature", "PSC-02")]
    public void Collections_keep_their_kind(string tag, ListKind kind)
    {
        var xml = $"<Obj RefId=\"0\"><TN RefId=\"0\"><T>X</T></TN><{tag}><I32>1</I32><Nil /><S>b</S></{tag}></Obj>";

        var list = Assert.IsType<RemoteList>(Assert.IsType<RemoteObject>(Read(xml)).Value);

        Assert.Equal([1, null, "b"], list);
        Assert.Equal(kind, list.Kind);
        Assert.Equal(xml, Encoding.UTF8.GetString(ClixmlWriter.Write(Read(xml))));
    }

    [Fact]
    [Trait("Feature", "PSC-02")]
    public void The_same_object_is_the_same_again_and_may_hold_itself()
    {
        const string Xml = "<Obj RefId=\"0\"><MS><Obj N=\"a\" RefId=\"1\"><MS><Ref N=\"up\" RefId=\"0\" /></MS></Obj><Ref N=\"b\" RefId=\"1\" /></MS></Obj>";

        var found = Assert.IsType<RemoteObject>(Read(Xml));

        Assert.Same(found["a"], found["B"]);
        Assert.Same(found, ((RemoteObject)found["a"]!)["up"]);
        Assert.Equal(Xml, Encoding.UTF8.GetString(ClixmlWriter.Write(found)));
    }

    [Theory]
    [InlineData("<Obj><LST><Ref RefId=\"7\" /></LST></Obj>", "nothing before has")]
    [InlineData("<Obj><TNRef RefId=\"0\" /></Obj>", "nothing before has")]
    [InlineData("<Obj RefId=\"0\"><LST><Obj RefId=\"0\" /></LST></Obj>", "two objects")]
    [InlineData("<Obj><S>a</S><S>b</S></Obj>", "two values")]
    [InlineData("<Obj><MS><S>a</S></MS></Obj>", "no name")]
    [InlineData("<Obj><DCT><En><S N=\"Value\">a</S></En></DCT></Obj>", "no key")]
    [InlineData("<Obj>text</Obj>", "text stands")]
    [InlineData("<Who />", "is no value")]
    [InlineData("<S>a</S><S>b</S>", "cannot be read")]
    [InlineData("<I32>4294967296</I32>", "cannot be read")]
    [InlineData("<!DOCTYPE S [<!ENTITY e \"x\">]><S>&e;</S>", "cannot be read")]
    [InlineData("<Obj><LST>", "cannot be read")]
    [InlineData("<G>no</G>", "cannot be read")]
    public void Hostile_objects_are_refused(string xml, string why) =>
        Assert.Contains(why, Assert.Throws<PowerShellProtocolException>(() => Read(xml)).Message, StringComparison.Ordinal);

    [Fact]
    public void Objects_inside_each_other_have_a_limit()
    {
        static string Nested(int depth) => string.Concat(Enumerable.Repeat("<Obj><LST>", depth)) + string.Concat(Enumerable.Repeat("</LST></Obj>", depth));

        Assert.NotNull(Read(Nested(ClixmlReader.MaxDepth)));
        Assert.Throws<PowerShellProtocolException>(() => Read(Nested(ClixmlReader.MaxDepth + 1)));
        Assert.Throws<PowerShellProtocolException>(() => Read(Nested(100_000)));
    }

    [Fact]
    [Trait("Feature", "PSC-02")]
    public void What_PowerShell_writes_to_the_errors_of_a_program_is_read_as_records()
    {
        const string Errors = """
            #< CLIXML
            <Objs Version="1.1.0.1" xmlns="http://schemas.microsoft.com/powershell/2004/04"><Obj S="progress" RefId="0"><TN RefId="0"><T>System.Management.Automation.PSCustomObject</T><T>System.Object</T></TN><MS><I64 N="SourceId">1</I64><PR N="Record"><AV>Preparing modules for first use.</AV><AI>0</AI><Nil /><PI>-1</PI><PC>-1</PC><T>Completed</T><SR>-1</SR><SD> </SD></PR></MS></Obj><S S="Error">fake cmdlet_x000D__x000A_</S></Objs>
            """;

        var found = ClixmlReader.ReadDocument(Errors);

        Assert.Equal(["progress", "Error"], found.Select(f => f.Stream));
        Assert.Equal(new ProgressRecord("Preparing modules for first use.") { IsCompleted = true, StatusDescription = " " }, ((RemoteObject)found[0].Value!)["Record"]);
        Assert.Equal("fake cmdlet\r\n", found[1].Value);
    }

    private static object? Read(string xml) => ClixmlReader.Read(Encoding.UTF8.GetBytes(xml));

    // pypsrp writes attributes in the order of its dictionaries.
    internal static string Normal(string xml)
    {
        var root = XElement.Parse(xml, LoadOptions.PreserveWhitespace);
        foreach (var element in root.DescendantsAndSelf())
        {
            element.ReplaceAttributes(element.Attributes().OrderBy(a => a.Name.LocalName, StringComparer.Ordinal));
            if (element.IsEmpty)
            {
                element.Value = "";
            }
        }

        return root.ToString(SaveOptions.DisableFormatting);
    }
}
