using System.Text.Json;
using Farwire.Cim.Classes;
using Farwire.Cim.Instances;
using Farwire.Protocol.Addressing;
using Farwire.Protocol.Faults;

namespace Farwire.Cim.Tests.Instances;

public sealed class InstanceTests
{
    private const string Uri = "http://schemas.microsoft.com/wbem/wsman/1/wmi/root/x/T_All";

    private static readonly CimSchema Schema = new CimSchema("root/x").AddMof("""
        class T_Inner { string A; };
        class T_All {
          [Key] string Name; boolean Yes; uint64 Big; sint32 Small; real64 Real; datetime When; datetime Long;
          uint16 Numbers[]; string Words[]; [EmbeddedInstance("T_Inner")] string Inner; T_Inner ref Other; string Nothing; string Empty;
        };
        """);

    private static readonly CimClass All = Schema.Find("T_All")!;

    [Fact]
    [Trait("Feature", "WMI-02")]
    public void An_instance_is_written_as_Windows_writes_it()
    {
        Assert.Equal(
            "<p:T_All xmlns:xsi=\"http://www.w3.org/2001/XMLSchema-instance\" xmlns:p=\"" + Uri + "\""
            + " xmlns:cim=\"http://schemas.dmtf.org/wbem/wscim/1/common\" xsi:type=\"p:T_All_Type\">"
            + "<p:Big>18446744073709551615</p:Big><p:Empty></p:Empty>"
            + "<p:Inner xmlns:q=\"http://schemas.dmtf.org/wbem/wscim/1/cim-schema/2/T_Inner\" xsi:type=\"q:T_Inner_Type\"><q:A>a</q:A></p:Inner>"
            + "<p:Long><cim:Interval>P1DT2H3M4.5S</cim:Interval></p:Long>"
            + "<p:Name>a&lt;b&gt;&amp;\u00e4</p:Name><p:Nothing xsi:nil=\"true\"/>"
            + "<p:Numbers>3</p:Numbers><p:Numbers>4</p:Numbers>"
            + "<p:Other><a:Address>http://schemas.xmlsoap.org/ws/2004/08/addressing/role/anonymous</a:Address><a:ReferenceParameters>"
            + "<w:ResourceURI>urn:x</w:ResourceURI><w:SelectorSet><w:Selector Name=\"A\">1</w:Selector></w:SelectorSet></a:ReferenceParameters></p:Other>"
            + "<p:Real>1.5</p:Real><p:Small>-7</p:Small>"
            + "<p:When><cim:Datetime>2013-04-15T16:28:38.376625Z</cim:Datetime></p:When><p:Yes>true</p:Yes></p:T_All>",
            Xml.Written(xml => InstanceWriter.For(All, Uri).Write(xml, Sample())));
    }

    [Fact]
    [Trait("Feature", "WMI-02")]
    public void What_was_written_reads_back_with_and_without_the_class()
    {
        var text = Xml.Written(xml => InstanceWriter.For(All, Uri).Write(xml, Sample()))
            .Replace("<p:T_All ", "<p:T_All xmlns:a=\"http://schemas.xmlsoap.org/ws/2004/08/addressing\" xmlns:w=\"http://schemas.dmtf.org/wbem/wsman/1/wsman.xsd\" ", StringComparison.Ordinal);

        var typed = new InstanceReader(Schema.Find).Read(Xml.Reader(text));
        var untyped = new InstanceReader().Read(Xml.Reader(text));

        Assert.Same(All, typed.Class);
        Assert.Equal(ulong.MaxValue, typed["Big"].AsUInt64());
        Assert.Equal([3L, 4L], typed["Numbers"].AsArray().Select(n => n.AsInt64()));
        Assert.Equal("a", typed["Inner"].AsInstance()["A"].AsString());
        Assert.Equal("1", typed["Other"].AsReference().Selectors["A"]);
        Assert.Equal(new TimeSpan(1, 2, 3, 4, 500), typed["Long"].AsDateTime().Interval);
        Assert.True(typed["Words"].IsNull);
        Assert.Equal("T_All", untyped.Class.Name);
        Assert.Equal("18446744073709551615", untyped["Big"].AsString());
        Assert.Equal("", untyped["Empty"].AsString());
        Assert.True(untyped["Nothing"].IsNull);
        Assert.Equal(typed["When"], untyped["When"]);
    }

    [Fact]
    [Trait("Feature", "PRO-21")]
    public void A_projection_has_neither_namespace_nor_prefix()
    {
        var writer = new FragmentWriter(All, [All.SlotOf("When"), All.SlotOf("Name"), All.SlotOf("Nothing"), All.SlotOf("Words")]);

        Assert.Equal(
            "<w:XmlFragment xmlns:xsi=\"http://www.w3.org/2001/XMLSchema-instance\" xmlns:w=\"http://schemas.dmtf.org/wbem/wsman/1/wsman.xsd\">"
            + "<Name>a&lt;b&gt;&amp;\u00e4</Name><Nothing xsi:nil=\"true\"/><When><Datetime>2013-04-15T16:28:38.376625Z</Datetime></When></w:XmlFragment>",
            Xml.Written(xml => writer.Write(xml, Sample())));
    }

