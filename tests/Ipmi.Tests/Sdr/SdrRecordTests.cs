using Farwire.Ipmi.Sdr;
using Farwire.Ipmi.Sensor;

namespace Farwire.Ipmi.Tests.Sdr;

/// <summary>Records written out byte by byte from the specification's tables.</summary>
public sealed class SdrRecordTests
{
    [Fact]
    public void A_compact_record_with_sharing_becomes_several_sensors()
    {
        // fans 10h to 12h named FAN A, FAN B, FAN C, each of its own entity
        var record = Read(
            "0700 51 02 00" + "20 00 10" + "1D01" + "67 40" + "04 0A" + "000000000000" + "000000" + "13 80" + "0000" + "000000" + "00" + "C4 46414E20");

        var sensors = Assert.IsType<CompactSensorRecord>(record).Single().ToList();
        Assert.Equal([0x10, 0x11, 0x12], sensors.Select(s => (int)s.Number));
        Assert.Equal([1, 2, 3], sensors.Select(s => s.Entity.Number));
        Assert.Equal(["FANA", "FANB", "FANC"], sensors.Select(s => s.Name));
        Assert.Equal(SensorType.Fan, sensors[0].SensorType);
    }

    [Fact]
    public void Shared_names_may_count_with_numbers()
    {
        var record = Read("0800 51 02 00" + "20 00 20" + "0A01" + "00 00" + "08 6F" + "000000000000" + "000000" + "02 05" + "0000" + "000000" + "00" + "C3 505355");

        Assert.Equal(["PSU5", "PSU6"], Assert.IsType<CompactSensorRecord>(record).Single().Select(s => s.Name));
    }

    [Fact]
    public void An_event_only_record_is_read()
    {
        var record = Assert.IsType<EventOnlyRecord>(Read("0900 51 03 00" + "20 00 42" + "2201" + "12 6F" + "01 00" + "00" + "00" + "C5 4576656E74"));

        Assert.Equal((byte)0x42, record.Number);
        Assert.Equal("Event", record.Name);
        Assert.Equal(SensorType.SystemEvent, record.SensorType);
    }

    [Fact]
    public void Locators_of_inventories_and_controllers_are_read()
    {
        var fru = Assert.IsType<FruLocatorRecord>(Read("0A00 51 11 00" + "20 05 80 00 00 10 00 0A02 00 C4 50535532"));
        var controller = Assert.IsType<ControllerLocatorRecord>(Read("0B00 51 12 00" + "2C 06 00 9F 000000 0601 00 C2 4D45"));

        Assert.Equal((true, 5, "power supply 2", "PSU2"), (fru.IsLogical, fru.DeviceId, fru.Entity.ToString(), fru.Name));
        Assert.Equal((0x2C, 6, "ME"), (controller.Address, controller.Channel, controller.Name));
    }

    [Fact]
    public void Records_of_other_kinds_are_kept_as_they_are()
    {
        var record = Assert.IsType<OtherRecord>(Read("0C00 51 C0 03 AABBCC"));

        Assert.Equal(0xC0, record.RecordType);
        Assert.Equal("AABBCC", Convert.ToHexString(record.Body.Span));
    }

    [Theory]
    [InlineData("C5 48656C6C6F", "Hello")] // 8-bit
    [InlineData("C3 41E442", "AäB")] // Latin-1
    [InlineData("83 29DCA6", "IPMI")] // 6-bit, the example of the specification
    [InlineData("43 1234AB", "1234 -")] // BCD plus
    [InlineData("04 41004200", "AB")] // Unicode
    [InlineData("C0", "")]
    [InlineData("C9 4142", "AB")] // a count that is longer than what follows
    public void Names_are_read_in_all_encodings(string bytes, string name)
    {
        var data = new DataReader(Convert.FromHexString(bytes.Replace(" ", "", StringComparison.Ordinal)), "name");

        Assert.Equal(name, TypeLengthText.ReadName(ref data));
    }

    [Fact]
    public void A_cut_record_says_so()
    {
        var whole = Convert.FromHexString("09005103002000422201126F01000000C54576656E74");
        for (var length = 0; length < whole.Length - 6; length++)
        {
            Assert.Throws<IpmiFormatException>(() => SdrRecord.Read(whole.AsSpan(0, length)));
        }
    }

    [Fact]
    public void Random_bytes_are_a_record_or_a_format_error()
    {
        var random = new Random(4711);
        var bytes = new byte[80];
        for (var i = 0; i < 20_000; i++)
        {
            random.NextBytes(bytes);
            bytes[3] = (byte)(i % 0x14);
            try
            {
                Assert.NotNull(SdrRecord.Read(bytes.AsSpan(0, random.Next(bytes.Length))));
            }
            catch (IpmiFormatException)
            {
            }
        }
    }

    // The fifth byte counts what follows; here it is filled in.
    private static SdrRecord Read(string hex)
    {
        var bytes = Convert.FromHexString(hex.Replace(" ", "", StringComparison.Ordinal));
        bytes[4] = (byte)(bytes.Length - 5);
        return SdrRecord.Read(bytes);
    }
}
