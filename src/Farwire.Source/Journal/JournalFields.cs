using System.Text;
using Farwire.Linux.Journal;
using Farwire.Source.Mapping;

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
        return log;
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
