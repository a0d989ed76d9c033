using System.Security.Cryptography;
using System.Text;

namespace Farwire.Ipmi.Session;

/// <summary>Opens a session: both sides show that they know the password, and agree on keys.</summary>
/// <remarks>
/// IPMI 2.0, "RMCP+ Session Establishment".
/// <code>
/// 1  → Open Session Request    privilege, console's session ID, suite
/// 2  ← Open Session Response   controller's session ID
/// 3  → RAKP 1                  console's random number, role, user
/// 4  ← RAKP 2                  controller's random number, its GUID, code: the controller knows the password
/// 5  → RAKP 3                  code: the console knows the password
/// 6  ← RAKP 4                  code: both have the same session integrity key
/// </code>
/// Every step is a function of bytes; sending, waiting and repeating is the caller's. The privilege of steps 1 and 3 is the same, because some
/// controllers compute with one and some with the other.
/// </remarks>
internal sealed class RakpHandshake
{
    public const int RandomBytes = 16;
    public const int MaxMessageBytes = 64;

    private const int GuidBytes = 16;
    private const byte NameOnlyLookup = 0x10;
    private const int ShortPasswordBytes = 16;

    private readonly LanOptions _options;
    private readonly CipherSuite _suite;
    private readonly uint _consoleId;
    private readonly byte[] _consoleRandom;
    private readonly byte[] _user;
    private readonly byte[] _controllerRandom = new byte[RandomBytes];
    private readonly byte[] _guid = new byte[GuidBytes];
    private readonly byte[] _integrityKey;
    private byte[] _passwordKey;
    private uint _controllerId;
    private byte _hashedRole;

    public RakpHandshake(LanOptions options, CipherSuite suite, uint consoleId, ReadOnlySpan<byte> random)
    {
        _options = options;
        _suite = suite;
        _consoleId = consoleId;
        _consoleRandom = random[..RandomBytes].ToArray();
        _user = Encoding.UTF8.GetBytes(options.User);
        _passwordKey = Padded(options.Password.Span);
        _integrityKey = new byte[suite.HashBytes];
        _hashedRole = Role;
    }

    public uint ControllerId => _controllerId;

    // A name is enough to find the user; without one, the level finds it.
    private byte Role => (byte)((byte)_options.Privilege | (_user.Length > 0 ? NameOnlyLookup : 0));

    // tag · privilege · 2 reserved · console's session ID · 3 × ( kind · 2 reserved · 8 · algorithm · 3 reserved )
    public void WriteOpenSessionRequest(ref DataWriter message, byte tag)
    {
        message.Byte(tag);
        message.Byte((byte)_options.Privilege);
        message.UInt16(0);
        message.UInt32(_consoleId);
        WriteAlgorithm(ref message, 0, _suite.Authentication);
        WriteAlgorithm(ref message, 1, _suite.Integrity);
        WriteAlgorithm(ref message, 2, CipherSuite.Confidentiality);
    }

    // tag · status · privilege · reserved · console's session ID · controller's session ID · the algorithms
    public RakpStatus? ReadOpenSessionResponse(ReadOnlySpan<byte> bytes, byte tag)
    {
        var message = new DataReader(bytes, "Open Session Response");
        if (!IsMine(ref message, tag, out var status))
        {
            return null;
        }

        if (status == RakpStatus.Ok)
        {
            _controllerId = message.UInt32();

            // A peer that answers with weaker algorithms than were asked for is refused.
            if (ReadAlgorithm(ref message) != _suite.Authentication || ReadAlgorithm(ref message) != _suite.Integrity
                || ReadAlgorithm(ref message) != CipherSuite.Confidentiality)
            {
                return RakpStatus.NoCipherSuite;
            }
        }

        return status;
    }

    // tag · 3 reserved · controller's session ID · random number · role · 2 reserved · length of name · name
    public void WriteRakp1(ref DataWriter message, byte tag)
    {
        message.Byte(tag);
        message.Take(3).Clear();
        message.UInt32(_controllerId);
        message.Bytes(_consoleRandom);
        message.Byte(Role);
        message.UInt16(0);
        message.Byte((byte)_user.Length);
        message.Bytes(_user);
    }

    // tag · status · 2 reserved · console's session ID · random number · GUID · code
    public RakpStatus? ReadRakp2(ReadOnlySpan<byte> bytes, byte tag)
    {
        var message = new DataReader(bytes, "RAKP 2");
        if (!IsMine(ref message, tag, out var status) || status != RakpStatus.Ok)
        {
            return status;
        }

        message.Bytes(RandomBytes).CopyTo(_controllerRandom);
        message.Bytes(GuidBytes).CopyTo(_guid);
        return FindWorkaround(message.Bytes(_suite.HashBytes)) ? RakpStatus.Ok : RakpStatus.InvalidIntegrityCheck;
    }

    // tag · status · 2 reserved · controller's session ID · code
    public void WriteRakp3(ref DataWriter message, byte tag)
    {
        message.Byte(tag);
        message.Byte((byte)RakpStatus.Ok);
        message.UInt16(0);
        message.UInt32(_controllerId);

        // HMAC[password]( Rc · SIDm · role · length · name )
        Span<byte> data = stackalloc byte[MaxMessageBytes];
        var signed = new DataWriter(data);
        signed.Bytes(_controllerRandom);
        signed.UInt32(_consoleId);
        WriteWho(ref signed);
        _suite.Authenticate(_passwordKey, data[..signed.Length], message.Take(_suite.HashBytes));
    }

