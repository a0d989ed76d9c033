namespace Farwire.Ipmi.Sdr;

/// <summary>A repository as bytes: what it was read as of, then each record behind its length.</summary>
internal static class SdrCacheFormat
{
    private const uint Version = 0x31_52_44_53; // "SDR1"

    public static byte[] Write(SdrRepository repository)
    {
        var bytes = new byte[4 + 10 + repository.Raw.Sum(r => 2 + r.Length)];
        var writer = new DataWriter(bytes);
        writer.UInt32(Version);
        writer.UInt16(repository.Info.Count);
        writer.UInt32(repository.Info.Addition);
        writer.UInt32(repository.Info.Erase);
        foreach (var record in repository.Raw)
        {
            writer.UInt16((ushort)record.Length);
            writer.Bytes(record.Span);
        }

        return bytes;
    }

    /// <summary>The kept repository, or null when it is of another state than <paramref name="now"/>, or damaged.</summary>
    public static SdrRepository? Read(ReadOnlyMemory<byte> bytes, SdrRepositoryInfo now)
    {
        try
        {
            var reader = new DataReader(bytes.Span, "The kept records");
            if (reader.UInt32() != Version || new SdrRepositoryInfo(reader.UInt16(), reader.UInt32(), reader.UInt32()) != now)
            {
                return null;
            }

            var raw = new List<ReadOnlyMemory<byte>>(now.Count);
            while (reader.HasMore)
            {
                raw.Add(reader.Bytes(reader.UInt16()).ToArray());
            }

            return new SdrRepository(now, raw);
        }
        catch (IpmiFormatException)
        {
            return null;
        }
    }
}
