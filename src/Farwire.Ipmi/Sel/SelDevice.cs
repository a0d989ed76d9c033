using System.Runtime.CompilerServices;

namespace Farwire.Ipmi.Sel;

/// <summary>The system event log of a controller.</summary>
/// <remarks>IPMI 2.0, "SEL Device Commands".</remarks>
public sealed class SelDevice
{
    private const int MaxRecords = 65_536;
    private const int MaxErasureQuestions = 100;

    private readonly IpmiClient _client;

    internal SelDevice(IpmiClient client) => _client = client;

    /// <summary>How full the log is.</summary>
    public ValueTask<SelInfo> GetInfoAsync(CancellationToken cancellationToken = default) => _client.SendAsync(new GetSelInfo(), cancellationToken);

    /// <summary>The records, oldest first, read one at a time; from <paramref name="first"/> on when it is given.</summary>
    public async IAsyncEnumerable<SelRecord> ReadAsync(ushort? first = null, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        var id = first ?? GetSelEntry.First;
        for (var count = 0; ; count++)
        {
            var command = new GetSelEntry(id);
            var response = await _client.TryAsync(command, cancellationToken).ConfigureAwait(false);
            switch (response.CompletionCode)
            {
                case CompletionCode.Ok:
                    break;
                case CompletionCode.NotPresent:
                    yield break; // empty, or cleared meanwhile
                case var code:
                    throw new IpmiCompletionException(command.Code, code);
            }

            var (next, record) = IpmiClient.Read(command, response);
            yield return record;
            if (next == GetSelEntry.Last)
            {
                yield break;
            }

            // A list that leads back would never end.
            if (count == MaxRecords || next == id || next == GetSelEntry.First)
            {
                throw new IpmiFormatException($"The event log of {_client.Address} does not come to an end.");
            }

            id = next;
        }
    }

    /// <summary>Begins to follow the log, or goes on.</summary>
    /// <param name="mark">Where an earlier reader stood (<see cref="SelFollower.Mark"/>); null begins with all that is in the log.</param>
    public SelFollower Follow(string? mark = null) => new(this, mark);

    /// <summary>Adds a record and gives its number. The controller sets number and time.</summary>
    /// <exception cref="ArgumentException">The record has not sixteen bytes.</exception>
    public ValueTask<ushort> AddAsync(SelRecord record, CancellationToken cancellationToken = default)
    {
        if (record is SelOemRecord oem && oem.Data.Length != (oem.Timestamp is not null && oem.Manufacturer is not null ? 6 : 13))
        {
            throw new ArgumentException("A manufacturer's record has 6 bytes of data with a time and manufacturer, 13 without.", nameof(record));
        }

        return _client.SendAsync(new AddSelEntry(record), cancellationToken);
    }

    /// <summary>Erases all records and waits until it is done.</summary>
    public async ValueTask ClearAsync(CancellationToken cancellationToken = default)
    {
        var info = await GetInfoAsync(cancellationToken).ConfigureAwait(false);
        var reservation = info.HasReservations ? await _client.SendAsync(new ReserveSel(), cancellationToken).ConfigureAwait(false) : (ushort)0;
        var done = await _client.SendAsync(new ClearSel(reservation, Begin: true), cancellationToken).ConfigureAwait(false);
        for (var question = 0; !done; question++)
        {
            if (question == MaxErasureQuestions)
            {
                throw new IpmiCompletionException(new ClearSel(0, false).Code, CompletionCode.TimedOut);
            }

            await _client.PauseAsync(cancellationToken).ConfigureAwait(false);
            done = await _client.SendAsync(new ClearSel(reservation, Begin: false), cancellationToken).ConfigureAwait(false);
        }
    }

    /// <summary>The log's clock.</summary>
    public async ValueTask<DateTimeOffset?> GetTimeAsync(CancellationToken cancellationToken = default) =>
        IpmiTime.ToTime(await _client.SendAsync(new GetSelTime(), cancellationToken).ConfigureAwait(false));

    /// <summary>Sets the log's clock.</summary>
    public async ValueTask SetTimeAsync(DateTimeOffset time, CancellationToken cancellationToken = default) =>
        await _client.SendAsync(new SetSelTime(IpmiTime.FromTime(time)), cancellationToken).ConfigureAwait(false);
}