    // tag · status · 2 reserved · console's session ID · code
    public RakpStatus? ReadRakp4(ReadOnlySpan<byte> bytes, byte tag)
    {
        var message = new DataReader(bytes, "RAKP 4");
        if (!IsMine(ref message, tag, out var status) || status != RakpStatus.Ok)
        {
            return status;
        }

        ComputeIntegrityKey();

        // HMAC[SIK]( Rm · SIDc · GUIDc ), truncated
        Span<byte> data = stackalloc byte[RandomBytes + 4 + GuidBytes];
        var signed = new DataWriter(data);
        signed.Bytes(_consoleRandom);
        signed.UInt32(_controllerId);
        signed.Bytes(_guid);
        Span<byte> code = stackalloc byte[_suite.HashBytes];
        _suite.Authenticate(_integrityKey, data, code);
        return CryptographicOperations.FixedTimeEquals(code[.._suite.CodeBytes], message.Bytes(_suite.CodeBytes))
            ? RakpStatus.Ok
            : RakpStatus.InvalidIntegrityCheck;
    }

    public SessionKeys TakeKeys()
    {
        var keys = new SessionKeys(_suite, _integrityKey);
        CryptographicOperations.ZeroMemory(_integrityKey);
        CryptographicOperations.ZeroMemory(_passwordKey);
        return keys;
    }

    /// <summary>
    /// Checks the controller's code, computed as the specification says and then as known controllers do: without the lookup bit in the role,
    /// and with only 16 bytes of a longer password. Each needs the password, so none opens a door.
    /// </summary>
    private bool FindWorkaround(ReadOnlySpan<byte> code)
    {
        var shortened = _options.Password.Length > ShortPasswordBytes ? Padded(_options.Password.Span[..ShortPasswordBytes]) : null;
        Span<byte> own = stackalloc byte[SHA256.HashSizeInBytes];
        own = own[.._suite.HashBytes];
        foreach (var key in shortened is null ? [_passwordKey] : new[] { _passwordKey, shortened })
        {
            foreach (var role in (ReadOnlySpan<byte>)[Role, (byte)_options.Privilege])
            {
                _hashedRole = role;
                ComputeRakp2Code(key, own);
                if (CryptographicOperations.FixedTimeEquals(own, code))
                {
                    _passwordKey = key;
                    return true;
                }
            }
        }

        return false;
    }

    // HMAC[password]( SIDm · SIDc · Rm · Rc · GUIDc · role · length · name )
    private void ComputeRakp2Code(byte[] key, Span<byte> code)
    {
        Span<byte> data = stackalloc byte[2 * MaxMessageBytes];
        var signed = new DataWriter(data);
        signed.UInt32(_consoleId);
        signed.UInt32(_controllerId);
        signed.Bytes(_consoleRandom);
        signed.Bytes(_controllerRandom);
        signed.Bytes(_guid);
        WriteWho(ref signed);
        _suite.Authenticate(key, data[..signed.Length], code);
    }

    // SIK = HMAC[K_g, or the password when there is none]( Rm · Rc · role · length · name )
    private void ComputeIntegrityKey()
    {
        Span<byte> data = stackalloc byte[MaxMessageBytes];
        var signed = new DataWriter(data);
        signed.Bytes(_consoleRandom);
        signed.Bytes(_controllerRandom);
        WriteWho(ref signed);
        _suite.Authenticate(_options.Kg.IsEmpty ? _passwordKey : Padded(_options.Kg.Span), data[..signed.Length], _integrityKey);
    }

    private void WriteWho(ref DataWriter data)
    {
        data.Byte(_hashedRole);
        data.Byte((byte)_user.Length);
        data.Bytes(_user);
    }

    private bool IsMine(ref DataReader message, byte tag, out RakpStatus? status)
    {
        const int reserved = 2;
        status = null;
        if (message.Byte() != tag)
        {
            return false;
        }

        // A refusal may end here, or come with zero as session ID.
        var given = (RakpStatus)message.Byte();
        if (given == RakpStatus.Ok || message.Remaining >= reserved + sizeof(uint))
        {
            message.Skip(reserved);
            var id = message.UInt32();
            if (id != _consoleId && (given == RakpStatus.Ok || id != 0))
            {
                return false;
            }
        }

        status = given;
        return true;
    }

    private static void WriteAlgorithm(ref DataWriter message, byte kind, byte algorithm)
    {
        message.Byte(kind);
        message.UInt16(0);
        message.Byte(8);
        message.UInt32(algorithm);
    }

    private static byte ReadAlgorithm(ref DataReader message)
    {
        message.Skip(4);
        var algorithm = (byte)(message.Byte() & 0x3F);
        message.Skip(3);
        return algorithm;
    }

    private static byte[] Padded(ReadOnlySpan<byte> secret)
    {
        var padded = new byte[LanOptions.MaxPasswordBytes];
        secret.CopyTo(padded);
        return padded;
    }
}
