using System.Buffers.Binary;
using System.Security.Cryptography;
using Farwire.Ipmi.Rmcp;

namespace Farwire.Ipmi.Session;

/// <summary>Opens a session over an exchange of datagrams, with the best suite that the controller allows.</summary>
internal sealed class SessionOpening(LanOptions options, LanExchange exchange)
{
    private const int MaxRounds = 3;

    private byte _tag;

    public async ValueTask<(LanSession Session, CipherSuite Suite)> OpenAsync(CancellationToken cancellationToken)
    {
        await CheckCapabilitiesAsync(cancellationToken).ConfigureAwait(false);
        foreach (var suite in options.CipherSuites)
        {
            if (await OpenAsync(suite, cancellationToken).ConfigureAwait(false) is { } session)
            {
                return (session, suite);
            }
        }

        throw RakpStatus.NoCipherSuite.Refusal(options.Address, options);
    }

    // Says early what would otherwise be silence: a controller of IPMI 1.5, or one with a key of its own.
    private async ValueTask CheckCapabilitiesAsync(CancellationToken cancellationToken)
    {
        var request = AuthenticationCapabilities.Request(options.Privilege);
        var answer = await exchange.AskAsync(
            datagram => PresessionPacket.Write(datagram, 1, request),
            (ReadOnlySpan<byte> datagram, out IpmiResponse response) => ReadPresession(datagram, 1, request, out response),
            cancellationToken).ConfigureAwait(false) ?? throw Silent();
        if (answer.CompletionCode != CompletionCode.Ok)
        {
            return; // some controllers refuse the question and open sessions nevertheless
        }

        var capabilities = AuthenticationCapabilities.Read(answer.Data.Span);
        if (!capabilities.HasRmcpPlus)
        {
            throw new IpmiTransportException(
                IpmiTransportFailure.SessionRefused, $"{options.Address} offers sessions of IPMI 1.5 only, which do not encrypt. Enable RMCP+ (IPMI 2.0) on it.");
        }

        if (capabilities.NeedsKg && options.Kg.IsEmpty)
        {
            throw new IpmiTransportException(
                IpmiTransportFailure.Authentication, $"{options.Address} has a key of its own (K_g) beside the users' passwords. Give it as well.");
        }
    }

    // Null: the controller does not allow the suite.
    private async ValueTask<LanSession?> OpenAsync(CipherSuite suite, CancellationToken cancellationToken)
    {
        for (var round = 0; round < MaxRounds; round++)
        {
            var consoleId = NewSessionId();
            var handshake = new RakpHandshake(options, suite, consoleId, RandomNumberGenerator.GetBytes(RakpHandshake.RandomBytes));
            switch (await HandshakeAsync(handshake, cancellationToken).ConfigureAwait(false))
            {
                case RakpStatus.Ok:
                    return new LanSession(consoleId, handshake.ControllerId, handshake.TakeKeys());
                case { } refused when refused.IsAboutSuite():
                    return null;
                case null or RakpStatus.InvalidSessionId or RakpStatus.InactiveSession:
                    continue; // when its RAKP 4 was lost, a controller may take the repeated RAKP 3 for a stranger's: begin anew
                case { } refused:
                    throw refused.Refusal(options.Address, options);
            }
        }

        throw Silent();
    }

    // The numbers are the steps of RakpHandshake. Null: silence in the midst of it.
    private async ValueTask<RakpStatus?> HandshakeAsync(RakpHandshake handshake, CancellationToken cancellationToken)
    {
        var status = await StepAsync( // 1, 2
            PayloadType.OpenSessionRequest, PayloadType.OpenSessionResponse, handshake.WriteOpenSessionRequest, handshake.ReadOpenSessionResponse, cancellationToken).ConfigureAwait(false);
        if (status == RakpStatus.Ok)
        {
            status = await StepAsync(PayloadType.Rakp1, PayloadType.Rakp2, handshake.WriteRakp1, handshake.ReadRakp2, cancellationToken).ConfigureAwait(false); // 3, 4
        }

        if (status == RakpStatus.Ok)
        {
            status = await StepAsync(PayloadType.Rakp3, PayloadType.Rakp4, handshake.WriteRakp3, handshake.ReadRakp4, cancellationToken).ConfigureAwait(false); // 5, 6
        }

        return status;
    }

    private ValueTask<RakpStatus?> StepAsync(PayloadType ask, PayloadType answer, StepWriter write, StepReader read, CancellationToken cancellationToken)
    {
        var tag = _tag++;
        return exchange.AskAsync(
            datagram =>
            {
                Span<byte> message = stackalloc byte[RakpHandshake.MaxMessageBytes];
                var writer = new DataWriter(message);
                write(ref writer, tag);
                return PlainPacket.Write(datagram, ask, message[..writer.Length]);
            },
            (ReadOnlySpan<byte> datagram, out RakpStatus status) => ReadStep(datagram, answer, read, tag, out status),
            cancellationToken);
    }

    private static PacketVerdict ReadStep(ReadOnlySpan<byte> datagram, PayloadType type, StepReader read, byte tag, out RakpStatus status)
    {
        status = default;
        if (!PlainPacket.TryRead(datagram, type, out var payload))
        {
            return PacketVerdict.OtherPayload;
        }

        try
        {
            if (read(payload, tag) is not { } given)
            {
                return PacketVerdict.OtherAnswer;
            }

            status = given;
            return PacketVerdict.Good;
        }
        catch (IpmiFormatException)
        {
            return PacketVerdict.Malformed; // a cut datagram is as good as a lost one
        }
    }

    private static PacketVerdict ReadPresession(ReadOnlySpan<byte> datagram, byte sequence, IpmiRequest request, out IpmiResponse response)
    {
        response = default;
        if (!PresessionPacket.TryRead(datagram, out var bytes) || !LanMessage.TryReadResponse(bytes, out var message))
        {
            return PacketVerdict.Malformed;
        }

        if (!message.Answers(sequence, request))
        {
            return PacketVerdict.OtherAnswer;
        }

        response = new IpmiResponse(message.CompletionCode, bytes.Slice(message.DataOffset, message.DataLength).ToArray());
        return PacketVerdict.Good;
    }

    private IpmiTransportException Silent() => new(
        IpmiTransportFailure.NoAnswer, $"{options.Address} did not answer, asked {options.Attempts} times. Check the address, and that IPMI over LAN is enabled.");

    // Zero means "outside of a session".
    private static uint NewSessionId()
    {
        Span<byte> bytes = stackalloc byte[4];
        uint id;
        do
        {
            RandomNumberGenerator.Fill(bytes);
            id = BinaryPrimitives.ReadUInt32LittleEndian(bytes);
        }
        while (id == 0);

        return id;
    }

    private delegate void StepWriter(ref DataWriter message, byte tag);

    private delegate RakpStatus? StepReader(ReadOnlySpan<byte> bytes, byte tag);
}
