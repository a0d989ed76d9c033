using Farwire.Ipmi.Sel;
using Farwire.Ipmi.Sensor;

namespace Farwire.Ipmi.Tests.Sel;

public sealed class SelRecordTests
{
    [Fact]
    public void A_threshold_event_tells_reading_and_threshold()
    {
        var record = Assert.IsType<SelEvent>(Read("0100 02 80073C68 2000 04 01 02 01 575B55"));

        Assert.Equal(new DateTimeOffset(2025, 6, 1, 7, 55, 44, TimeSpan.Zero), record.Time);
        Assert.Equal("Upper Non-critical - going high", record.Text);
        Assert.Equal((true, SensorHealth.NonCritical), (record.IsAssertion, record.Health));
        Assert.Equal(((byte?)91, (byte?)85), (record.TriggerReading, record.TriggerThreshold));
    }

    [Fact]
    public void The_example_of_the_class_documentation_is_read()
    {
        // *01 00*02*0F AC C1 49*20 00*04*10*72*true*6F*02*FF*FF*
        var record = Assert.IsType<SelEvent>(Read("0100 02 0FACC149 2000 04 10 72 6F 02FFFF"));

        Assert.Equal((SensorType.EventLoggingDisabled, (byte)0x72, "Log Area Cleared"), (record.SensorType, record.SensorNumber, record.Text));
        Assert.Null(record.TriggerReading);
    }

    [Fact]
    public void What_ended_is_no_harm()
    {
        var record = Assert.IsType<SelEvent>(Read("0500 02 80073C68 2000 04 05 0B EF 00FFFF"));

        Assert.Equal((false, SensorHealth.Ok, (byte)0x6F), (record.IsAssertion, record.Health, record.EventType));
    }

    [Fact]
    public void Records_of_manufacturers_come_with_and_without_time()
    {
        var timed = Assert.IsType<SelOemRecord>(Read("0700 DD 0FACC149 370100 000000000000"));
        var untimed = Assert.IsType<SelOemRecord>(Read("0800 E0 101112131415161718191A1B1C"));

        Assert.Equal((311, 6), (timed.Manufacturer, timed.Data.Length));
        Assert.Equal((null, 13), (untimed.Time, untimed.Data.Length));
    }

    [Theory]
    [InlineData("0100 02 80073C68 2000 04 01 02 81 575B55")]
    [InlineData("0700 DD 0FACC149 370100 010203040506")]
    [InlineData("0800 E0 101112131415161718191A1B1C")]
    public void A_record_is_written_as_it_was_read(string hex)
    {
        var bytes = Convert.FromHexString(hex.Replace(" ", "", StringComparison.Ordinal));
        var written = new byte[16];
        var data = new DataWriter(written);
        new AddSelEntry(SelRecord.Read(bytes)).Write(ref data);

        Assert.Equal(bytes, written);
        Assert.Equal(16, data.Length);
    }

    [Fact]
    public void Times_before_the_clock_was_set_are_known_as_such()
    {
        Assert.True(IpmiTime.IsSinceStart(3600));
        Assert.False(IpmiTime.IsSinceStart(0x49C1AC0F));
        Assert.Null(IpmiTime.ToTime(IpmiTime.Unspecified));
    }

    [Fact]
    public void A_cut_record_says_so()
    {
        Assert.Throws<IpmiFormatException>(() => Read("0100 02 80073C68 2000 04 01"));
    }

    private static SelRecord Read(string hex) => SelRecord.Read(Convert.FromHexString(hex.Replace(" ", "", StringComparison.Ordinal)));
}
