using System.Globalization;
using System.Runtime.InteropServices;
using System.Text;

namespace Farwire.Linux.Journal;

/// <summary>Takes one field of an entry.</summary>
/// <param name="name">Its name.</param>
/// <param name="value">Its bytes: mostly UTF-8, but whatever the sender gave.</param>
public delegate void JournalField(ReadOnlySpan<byte> name, ReadOnlySpan<byte> value);

/// <summary>The journal of systemd, entry by entry. One reader at a time; for one thread at a time.</summary>
/// <remarks>sd-journal(3). What this account may not read is left out. Fields longer than <see cref="MaxField"/> are cut.</remarks>
public sealed partial class JournalReader : IDisposable
{
    private const string Library = "libsystemd.so.0";
    private const int LocalOnly = 1;
    private const int MaxField = 64 * 1024;

    private const short Readable = 1;

    private readonly byte[] _field = new byte[MaxField + 256]; // a name has 64 bytes at most

    private nint _journal;
    private bool _isWatched;

    private JournalReader(nint journal)
    {
        _journal = journal;
        Check(SetDataThreshold(journal, MaxField));
    }

    /// <summary>Opens the journal of this machine; null where there is none, nor the library that reads it.</summary>
    public static JournalReader? TryOpen()
    {
        try
        {
            using var reading = JournalFaults.Reading();
            return Open(out var journal, LocalOnly) < 0 ? null : new JournalReader(journal);
        }
        catch (DllNotFoundException)
        {
            return null;
        }
    }

    /// <summary>Opens the journal files of one directory and of the machines below it.</summary>
    /// <param name="directory">Where they are.</param>
    /// <exception cref="IOException">They cannot be read.</exception>
    public static JournalReader Open(string directory)
    {
        using var reading = JournalFaults.Reading();
        Check(OpenDirectory(out var journal, directory, 0));
        return new JournalReader(journal);
    }

    /// <summary>Only entries with <c>FIELD=value</c>; several of a field are alternatives, of several fields all must fit.</summary>
    public unsafe void Match(string match)
    {
        var bytes = Encoding.UTF8.GetBytes(match);
        fixed (byte* data = bytes)
        {
            Check(AddMatch(_journal, data, (nuint)bytes.Length));
        }
    }

    /// <summary>Goes before the first entry.</summary>
    public void ToHead()
    {
        using var reading = JournalFaults.Reading();
        Check(SeekHead(_journal));
    }

    /// <summary>Goes behind the last entry.</summary>
    public void ToTail()
    {
        using var reading = JournalFaults.Reading();
        Check(SeekTail(_journal));
    }

    /// <summary>Goes to the entry with this number; false when it is gone, and then the place is nobody's to rely on. The number's own journal is that of the newest entry.</summary>
    public bool ToNumber(ulong number)
    {
        ToTail();
        if (!Previous())
        {
            return false;
        }

        var sequence = Part("s=");
        using var reading = JournalFaults.Reading();
        return SeekCursor(_journal, string.Create(CultureInfo.InvariantCulture, $"s={sequence};i={number:x}")) >= 0 && Next() && Number == number;
    }

    /// <summary>Goes to the entry with this cursor; false when it is gone, and then the next step leads to the one that came nearest after it.</summary>
    public bool ToCursor(string cursor)
    {
        if (Seek(cursor) is not { } isThere)
        {
            return false;
        }

        if (isThere)
        {
            return true;
        }

        if (!Previous())
        {
            ToHead();
        }

        return false;
    }

    /// <summary>Hands every field of the entry at hand to <paramref name="take"/>: its name and its bytes, which are gone when it returns.</summary>
    public void Fields(JournalField take)
    {
        RestartData(_journal);
        while (NextField() is { } length)
        {
            var field = _field.AsSpan(0, length);
            if (field.IndexOf((byte)'=') is > 0 and var name)
            {
                take(field[..name], field[(name + 1)..]);
            }
        }
    }

