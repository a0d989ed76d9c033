using Farwire.Ipmi.Fru;

namespace Farwire.Ipmi.Tests.Fru;

public sealed class FruReaderTests
{
    private static readonly byte[] Inventory = File.ReadAllBytes(Path.Combine(AppContext.BaseDirectory, "fru0.bin"));

    [Fact]
    public void All_areas_are_read()
    {
        var fru = FruReader.Read(Inventory);

        Assert.Empty(fru.Damaged);
        Assert.Equal(("Rack Mount Chassis", "CHS-1000", "CSN0001"), (fru.Chassis!.TypeName, fru.Chassis.PartNumber, fru.Chassis.SerialNumber));
        Assert.Equal(new DateTimeOffset(2024, 5, 6, 0, 0, 0, TimeSpan.Zero), fru.Board!.Manufactured);
        Assert.Equal(("Example Corp", "X1-Mainboard", "BSN0002", "BPN-77"), (fru.Board.Manufacturer, fru.Board.ProductName, fru.Board.SerialNumber, fru.Board.PartNumber));
        Assert.Equal(("X1 Server", "v1.2", "PSN0003", "ASSET-42"), (fru.Product!.Name, fru.Product.Version, fru.Product.SerialNumber, fru.Product.AssetTag));
    }

    [Fact]
    public void A_damaged_area_does_not_hide_the_others()
    {
        var bytes = Inventory.ToArray();
        bytes[(bytes[3] * 8) + 9] ^= 0x20; // in the board area

        var fru = FruReader.Read(bytes);

        Assert.Equal(["board"], fru.Damaged);
        Assert.NotNull(fru.Chassis);
        Assert.NotNull(fru.Product);
    }

    [Fact]
    public void Further_records_are_kept_and_checked()
    {
        // header at 0, one multi-record at 8: type 00h, last, three bytes
        byte[] bytes = [1, 0, 0, 0, 0, 1, 0, 0xFE, 0x00, 0x82, 3, 0xFA, 0x81, 1, 2, 3];
        var fru = FruReader.Read(bytes);

        Assert.Empty(fru.Damaged);
        Assert.Equal("010203", Convert.ToHexString(Assert.Single(fru.Records).Data.Span));
        bytes[^1]++;
        Assert.Equal(["multi-record"], FruReader.Read(bytes).Damaged);
    }

    [Fact]
    public void No_bytes_break_it()
    {
        var random = new Random(42);
        for (var i = 0; i < 20_000; i++)
        {
            var bytes = Inventory.AsSpan(0, random.Next(Inventory.Length)).ToArray();
            for (var change = 0; change < 3 && bytes.Length > 0; change++)
            {
                bytes[random.Next(bytes.Length)] = (byte)random.Next(256);
            }

            Assert.NotNull(FruReader.Read(bytes));
        }
    }
}
