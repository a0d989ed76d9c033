namespace Farwire.Ipmi.Sel;

/// <summary>Gives the records that are new since the last time, each once.</summary>
/// <remarks>
/// Records are told apart by number and bytes, never by time: the controller's clock may be set back. When the last record that was seen is gone or
/// is another one, the log was cleared or has wrapped past it, and all that is in it now is new.
/// </remarks>
public sealed class SelFollower
{
    private const int RecordBytes = 16;

    private readonly SelDevice _sel;
    private SelInfo? _info;
    private SelRecord? _last;

    internal SelFollower(SelDevice sel, string? mark = null)
    {
        _sel = sel;
        _last = mark is { Length: > 0 } && IsMark(mark) ? SelRecord.Read(Convert.FromHexString(mark)) : null;
    }

    /// <summary>Where this reader stands, for one that goes on later; empty before any record.</summary>
    public string Mark => _last is null ? "" : MarkOf(_last);

    /// <summary>Where a reader stands after <paramref name="record"/>.</summary>
    public static string MarkOf(SelRecord record) => Convert.ToHexString(record.Raw.Span);

    /// <summary>True when <paramref name="mark"/> may be such a place.</summary>
    public static bool IsMark(string mark) => mark.Length is 0 or 2 * RecordBytes && mark.All(char.IsAsciiHexDigit);

    /// <summary>The new records, oldest first; the first time all that are in the log.</summary>
    public async ValueTask<IReadOnlyList<SelRecord>> ReadNewAsync(CancellationToken cancellationToken = default)
    {
        var info = await _sel.GetInfoAsync(cancellationToken).ConfigureAwait(false);
        if (info == _info && _last is null == (info.Entries == 0))
        {
            return [];
        }

        var records = new List<SelRecord>();
        if (_last is not null)
        {
            var isLast = true;
            await foreach (var record in _sel.ReadAsync(_last.RecordId, cancellationToken).ConfigureAwait(false))
            {
                if (isLast && !record.Raw.Span.SequenceEqual(_last.Raw.Span))
                {
                    break;
                }

                if (!isLast)
                {
                    records.Add(record);
                }

                isLast = false;
            }

            if (isLast)
            {
                _last = null; // gone, or another one
            }
        }

        if (_last is null)
        {
            await foreach (var record in _sel.ReadAsync(null, cancellationToken).ConfigureAwait(false))
            {
                records.Add(record);
            }
        }

        _last = records.Count > 0 ? records[^1] : _last;
        _info = info;
        return records;
    }
}