    /// <summary>Goes on by one; false at the end.</summary>
    public bool Next()
    {
        using var reading = JournalFaults.Reading();
        return Check(GoNext(_journal)) > 0;
    }

    /// <summary>Goes back by one; false at the beginning.</summary>
    public bool Previous()
    {
        using var reading = JournalFaults.Reading();
        return Check(GoPrevious(_journal)) > 0;
    }

    /// <summary>Waits until entries come or <paramref name="patience"/> is over.</summary>
    public void Wait(TimeSpan patience)
    {
        using var reading = JournalFaults.Reading();
        Check(WaitFor(_journal, (ulong)(patience.Ticks / TimeSpan.TicksPerMicrosecond)));
    }

    /// <summary>Waits until entries come or <paramref name="wake"/> can be read.</summary>
    /// <remarks>sd_journal_get_fd(3): no more often than the kernel has news, and where it has none to give (network file systems), four times a second.</remarks>
    public unsafe void Wait(SafeHandle wake)
    {
        using var reading = JournalFaults.Reading();
        var descriptor = Check(GetDescriptor(_journal));
        if (!_isWatched)
        {
            _isWatched = true; // what came before the kernel watched is still to be looked for
            return;
        }

        Check(GetTimeout(_journal, out var microseconds));
        var descriptors = stackalloc PollDescriptor[2];
        descriptors[0] = new PollDescriptor { Descriptor = descriptor, Events = (short)Check(GetEvents(_journal)) };
        descriptors[1] = new PollDescriptor { Descriptor = (int)wake.DangerousGetHandle(), Events = Readable };
        _ = Poll(descriptors, 2, microseconds == ulong.MaxValue ? -1 : (int)Math.Min(microseconds / 1000, int.MaxValue)); // interrupted is as good as woken
        GC.KeepAlive(wake);
        Check(Process(_journal));
    }

    /// <summary>When the entry at hand was taken.</summary>
    public DateTimeOffset Time
    {
        get
        {
            using var reading = JournalFaults.Reading();
            Check(GetRealtime(_journal, out var microseconds));
            return DateTimeOffset.UnixEpoch.AddTicks((long)microseconds * TimeSpan.TicksPerMicrosecond);
        }
    }

    /// <summary>The number of the entry at hand: journald counts all it takes, over restarts too.</summary>
    public ulong Number => ulong.Parse(Part("i="), NumberStyles.HexNumber, CultureInfo.InvariantCulture);

    /// <summary>The place of the entry at hand.</summary>
    public string Cursor
    {
        get
        {
            using var reading = JournalFaults.Reading();
            Check(GetCursor(_journal, out var text));
            try
            {
                return Marshal.PtrToStringUTF8(text)!;
            }
            finally
            {
                Free(text);
            }
        }
    }

