namespace Farwire.Ipmi.Sdr;

/// <summary>Reads single records: whole where the controller can, else in parts that become smaller as it refuses.</summary>
/// <remarks>IPMI 2.0, "Reservation ID Usage": parts need a reservation, which a change takes away; whole records need none.</remarks>
internal sealed class SdrReader(IpmiClient client, byte part)
{
    private const int MaxReservations = 8;
    private const byte SmallestPart = 8;

    private ushort? _reservation;
    private int _reservations;

    /// <summary>The bytes to ask for at once.</summary>
    public byte Part { get; private set; } = part;

    public async ValueTask<SdrPart> ReadAsync(ushort id, CancellationToken cancellationToken)
    {
        while (true)
        {
            if (await TryReadAsync(id, cancellationToken).ConfigureAwait(false) is { } record)
            {
                return record;
            }
        }
    }

    // Null: the reservation was lost or the parts became smaller; the record begins anew.
    private async ValueTask<SdrPart?> TryReadAsync(ushort id, CancellationToken cancellationToken)
    {
        var whole = new byte[SdrRecord.HeaderBytes + byte.MaxValue];
        var length = Part == GetSdr.Whole ? whole.Length : SdrRecord.HeaderBytes;
        ushort next = 0;
        for (var offset = 0; offset < length;)
        {
            // The header first tells how long the record is.
            var count = Part == GetSdr.Whole && offset == 0 ? GetSdr.Whole : (byte)Math.Min(Part, Math.Min(length - offset, 0xFE));
            var reservation = count == GetSdr.Whole ? (ushort)0 : _reservation ??= await ReserveAsync(cancellationToken).ConfigureAwait(false);
            var command = new GetSdr(reservation, id, (byte)offset, count);
            var response = await client.TryAsync(command, cancellationToken).ConfigureAwait(false);
            switch (response.CompletionCode)
            {
                case CompletionCode.Ok:
                    break;
                case CompletionCode.ReservationCanceled:
                    _reservation = null;
                    return null;
                case var code when IsAboutLength(code) && Part > SmallestPart:
                    Part = Part > 32 ? (byte)32 : (byte)(Part / 2);
                    return null;
                case var code:
                    throw new IpmiCompletionException(command.Code, code);
            }

            var (following, bytes) = IpmiClient.Read(command, response);
            if (bytes.Length == 0 || bytes.Length > whole.Length - offset)
            {
                throw new IpmiFormatException($"{client.Address} answered {bytes.Length} bytes for a part of sensor data record {id:X4}.");
            }

            bytes.Span.CopyTo(whole.AsSpan(offset));
            next = following;
            offset += bytes.Length;
            if (offset >= SdrRecord.HeaderBytes)
            {
                length = SdrRecord.HeaderBytes + whole[SdrRecord.HeaderBytes - 1];
            }
        }

        return new SdrPart(next, whole.AsMemory(0, length));
    }

    private async ValueTask<ushort> ReserveAsync(CancellationToken cancellationToken)
    {
        if (_reservations++ == MaxReservations)
        {
            throw new IpmiCompletionException(new GetSdr(0, 0, 0, 0).Code, CompletionCode.ReservationCanceled);
        }

        var command = new ReserveSdrRepository();
        var response = await client.TryAsync(command, cancellationToken).ConfigureAwait(false);
        return response.CompletionCode switch
        {
            CompletionCode.Ok => IpmiClient.Read(command, response),
            CompletionCode.InvalidCommand => 0, // a repository that never changes needs none
            var code => throw new IpmiCompletionException(command.Code, code),
        };
    }

    // Controllers name the refusal of a long read in many ways.
    private static bool IsAboutLength(CompletionCode code) => code is CompletionCode.CannotReturnBytes or CompletionCode.Unspecified
        or CompletionCode.RequestLengthInvalid or CompletionCode.FieldLengthExceeded or CompletionCode.RequestTruncated or CompletionCode.OutOfRange
        or CompletionCode.InvalidField or CompletionCode.TimedOut or CompletionCode.NoResponse;
}
