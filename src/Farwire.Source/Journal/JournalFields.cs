using System.Text;
using Farwire.Linux.Accounts;
using Farwire.Linux.Journal;
using Farwire.Source.Mapping;
using Farwire.Source.Syslog;

namespace Farwire.Source.Journal;

/// <summary>Takes the fields of entries out of a journal. One for each reader: the names of fields are kept, for they are always the same.</summary>
internal sealed class JournalFields
{
    private const int MaxNames = 4096;

    private readonly Dictionary<string, string> _names = new(StringComparer.Ordinal);

    /// <summary>The entry at hand.</summary>
    /// <param name="journal">Stands at it.</param>
    /// <param name="only">The fields that are wanted; null wants all.</param>
    public LogFields At(JournalReader journal, IReadOnlySet<string>? only = null)
    {
        var log = new LogFields { Received = journal.Time };
        journal.Fields((name, value) =>
        {
            if (NameOf(name) is var field && (only is null || only.Contains(field)))
            {
                log.Add(field, value);
            }
        });
        return log.All.Any(field => IsOurs(field.Name)) ? Believed(log, only) : log;
    }

    private static bool IsOurs(string name) => name.StartsWith("FARWIRE_", StringComparison.Ordinal);

    // Fields of this service are believed of this service alone. What journald knows of the writer of a message of syslog is about this service, not
    // about the sender.
    private static LogFields Believed(LogFields log, IReadOnlySet<string>? only)
    {
        var isOwn = log.Number("_UID") == AccountDirectory.OwnId;
        var isSent = isOwn && log[SyslogJournal.Transport] is not null;
        var sent = new LogFields { Received = log.Received, Computer = isSent ? log[SyslogJournal.Host] : null };
        foreach (var (name, value) in log.All.Where(field => isSent ? field.Name[0] != '_' : isOwn || !IsOurs(field.Name)))
        {
            sent.Add(name, value);
        }

        foreach (var (name, value) in isSent && log[SyslogJournal.Data] is { } data ? StructuredData.ParametersOf(data) : [])
        {
            if (only is null || only.Contains(name))
            {
                sent.Add(name, value);
            }
        }

        return sent;
    }

    // journald takes capital letters, digits and underscores, 64 at most.
    private string NameOf(ReadOnlySpan<byte> name)
    {
        Span<char> characters = stackalloc char[64];
        if (name.Length > characters.Length)
        {
            return Encoding.UTF8.GetString(name);
        }

        characters = characters[..Encoding.Latin1.GetChars(name, characters)];
        if (!_names.GetAlternateLookup<ReadOnlySpan<char>>().TryGetValue(characters, out var known))
        {
            known = characters.ToString();
            if (_names.Count < MaxNames)
            {
                _names.Add(known, known);
            }
        }

        return known;
    }
}
