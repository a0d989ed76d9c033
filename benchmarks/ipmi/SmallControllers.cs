using Farwire.TestKit.Bmc;

namespace Farwire.Benchmarks.Ipmi;

/// <summary>Controllers with ten temperature sensors each, until standard input ends. Writes their ports, one a line.</summary>
internal static class SmallControllers
{
    private const int Sensors = 10;

    private static readonly byte[][] Records = [.. Enumerable.Range(1, Sensors).Select(Record)];

    public static async Task RunAsync(int count)
    {
        var controllers = Enumerable.Range(0, count).Select(_ => new RespondingBmc(Answer)).ToList();
        controllers.ForEach(c => Console.WriteLine(c.Port));
        await Console.Out.FlushAsync();
        await Console.In.ReadToEndAsync();
        await Task.WhenAll(controllers.Select(c => c.DisposeAsync().AsTask()));
    }

    private static byte[] Answer(BmcRequest request) => request switch
    {
        { Function: 0x06, Command: 0x01 } => [0x00, 0x20, 0x01, 0x02, 0x15, 0x02, 0xBF, 0xB7, 0xA2, 0x00, 0x02, 0x01],
        { Function: 0x0A, Command: 0x20 } => [0, 0x51, Sensors, 0, 0xFF, 0xFF, 1, 0, 0, 0, 1, 0, 0, 0, 0x02],
        { Function: 0x0A, Command: 0x23 } => Part(Math.Max(1, (int)request.Data[2])),
        { Function: 0x04, Command: 0x2D } => [0, (byte)(40 + request.Data[0]), 0xC0, 0xC0],
        _ => [0xC1],
    };

    private static byte[] Part(int id) => [0, .. id == Sensors ? [(byte)0xFF, (byte)0xFF] : new byte[] { (byte)(id + 1), 0 }, .. Records[id - 1]];

    // a full sensor record: degrees C, one a count
    private static byte[] Record(int id)
    {
        var record = new byte[5 + 43 + 8];
        (record[0], record[2], record[3], record[4]) = ((byte)id, 0x51, 0x01, (byte)(record.Length - 5));
        (record[5], record[7], record[8], record[9]) = (0x20, (byte)id, 0x03, (byte)id);
        (record[12], record[13], record[21], record[24]) = (0x01, 0x01, 0x01, 0x01);
        record[47] = 0xC8;
        "CPU Temp"u8.CopyTo(record.AsSpan(48));
        return record;
    }
}
