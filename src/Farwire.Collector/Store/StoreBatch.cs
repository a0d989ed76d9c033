using System.Security.Cryptography;
using System.Text;
using Farwire.Events.Records;

namespace Farwire.Collector.Store;

/// <summary>What one delivery brings: events, and the bookmark that is valid once they are safe.</summary>
/// <param name="Source">The authenticated name of the sender.</param>
/// <param name="Subscription">The subscription's id.</param>
/// <param name="Events">The events, read.</param>
public sealed record StoreBatch(string Source, string Subscription, IReadOnlyList<EventRecord> Events)
{
    /// <summary>The subscription that the events belong to, when <see cref="Subscription"/> is a companion of it.</summary>
    public string? CompanionOf { get; init; }

    /// <summary>Where the source continues after this batch; null leaves the bookmark as it is.</summary>
    public string? Bookmark { get; init; }

    /// <summary>Events that the source had to drop.</summary>
    public long Dropped { get; init; }

    /// <summary>The name that the machine gives itself.</summary>
    public string? MachineId { get; init; }

    /// <summary>Where it came from.</summary>
    public string? Address { get; init; }

    /// <summary>The number of the source's last batch as it was when this one came.</summary>
    internal long Seen { get; init; }

    /// <summary>Records between the batch before and this one that never came.</summary>
    internal long Missing { get; init; }

    /// <summary>Logs that were cleared before or in this batch.</summary>
    internal int Cleared { get; init; }

    /// <summary>Events of another computer than the source.</summary>
    internal int Strange { get; init; }

    /// <summary>Bytes that the events take, about.</summary>
    internal int Size => Events.Sum(record => record.Xml.Length) + 64;

    /// <summary>
    /// Tells a batch that is sent again, because its acknowledgement was lost, from a new one. Record numbers alone do not: they begin anew when a
    /// log is cleared.
    /// </summary>
    internal byte[] Hash()
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (var record in Events)
        {
            hash.AppendData(System.Runtime.InteropServices.MemoryMarshal.AsBytes(record.Xml.AsSpan()));
            hash.AppendData([0]);
        }

        hash.AppendData(Encoding.UTF8.GetBytes(Bookmark ?? ""));
        return hash.GetHashAndReset();
    }
}

/// <summary>What became of a batch that is safe now.</summary>
/// <param name="IsDuplicate">It had been stored before: the acknowledgement was lost on its way.</param>
/// <param name="FirstSequence">The number of its first event; 0 when it brought none.</param>
public readonly record struct StoreOutcome(bool IsDuplicate, long FirstSequence);
