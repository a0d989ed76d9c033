using System.Text;
using Farwire.Linux.Journal;
using Farwire.TestKit.Journal;

namespace Farwire.Linux.Tests.Journal;

/// <summary>Reads what a real journald wrote.</summary>
public sealed class JournalReaderTests
{
    [Fact]
    public async Task Every_field_comes_as_the_bytes_that_were_sent_and_a_cursor_leads_back_to_its_entry()
    {
        Assert.SkipUnless(JournalDaemon.IsAvailable, JournalDaemon.Needed);
        await using var daemon = await JournalDaemon.StartAsync();
        byte[] binary = [0, 1, 0xFF, (byte)'=', (byte)'\n'];
        using var reader = JournalReader.Open(daemon.Directory);
        reader.Match("FARWIRE_TEST=1");
        daemon.Send(("FARWIRE_TEST", "1"u8.ToArray()), ("MESSAGE", "first"u8.ToArray()), ("BLOB", binary), ("BLOB", "twice"u8.ToArray()));
        daemon.Send(("FARWIRE_TEST", "1"u8.ToArray()), ("MESSAGE", "second"u8.ToArray()));
        reader.ToHead();
        Await(reader);

        var fields = new List<(string Name, byte[] Value)>();
        reader.Fields((name, value) => fields.Add((Encoding.ASCII.GetString(name), value.ToArray())));
        var cursor = reader.Cursor;
        Await(reader);
        Assert.Equal("second", reader["MESSAGE"]);

        Assert.Contains(fields, f => f.Name == "MESSAGE" && f.Value.AsSpan().SequenceEqual("first"u8));
        Assert.Equal(2, fields.Count(f => f.Name == "BLOB"));
        Assert.Contains(fields, f => f.Name == "BLOB" && f.Value.AsSpan().SequenceEqual(binary));
        Assert.True(reader.ToCursor(cursor));
        Assert.Equal("first", reader["MESSAGE"]);
    }

    private static void Await(JournalReader reader)
    {
        for (var tries = 0; !reader.Next(); tries++)
        {
            Assert.True(tries < 600, "The entry did not come.");
            reader.Wait(TimeSpan.FromMilliseconds(100));
        }
    }
}
