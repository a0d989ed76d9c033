using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Text;

namespace Farwire.TestKit.Bmc;

/// <summary>A request as a controller sees it.</summary>
public readonly record struct BmcRequest(byte Function, byte Command, byte[] Data);

/// <summary>
/// A controller of our own for what the simulator cannot do: cipher suite 17, a K_g, odd completion codes, silence. Written from the specification
/// and on its own: nothing of it comes from the client's room.
/// </summary>
/// <remarks>IPMI 2.0, "RMCP+ Session Establishment", from the controller's side.</remarks>
public sealed class RespondingBmc : IAsyncDisposable
{
    private readonly Socket _socket = new(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
    private readonly CancellationTokenSource _stop = new();
    private readonly Dictionary<uint, BmcSession> _sessions = [];
    private readonly Func<BmcRequest, byte[]?> _answer;
    private readonly List<byte[]> _following = [];
    private readonly Task _loop;
    private uint _nextSession = 0x0200_0000;

    /// <param name="answer">Completion code and data, or null to say nothing.</param>
    public RespondingBmc(Func<BmcRequest, byte[]?> answer)
    {
        _answer = answer;
        _socket.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        Port = ((IPEndPoint)_socket.LocalEndPoint!).Port;
        _loop = Task.Run(ServeAsync);
    }

    public int Port { get; }

    /// <summary>The suites that are allowed.</summary>
    public IReadOnlyList<byte> Suites { get; init; } = [3, 17];

    public string User { get; init; } = "admin";

    public string Password { get; init; } = "secret-pw";

    public byte[] Kg { get; init; } = [];

    /// <summary>How much of the password goes into codes.</summary>
    public int PasswordBytes { get; init; } = 20;

    /// <summary>True to compute codes without the lookup bit of the role, as some controllers do.</summary>
    public bool HashesRoleWithoutLookup { get; init; }

    /// <summary>False for a controller of IPMI 1.5.</summary>
    public bool HasRmcpPlus { get; init; } = true;

    /// <summary>Answers for the controllers behind it, in messages that follow the answer to Send Message.</summary>
    public Func<byte, BmcRequest, byte[]?>? Behind { get; init; }

    /// <summary>The level that it grants at most.</summary>
    public byte HighestPrivilege { get; init; } = 0x05;

    /// <summary>Sessions that were opened.</summary>
    public int Opened { get; private set; }

    /// <summary>Sessions that were closed by their client.</summary>
    public int Closed { get; private set; }

    /// <summary>The number of a suite that was used last.</summary>
    public byte LastSuite { get; private set; }

    /// <summary>Forgets all sessions, as a restart does.</summary>
    public void Restart()
    {
        lock (_sessions)
        {
            _sessions.Clear();
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _loop;
        _socket.Dispose();
        _stop.Dispose();
    }

    private async Task ServeAsync()
    {
        var datagram = new byte[1024];
        while (true)
        {
            try
            {
                var received = await _socket.ReceiveFromAsync(datagram, new IPEndPoint(IPAddress.Any, 0), _stop.Token);
                byte[]? answer;
                byte[][] following;
                lock (_sessions)
                {
                    answer = Answer(datagram.AsSpan(0, received.ReceivedBytes).ToArray());
                    following = [.. _following];
                    _following.Clear();
                }

                if (answer is not null)
                {
                    await _socket.SendToAsync(answer, received.RemoteEndPoint, _stop.Token);
                }

                foreach (var more in following)
                {
                    await _socket.SendToAsync(more, received.RemoteEndPoint, _stop.Token);
                }
            }
            catch (OperationCanceledException)
            {
                return;
            }
        }
    }

    private byte[]? Answer(byte[] d)
    {
        if (d.Length < 16 || d[3] != 0x07)
        {
            return null;
        }

        if (d[4] == 0x00)
        {
            return AnswerPresession(d);
        }

        if (d[5] == 0xC0)
        {
            return AnswerSealed(d);
        }

        var payload = d[16..(16 + BitConverter.ToUInt16(d, 14))];
        return d[5] switch
        {
            0x10 => OpenSession(payload),
            0x12 => Rakp1(payload),
            0x14 => Rakp3(payload),
            _ => null,
        };
    }

    private byte[] AnswerPresession(byte[] d)
    {
        var request = d[14..];
        byte[] data = [0x00, 0x01, 0x80, (byte)(0x14 | (Kg.Length > 0 ? 0x20 : 0)), (byte)(HasRmcpPlus ? 0x03 : 0x01), 0, 0, 0, 0];
        var message = Message(request, data);
        return [0x06, 0x00, 0xFF, 0x07, 0, 0, 0, 0, 0, 0, 0, 0, 0, (byte)message.Length, .. message];
    }

    private byte[] OpenSession(byte[] p)
    {
        byte suite = (p[12], p[20], p[28]) switch { (1, 1, 1) => 3, (3, 4, 1) => 17, _ => 0 };
        if (!Suites.Contains(suite))
        {
            return Plain(0x11, [p[0], 0x11, p[1], 0, .. p[4..8]]);
        }

        var session = new BmcSession(_nextSession++, p[4..8], suite, this);
        _sessions[session.Id] = session;
        LastSuite = suite;
        return Plain(0x11, [p[0], 0, p[1], 0, .. p[4..8], .. BitConverter.GetBytes(session.Id), .. p[8..32]]);
    }

    private byte[]? Rakp1(byte[] p)
    {
        if (!_sessions.TryGetValue(BitConverter.ToUInt32(p, 4), out var session))
        {
            return null;
        }

        session.ConsoleRandom = p[8..24];
        session.Role = p[24];
        session.UserName = p[28..(28 + p[27])];
        if (Encoding.UTF8.GetString(session.UserName) != User)
        {
            return Plain(0x13, [p[0], 0x0D, 0, 0, .. session.ConsoleId]);
        }

        return Plain(0x13, [p[0], 0, 0, 0, .. session.ConsoleId, .. session.Random, .. BmcSession.Guid, .. session.Rakp2Code()]);
    }

    private byte[]? Rakp3(byte[] p)
    {
        if (!_sessions.TryGetValue(BitConverter.ToUInt32(p, 4), out var session))
        {
            return null;
        }

        if (!p.AsSpan(8).SequenceEqual(session.Rakp3Code()))
        {
            return Plain(0x15, [p[0], 0x0F, 0, 0, .. session.ConsoleId]);
        }

        session.Activate();
        Opened++;
        return Plain(0x15, [p[0], 0, 0, 0, .. session.ConsoleId, .. session.Rakp4Code()]);
    }

    private byte[]? AnswerSealed(byte[] d)
    {
        if (!_sessions.TryGetValue(BitConverter.ToUInt32(d, 6), out var session) || session.Open(d) is not { } request)
        {
            return null;
        }

        var command = new BmcRequest((byte)(request[1] >> 2), request[5], request[6..^1]);
        byte[]? data;
        switch (command)
        {
            case { Function: 0x06, Command: 0x3B }:
                data = [0, Math.Min(command.Data[0], HighestPrivilege)];
                break;
            case { Function: 0x06, Command: 0x3C }:
                _sessions.Remove(session.Id);
                Closed++;
                data = [0];
                break;
            case { Function: 0x06, Command: 0x34 } when Behind is not null:
                return PassOn(session, request);
            default:
                data = _answer(command);
                break;
        }

        return data is null ? null : session.Seal(Message(request, data));
    }

    // The answer of the other goes to the console under the other's address, with the number that the console gave.
    private byte[] PassOn(BmcSession session, byte[] request)
    {
        var inner = request[7..^1];
        var taken = session.Seal(Message(request, [0]));
        if (Behind!(inner[0], new BmcRequest((byte)(inner[1] >> 2), inner[5], inner[6..^1])) is { } data)
        {
            inner[3] = request[3];
            _following.Add(session.Seal(Message(inner, data)));
        }

        return taken;
    }

    private static byte[] Plain(byte type, byte[] payload) =>
        [0x06, 0x00, 0xFF, 0x07, 0x06, type, 0, 0, 0, 0, 0, 0, 0, 0, .. BitConverter.GetBytes((ushort)payload.Length), .. payload];

    private static byte[] Message(byte[] request, byte[] data)
    {
        byte[] head = [request[3], (byte)(request[1] + 4)];
        byte[] body = [request[0], request[4], request[5], .. data];
        return [.. head, Sum(head), .. body, Sum(body)];
    }

    private static byte Sum(byte[] bytes) => (byte)-bytes.Sum(b => b);
}

/// <summary>A session from the controller's side.</summary>
internal sealed class BmcSession(uint id, byte[] consoleId, byte suite, RespondingBmc bmc)
{
    private byte[] _k1 = [];
    private byte[] _k2 = [];
    private byte[] _integrityKey = [];
    private uint _sequence;

    public static byte[] Guid { get; } = [.. Enumerable.Range(0x40, 16).Select(i => (byte)i)];

    public uint Id => id;

    public byte[] ConsoleId => consoleId;

    public byte[] Random { get; } = RandomNumberGenerator.GetBytes(16);

    public byte[] ConsoleRandom { get; set; } = [];

    public byte[] UserName { get; set; } = [];

    public byte Role { get; set; }

    private int CodeBytes => suite == 17 ? 16 : 12;

    private byte[] UserKey => Padded(Encoding.UTF8.GetBytes(bmc.Password).Take(bmc.PasswordBytes).ToArray());

    private byte[] Who => [bmc.HashesRoleWithoutLookup ? (byte)(Role & 0x0F) : Role, (byte)UserName.Length, .. UserName];

    public byte[] Rakp2Code() => Code(UserKey, [.. consoleId, .. BitConverter.GetBytes(id), .. ConsoleRandom, .. Random, .. Guid, .. Who]);

    public byte[] Rakp3Code() => Code(UserKey, [.. Random, .. consoleId, .. Who]);

    public byte[] Rakp4Code() => Code(_integrityKey, [.. ConsoleRandom, .. BitConverter.GetBytes(id), .. Guid])[..CodeBytes];

    public void Activate()
    {
        _integrityKey = Code(bmc.Kg.Length > 0 ? Padded(bmc.Kg) : UserKey, [.. ConsoleRandom, .. Random, .. Who]);
        _k1 = Code(_integrityKey, [.. Enumerable.Repeat((byte)1, 20)]);
        _k2 = Code(_integrityKey, [.. Enumerable.Repeat((byte)2, 20)])[..16];
    }

    public byte[]? Open(byte[] d)
    {
        var signed = d[4..^CodeBytes];
        if (_k1.Length == 0 || !Code(_k1, signed).AsSpan(0, CodeBytes).SequenceEqual(d.AsSpan(d.Length - CodeBytes)))
        {
            return null;
        }

        var length = BitConverter.ToUInt16(d, 14);
        using var aes = Aes.Create();
        aes.Key = _k2;
        var text = aes.DecryptCbc(d.AsSpan(32, length - 16), d.AsSpan(16, 16), PaddingMode.None);
        return text[..(text.Length - 1 - text[^1])];
    }

    public byte[] Seal(byte[] message)
    {
        var pad = 15 - (message.Length % 16);
        byte[] text = [.. message, .. Enumerable.Range(1, pad).Select(i => (byte)i), (byte)pad];
        var iv = RandomNumberGenerator.GetBytes(16);
        using var aes = Aes.Create();
        aes.Key = _k2;
        byte[] payload = [.. iv, .. aes.EncryptCbc(text, iv, PaddingMode.None)];
        byte[] signed = [0x06, 0xC0, .. consoleId, .. BitConverter.GetBytes(++_sequence), .. BitConverter.GetBytes((ushort)payload.Length), .. payload];
        var fill = (4 - ((signed.Length + 2) % 4)) % 4;
        signed = [.. signed, .. Enumerable.Repeat((byte)0xFF, fill), (byte)fill, 0x07];
        return [0x06, 0x00, 0xFF, 0x07, .. signed, .. Code(_k1, signed)[..CodeBytes]];
    }

    private byte[] Code(byte[] key, byte[] data)
    {
#pragma warning disable CA5350 // suite 3 is HMAC-SHA1
        return suite == 17 ? HMACSHA256.HashData(key, data) : HMACSHA1.HashData(key, data);
#pragma warning restore CA5350
    }

    private static byte[] Padded(byte[] secret) => [.. secret, .. new byte[20 - secret.Length]];
}
