using System.Collections.Concurrent;

namespace Farwire.Security.Accounts;

/// <summary>Slows down whoever guesses passwords: after some wrong ones, a name from an address is refused unheard for a while.</summary>
/// <remarks>The count belongs to name and address together, so that nobody can lock another out from elsewhere.</remarks>
public sealed class GuessLimit(TimeProvider time)
{
    /// <summary>Wrong passwords that are free.</summary>
    public const int FreeGuesses = 10;

    private const int MaxEntries = 10_000;

    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(60);

    private readonly ConcurrentDictionary<(string Name, string Address), (int Wrong, long Last)> _entries = new();

    /// <summary>True when the name may be tried from the address now.</summary>
    public bool IsOpen(string name, string address) =>
        !_entries.TryGetValue(Key(name, address), out var entry) || entry.Wrong < FreeGuesses || time.GetElapsedTime(entry.Last) >= Pause;

    /// <summary>Counts a wrong password.</summary>
    public void Wrong(string name, string address)
    {
        if (_entries.Count >= MaxEntries)
        {
            Forget();
        }

        _entries.AddOrUpdate(
            Key(name, address),
            _ => (1, time.GetTimestamp()),
            (_, entry) => (time.GetElapsedTime(entry.Last) >= Pause ? 1 : entry.Wrong + 1, time.GetTimestamp()));
    }

    /// <summary>Forgets the wrong ones after a right one.</summary>
    public void Right(string name, string address) => _entries.TryRemove(Key(name, address), out _);

    private void Forget()
    {
        foreach (var (key, entry) in _entries)
        {
            if (time.GetElapsedTime(entry.Last) >= Pause)
            {
                _entries.TryRemove(key, out _);
            }
        }

        // A flood of names in one minute: room is worth more than memory of it.
        if (_entries.Count >= MaxEntries)
        {
            _entries.Clear();
        }
    }

    private static (string Name, string Address) Key(string name, string address) => (name.ToUpperInvariant(), address);
}
