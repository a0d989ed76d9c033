using Farwire.Ipmi.Device;

namespace Farwire.Ipmi.Sdr;

/// <summary>Where a controller keeps its sensor data records.</summary>
/// <remarks>
/// IPMI 2.0, "SDR Repository Device Commands", "Reading the SDR Repository".
/// <code>
/// 1  ask how many records there are and when they changed
/// 2  take what is kept, when it is of the same state
/// 3  read record after record, whole or, under a reservation, in parts
/// 4  ask again; after a change begin anew
/// </code>
/// </remarks>
public sealed class SdrRepositoryDevice : IDisposable
{
    private const int MaxRounds = 5;
    private const int MaxRecords = 4096;
    private const ushort First = 0x0000;
    private const ushort Last = 0xFFFF;

    private readonly IpmiClient _client;
    private readonly ISdrCache? _cache;
    private readonly SemaphoreSlim _turn = new(1, 1);
    private SdrRepository? _known;
    private string? _key;
    private byte _part = GetSdr.Whole; // how much the controller gives at once; shrinks when it refuses

    internal SdrRepositoryDevice(IpmiClient client, ISdrCache? cache) => (_client, _cache) = (client, cache);

    /// <summary>All records; read only when they changed since the last time.</summary>
    public async ValueTask<SdrRepository> ReadAsync(CancellationToken cancellationToken = default)
    {
        await _turn.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            for (var round = 0; round < MaxRounds; round++)
            {
                var info = await InfoAsync(cancellationToken).ConfigureAwait(false); // 1
                if (_known?.Info == info)
                {
                    return _known;
                }

                if (await FindAsync(info, cancellationToken).ConfigureAwait(false) is { } kept) // 2
                {
                    return _known = kept;
                }

                var records = await ReadRecordsAsync(cancellationToken).ConfigureAwait(false); // 3
                if (await InfoAsync(cancellationToken).ConfigureAwait(false) == info) // 4
                {
                    _known = new SdrRepository(info, records);
                    _cache?.Keep(await KeyAsync(cancellationToken).ConfigureAwait(false), SdrCacheFormat.Write(_known));
                    return _known;
                }
            }

            throw new IpmiFormatException($"The sensor data records of {_client.Address} changed each of {MaxRounds} times while they were read.");
        }
        finally
        {
            _turn.Release();
        }
    }

    /// <summary>Ends with its client.</summary>
    public void Dispose() => _turn.Dispose();

    private async ValueTask<SdrRepository?> FindAsync(SdrRepositoryInfo info, CancellationToken cancellationToken) =>
        _cache?.Find(await KeyAsync(cancellationToken).ConfigureAwait(false)) is { } kept ? SdrCacheFormat.Read(kept, info) : null;

    private ValueTask<SdrRepositoryInfo> InfoAsync(CancellationToken cancellationToken) => _client.SendAsync(new GetSdrRepositoryInfo(), cancellationToken);

    // A controller behind the same address may be another one tomorrow, or the same with other firmware.
    private async ValueTask<string> KeyAsync(CancellationToken cancellationToken)
    {
        if (_key is null)
        {
            var id = await _client.SendAsync(new GetDeviceId(), cancellationToken).ConfigureAwait(false);
            var guid = await _client.TryAsync(new GetDeviceGuid(), cancellationToken).ConfigureAwait(false);
            _key = $"{_client.Address}/{id.Manufacturer}/{id.Product}/{id.Firmware}/{Convert.ToHexStringLower(guid.Data.Span)}";
        }

        return _key;
    }

    private async ValueTask<List<ReadOnlyMemory<byte>>> ReadRecordsAsync(CancellationToken cancellationToken)
    {
        var reader = new SdrReader(_client, _part);
        var records = new List<ReadOnlyMemory<byte>>();
        for (var id = First; id != Last;)
        {
            var (next, bytes) = await reader.ReadAsync(id, cancellationToken).ConfigureAwait(false);
            records.Add(bytes);

            // A list that leads back to a record or to the first one would never end.
            if (records.Count > MaxRecords || next == id || next == First)
            {
                throw new IpmiFormatException($"The sensor data records of {_client.Address} do not come to an end.");
            }

            id = next;
        }

        _part = reader.Part;
        return records;
    }
}