    [Theory]
    [InlineData("<X><When><Datetime>2013-04-15T16:28:38Z</Datetime></When></X>")]
    [InlineData("<X xmlns:c='http://schemas.dmtf.org/wbem/wscim/1/common'><When><c:Datetime>2013-04-15T16:28:38Z</c:Datetime></When></X>")]
    [InlineData("<X><When><CIM_DateTime>20130415182838.000000+120</CIM_DateTime></When></X>")]
    [InlineData("<X xmlns:xsi='http://www.w3.org/2001/XMLSchema-instance'><When xsi:type='cim:cimDateTime'>2013-04-15T16:28:38Z</When></X>")]
    public void A_time_is_read_in_every_form_that_peers_write(string xml)
    {
        var when = new InstanceReader().Read(Xml.Reader(xml))["When"].AsDateTime();

        Assert.Equal(new DateTimeOffset(2013, 4, 15, 16, 28, 38, TimeSpan.Zero), when.Time);
    }

    [Theory]
    [InlineData("20130415162838.376625+000", "2013-04-15T16:28:38.376625Z")]
    [InlineData("20130415162838.000000-300", "2013-04-15T16:28:38-05:00")]
    [InlineData("20130415162838.******+***", "2013-04-15T16:28:38Z")]
    [InlineData("00000001020304.500000:000", "P1DT2H3M4.5S")]
    [InlineData("P0DT0H0M0S", "P0DT0H0M0S")]
    public void Times_turn_from_one_form_into_the_other(string text, string wire)
    {
        Assert.True(CimDateTime.TryParse(text, out var time));
        Assert.Equal(wire, time.ToString());
        Assert.True(CimDateTime.TryParse(time.ToDmtf(), out var again));
        Assert.Equal(time, again);
        Assert.Equal(time, ((CimValue)time).AsDateTime());
    }

    [Theory]
    [InlineData("2013")]
    [InlineData("20131315162838.376625+000")]
    [InlineData("P-1D")]
    [InlineData("2013-99-99T00:00:00Z")]
    public void What_is_no_time_is_refused(string text) => Assert.False(CimDateTime.TryParse(text, out _));

    [Theory]
    [InlineData("<p:T_All xmlns:p='u'><p:Small>70000000000</p:Small></p:T_All>", "'70000000000' is not a sint32")]
    [InlineData("<p:T_All xmlns:p='u'><p:Wings>2</p:Wings></p:T_All>", "no property 'Wings'")]
    [InlineData("<p:T_All xmlns:p='u'><p:Yes>maybe</p:Yes></p:T_All>", "'maybe' is not a boolean")]
    public void A_representation_that_does_not_fit_its_class_faults(string xml, string problem)
    {
        var fault = Assert.Throws<WSManFaultException>(() => InstanceReader.Read(Xml.Reader(xml), All)).Fault;

        Assert.Equal("x:InvalidRepresentation", fault.Subcode);
        Assert.Contains(problem, fault.Message, StringComparison.Ordinal);
    }

    [Fact]
    [Trait("Feature", "WMI-02")]
    public void Types_with_prefixes_that_nobody_declared_are_passed_over()
    {
        // The CIM cmdlets write cim:, xs: and unprefixed types without declaring them.
        var xml = $"<p:T_All xmlns:p=\"{Uri}\" xmlns:xsi=\"http://www.w3.org/2001/XMLSchema-instance\" xsi:type=\"T_All_Type\">"
            + "<p:Name xsi:type=\"cim:cimString\">n</p:Name><p:Small xsi:type=\"xs:int\">-7</p:Small>"
            + "<p:Words xmlns:m=\"http://schemas.microsoft.com/wbem/wsman/1/wsman.xsd\" xsi:nil=\"true\" m:IsNullArray=\"true\"/></p:T_All>";

        var instance = new InstanceReader(Schema.Find).Read(Xml.Reader(xml));

        Assert.Equal(("n", -7L, true), (instance["Name"].AsString(), instance["Small"].AsInt64(), instance["Words"].IsNull));
    }

    [Fact]
    public void Json_keeps_order_types_and_large_numbers()
    {
        using var stream = new MemoryStream();
        using (var json = new Utf8JsonWriter(stream))
        {
            CimJson.Write(json, Sample(), "root/x");
        }

        var root = JsonDocument.Parse(stream.ToArray()).RootElement;

        Assert.Equal(["@class", "@namespace", .. All.Properties.Select(p => p.Name)], root.EnumerateObject().Select(p => p.Name));
        Assert.Equal("18446744073709551615", root.GetProperty("Big").GetString());
        Assert.Equal(-7, root.GetProperty("Small").GetInt32());
        Assert.Equal(JsonValueKind.Null, root.GetProperty("Nothing").ValueKind);
        Assert.Equal(2, root.GetProperty("Numbers").GetArrayLength());
        Assert.Equal("2013-04-15T16:28:38.376625Z", root.GetProperty("When").GetString());
        Assert.Equal("a", root.GetProperty("Inner").GetProperty("A").GetString());
    }

    private static CimInstance Sample()
    {
        var inner = new CimInstance(Schema.Find("T_Inner")!) { ["A"] = "a" };
        return new CimInstance(All)
        {
            ["Name"] = "a<b>&\u00e4",
            ["Yes"] = true,
            ["Big"] = ulong.MaxValue,
            ["Small"] = -7,
            ["Real"] = 1.5,
            ["When"] = new CimDateTime(new DateTimeOffset(2013, 4, 15, 16, 28, 38, 376, 625, TimeSpan.Zero)),
            ["Long"] = new CimDateTime(new TimeSpan(1, 2, 3, 4, 500)),
            ["Numbers"] = new uint[] { 3, 4 },
            ["Inner"] = inner,
            ["Other"] = new EndpointReference { ResourceUri = "urn:x", Selectors = SelectorSet.Of(("A", "1")) },
            ["Empty"] = "",
        };
    }
}