    /// <summary>A field of the entry at hand; null when it has none.</summary>
    public string? this[string field]
    {
        get
        {
            using var reading = JournalFaults.Reading();
            return GetData(_journal, field, out var data, out var length) < 0 ? null : Encoding.UTF8.GetString(_field, field.Length + 1, Take(data, length) - field.Length - 1);
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        if (Interlocked.Exchange(ref _journal, 0) is not 0 and var journal)
        {
            Close(journal);
        }
    }

    // Null at the end; else whether the entry is the one with this cursor.
    private bool? Seek(string cursor)
    {
        using var reading = JournalFaults.Reading();
        Check(SeekCursor(_journal, cursor));
        return Check(GoNext(_journal)) > 0 ? Check(TestCursor(_journal, cursor)) > 0 : null;
    }

    // The next field into our own memory: its length, or null behind the last.
    private int? NextField()
    {
        using var reading = JournalFaults.Reading();
        return Check(EnumerateData(_journal, out var data, out var length)) > 0 ? Take(data, length) : null;
    }

    private int Take(nint data, nuint length)
    {
        var taken = (int)Math.Min(length, (nuint)_field.Length);
        JournalFaults.Copy(data, _field.AsSpan(0, taken));
        return taken;
    }

    // s=…;i=…;b=…;m=…;t=…;x=…
    private string Part(string name) => Cursor.Split(';').First(part => part.StartsWith(name, StringComparison.Ordinal))[name.Length..];

    private static int Check(int result) => result >= 0 ? result : throw new IOException($"The journal cannot be read: error {-result}.");

    [LibraryImport(Library, EntryPoint = "sd_journal_open")]
    private static partial int Open(out nint journal, int flags);

    [LibraryImport(Library, EntryPoint = "sd_journal_open_directory", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int OpenDirectory(out nint journal, string path, int flags);

    [LibraryImport(Library, EntryPoint = "sd_journal_test_cursor", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int TestCursor(nint journal, string cursor);

    [LibraryImport(Library, EntryPoint = "sd_journal_restart_data")]
    private static partial void RestartData(nint journal);

    [LibraryImport(Library, EntryPoint = "sd_journal_enumerate_available_data")]
    private static partial int EnumerateData(nint journal, out nint data, out nuint length);

    [LibraryImport(Library, EntryPoint = "sd_journal_close")]
    private static partial void Close(nint journal);

    [LibraryImport(Library, EntryPoint = "sd_journal_set_data_threshold")]
    private static partial int SetDataThreshold(nint journal, nuint bytes);

    [LibraryImport(Library, EntryPoint = "sd_journal_add_match")]
    private static unsafe partial int AddMatch(nint journal, byte* data, nuint length);

    [LibraryImport(Library, EntryPoint = "sd_journal_seek_head")]
    private static partial int SeekHead(nint journal);

    [LibraryImport(Library, EntryPoint = "sd_journal_seek_tail")]
    private static partial int SeekTail(nint journal);

    [LibraryImport(Library, EntryPoint = "sd_journal_seek_cursor", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int SeekCursor(nint journal, string cursor);

    [LibraryImport(Library, EntryPoint = "sd_journal_next")]
    private static partial int GoNext(nint journal);

    [LibraryImport(Library, EntryPoint = "sd_journal_previous")]
    private static partial int GoPrevious(nint journal);

    [LibraryImport(Library, EntryPoint = "sd_journal_wait")]
    private static partial int WaitFor(nint journal, ulong microseconds);

    [LibraryImport(Library, EntryPoint = "sd_journal_get_fd")]
    private static partial int GetDescriptor(nint journal);

    [LibraryImport(Library, EntryPoint = "sd_journal_get_events")]
    private static partial int GetEvents(nint journal);

    [LibraryImport(Library, EntryPoint = "sd_journal_get_timeout")]
    private static partial int GetTimeout(nint journal, out ulong microseconds);

    [LibraryImport(Library, EntryPoint = "sd_journal_process")]
    private static partial int Process(nint journal);

    [LibraryImport("libc", EntryPoint = "poll")]
    private static unsafe partial int Poll(PollDescriptor* descriptors, nuint count, int milliseconds);

    [LibraryImport(Library, EntryPoint = "sd_journal_get_realtime_usec")]
    private static partial int GetRealtime(nint journal, out ulong microseconds);

    [LibraryImport(Library, EntryPoint = "sd_journal_get_cursor")]
    private static partial int GetCursor(nint journal, out nint cursor);

    [LibraryImport(Library, EntryPoint = "sd_journal_get_data", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int GetData(nint journal, string field, out nint data, out nuint length);

    [LibraryImport("libc", EntryPoint = "free")]
    private static partial void Free(nint pointer);

    // poll(2)
    [StructLayout(LayoutKind.Sequential)]
    private struct PollDescriptor
    {
        public int Descriptor;
        public short Events;
        public short Happened;
    }
}
