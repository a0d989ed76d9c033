using System.Buffers;
using Farwire.Processes.Broker;
using Farwire.Processes.Limits;
using Farwire.Security;
using Farwire.Security.Accounts;
using Farwire.Security.CredSsp;
using Farwire.Security.Digest;
using Farwire.Security.Kerberos.Pac;
using Farwire.Security.Ntlm;
using Farwire.Security.Sealing;
using Farwire.Security.Spnego;
using Farwire.Service.Access;
using Farwire.TestKit.Kerberos;

namespace Farwire.Fuzz;

/// <summary>The last message of NTLM, of a client that knows the challenge. Read is one whose password is looked at.</summary>
public sealed class NtlmTarget : FuzzTarget
{
    private readonly SecretKey _key = SecretKey.Ephemeral();
    private readonly NtlmService _service;
    private readonly byte[] _negotiate;

    public NtlmTarget()
    {
        var users = UserStore.InMemory();
        users.Put(new StoredUser("ann", "", PasswordHash.Of("secret", 1), _key.Seal("ann", NtlmService.NtHashPurpose, NtHash.Of("secret"))));
        _service = new NtlmService(users, _key, new GuessLimit(TimeProvider.System), TimeProvider.System, "box");
        using var client = new NtlmInitiator(NtlmCredential.Of("D\\ann", "other"), "HTTP/box", null, TimeProvider.System);
        using var service = _service.Accept(new ConnectionFacts("corpus"));
        _negotiate = client.Step([])!;
        Corpus = [client.Step(service.Step(_negotiate)!)!];
    }

    public override string Name => "ntlm";

    protected override IReadOnlyList<byte[]> Corpus { get; }

    protected override IReadOnlyList<byte[]> Dictionary { get; } =
        ["NTLMSSP\0"u8.ToArray(), [3, 0, 0, 0], [0xFF, 0xFF], [0xFF, 0xFF, 0xFF, 0x7F], [0, 0, 0, 0x80], [0, 0, 0, 0], [6, 0, 4, 0, 2, 0, 0, 0], [10, 0, 16, 0], [1, 1, 0, 0]];

    public override void Dispose()
    {
        _key.Dispose();
        base.Dispose();
    }

    protected override bool Read(byte[] input)
    {
        using var context = _service.Accept(new ConnectionFacts("fuzz"));
        context.Step(_negotiate);
        try
        {
            context.Step(input);
        }
        catch (SecurityTokenException e)
        {
            return e.Message.Contains("password", StringComparison.Ordinal);
        }

        throw new InvalidOperationException("A broken message proved a user.");
    }
}

/// <summary>Both tokens of SPNEGO.</summary>
public sealed class SpnegoTarget : FuzzTarget
{
    public override string Name => "spnego";

    protected override IReadOnlyList<byte[]> Corpus { get; } =
    [
        new NegTokenInit([], NegTokenInit.Encode([MechanismIds.KerberosOfWindows, MechanismIds.Kerberos, MechanismIds.Ntlm]), new byte[40], new byte[16]).ToBytes(),
        new NegTokenResp { State = NegState.AcceptIncomplete, Mechanism = MechanismIds.Ntlm, Token = new byte[40], Mic = new byte[16] }.ToBytes(),
    ];

    protected override IReadOnlyList<byte[]> Dictionary { get; } =
        [[0x60], [0x30, 0x80], [0, 0], [0xA0], [0xA1], [0xA2], [0xA3], [0x84, 0x7F, 0xFF, 0xFF, 0xFF], [0x06, 0x06, 0x2B, 0x06, 0x01, 0x05, 0x05, 0x02], [0x0A, 0x01, 0x03], [0x04, 0x00], [0x24, 0x80]];

    protected override bool Read(byte[] input)
    {
        _ = MechanismIds.OfToken(input);
        return Try(() => NegTokenInit.Read(input)) | Try(() => NegTokenResp.Read(input));
    }

    internal static bool Try(Action read)
    {
        try
        {
            read();
            return true;
        }
        catch (SecurityTokenException)
        {
            return false;
        }
    }
}

/// <summary>The messages inside of CredSSP.</summary>
public sealed class CredSspTarget : FuzzTarget
{
    public override string Name => "credssp";

    protected override IReadOnlyList<byte[]> Corpus { get; } =
    [
        new TsRequest { Version = 6, Token = new byte[40], PubKeyAuth = new byte[48], AuthInfo = new byte[60], ClientNonce = new byte[32], ErrorCode = 5 }.ToBytes(),
        new TsCredentials("D", "ann", "secret").ToBytes(),
    ];

    protected override IReadOnlyList<byte[]> Dictionary { get; } = [[0x30, 0x80], [0, 0], [0xA0, 3, 2, 1, 2], [0xA1], [0xA5], [0x84, 0x7F, 0xFF, 0xFF, 0xFF], [0x04, 0x00], [0x02, 0x09]];

    protected override bool Read(byte[] input) => SpnegoTarget.Try(() => TsRequest.Read(input)) | SpnegoTarget.Try(() => TsCredentials.Read(input));
}

/// <summary>The frame of sealed messages, with a seal that lets all pass: what it reads has no other guard.</summary>
public sealed class SealedTarget : FuzzTarget
{
    private static readonly SealedContentType Type = new(SealedProtocol.Negotiate, SealedContentType.UsualBoundary);

    public override string Name => "sealed";

    protected override IReadOnlyList<byte[]> Corpus { get; } = [Whole(40, int.MaxValue), Whole(100, 40)];

    protected override IReadOnlyList<byte[]> Dictionary { get; } =
    [
        "--Encrypted Boundary"u8.ToArray(), "--\r\n"u8.ToArray(), "\r\n"u8.ToArray(), "\tContent-Type: "u8.ToArray(), "OriginalContent: "u8.ToArray(), ";Length="u8.ToArray(), "2147483647"u8.ToArray(),
        "-1"u8.ToArray(), [0xFF, 0xFF, 0xFF, 0x7F], [0, 0, 0, 0], "type="u8.ToArray(), "charset="u8.ToArray(), "application/octet-stream"u8.ToArray(),
    ];

    protected override bool Read(byte[] input)
    {
        _ = SpnegoTarget.Try(() => SealedContentType.Read(System.Text.Encoding.Latin1.GetString(input)));
        return SpnegoTarget.Try(() => SealedBody.Open(new OpenSeal(int.MaxValue), Type, input.ToArray()));
    }

    private static byte[] Whole(int length, int part)
    {
        var output = new ArrayBufferWriter<byte>();
        SealedBody.Write(new OpenSeal(part), SealedProtocol.Negotiate, "application/soap+xml;charset=UTF-8", new byte[length], output);
        return output.WrittenSpan.ToArray();
    }

    private sealed class OpenSeal(int part) : IMessageSeal
    {
        private const int HeaderBytes = 4;

        public string Protocol => SealedProtocol.Negotiate;

        public int MaxPartBytes => part;

        public int MaxSealedBytes(int plainBytes) => plainBytes + HeaderBytes;

        public SealedLength Seal(ReadOnlySpan<byte> plain, Span<byte> target)
        {
            target[..HeaderBytes].Clear();
            plain.CopyTo(target[HeaderBytes..]);
            return new SealedLength(HeaderBytes, HeaderBytes + plain.Length);
        }

        public long PartLength(ReadOnlySpan<byte> rest, int headerBytes, int plainBytes) => (long)headerBytes + plainBytes;

        public Span<byte> Open(Span<byte> part, int headerBytes) => part[Math.Min(headerBytes, part.Length)..];
    }
}

/// <summary>Challenges of Digest.</summary>
public sealed class DigestTarget : FuzzTarget
{
    public override string Name => "digest";

    protected override IReadOnlyList<byte[]> Corpus { get; } =
        ["realm=\"a\\\"b\", qop=\"auth, auth-int\", algorithm=SHA-256, nonce=\"7ypf/xlj9XXwfDPEoM4URrv\", opaque=\"FQhe/qaU925kfnzj\", stale=true"u8.ToArray()];

    protected override IReadOnlyList<byte[]> Dictionary { get; } =
        ["realm="u8.ToArray(), "nonce="u8.ToArray(), "algorithm=MD5-sess"u8.ToArray(), "qop="u8.ToArray(), "\""u8.ToArray(), "\\"u8.ToArray(), ","u8.ToArray(), "="u8.ToArray(), "stale="u8.ToArray()];

    protected override bool Read(byte[] input) => DigestChallenge.TryRead(System.Text.Encoding.UTF8.GetString(input), out _);
}

/// <summary>What a client answers to a challenge of Digest: it knows the nonce and no password. Read is one whose password is looked at.</summary>
public sealed class DigestAnswerTarget : FuzzTarget
{
    private const string Target = "/wsman";

    private readonly SecretKey _key = SecretKey.Ephemeral();
    private readonly DigestScheme _scheme;
    private int _count;

    public DigestAnswerTarget()
    {
        var users = UserStore.InMemory();
        users.Put(new StoredUser("ann", "", PasswordHash.Of("secret", 1), DigestSecret: DigestSecret.Seal(_key, "ann", "secret")));
        _scheme = new DigestScheme(users, _key, new GuessLimit(TimeProvider.System), TimeProvider.System);
        Corpus = [.. _scheme.Challenges.Select(challenge =>
        {
            var client = new DigestClient("ann", "other");
            client.TryTake([challenge], out _);
            return System.Text.Encoding.UTF8.GetBytes(client.Authorize("POST", Target));
        })];
    }

    public override string Name => "digest-answer";

    protected override IReadOnlyList<byte[]> Corpus { get; }

    protected override IReadOnlyList<byte[]> Dictionary { get; } =
        ["username="u8.ToArray(), "nonce="u8.ToArray(), "algorithm=MD5"u8.ToArray(), "qop="u8.ToArray(), "nc=ffffffff"u8.ToArray(), "nc=0"u8.ToArray(), "\""u8.ToArray(), "\\"u8.ToArray(), ","u8.ToArray(), "="u8.ToArray(), "uri="u8.ToArray(), "response="u8.ToArray()];

    public override void Dispose()
    {
        _key.Dispose();
        base.Dispose();
    }

    protected override bool Read(byte[] input)
    {
        // From one address a name would not be heard for long.
        using var acceptor = _scheme.Accept(new ConnectionFacts($"{_count++}") { Target = Target });
        var step = acceptor.StepAsync(System.Text.Encoding.UTF8.GetString(input), default).AsTask().GetAwaiter().GetResult();
        return step.IsAccepted ? throw new InvalidOperationException("A broken answer proved a user.") : step.Reason!.Contains("password", StringComparison.Ordinal);
    }
}

/// <summary>Descriptors of who may do what.</summary>
public sealed class SddlTarget : FuzzTarget
{
    public override string Name => "sddl";

    protected override IReadOnlyList<byte[]> Corpus { get; } =
    [
        System.Text.Encoding.UTF8.GetBytes(AccessPolicy.DefaultRootSddl),
        "O:S-1-5-21-1-2-3-500G:DUD:PAI(D;OICI;0x1201bf;;;S-1-5-32-544)(A;CIIO;CCDCLCSWRPWP;;;DC)(A;;GRGX;;;NS)S:AI(AU;SAFA;GA;;;WD)"u8.ToArray(),
    ];

    protected override IReadOnlyList<byte[]> Dictionary { get; } =
        ["("u8.ToArray(), ")"u8.ToArray(), ";"u8.ToArray(), "O:"u8.ToArray(), "G:"u8.ToArray(), "D:"u8.ToArray(), "S:"u8.ToArray(), "S-1-5-"u8.ToArray(), "4294967296"u8.ToArray(), "0xFFFFFFFFFF"u8.ToArray(), "BA"u8.ToArray(), "(A;;GA;;;BA)"u8.ToArray(), "-"u8.ToArray()];

    protected override bool Read(byte[] input)
    {
        try
        {
            SecurityDescriptor.Parse(System.Text.Encoding.UTF8.GetString(input));
            return true;
        }
        catch (SddlException)
        {
            return false;
        }
    }
}

/// <summary>What the broker is asked to start, by a service that an attacker has.</summary>
public sealed class BrokerTarget : FuzzTarget
{
    public override string Name => "broker";

    protected override IReadOnlyList<byte[]> Corpus { get; } = [Order(null), Order(new ProgramGroup("0123456789abcdef0123456789abcdef", 5, 1 << 20))];

    protected override IReadOnlyList<byte[]> Dictionary { get; } =
        [[0xFF, 0xFF, 0xFF, 0xFF], [0xFF, 0xFF, 0xFF, 0x7F], [0, 0, 0, 0x80], [0, 0, 0, 0], [1, 0, 0, 0], "LD_PRELOAD=x"u8.ToArray(), "'; id #"u8.ToArray(), "\n"u8.ToArray(), [0], "="u8.ToArray(), "../"u8.ToArray()];

    protected override bool Read(byte[] input)
    {
        try
        {
            var reader = new BrokerReader(input);
            var order = ProgramOrder.Read(ref reader);
            reader.End();
            StartScript.Write(order);
            return order.Group is null or { IsValid: true };
        }
        catch (Exception e) when (e is InvalidDataException or ArgumentException)
        {
            return false;
        }
    }

    private static byte[] Order(ProgramGroup? group)
    {
        var buffer = new byte[4096];
        var writer = new BrokerWriter(buffer);
        new ProgramOrder("ann", "/bin/sh", ["-c", "echo 'a'"], [new("LANG", "C.UTF-8"), new("X", "a=b")], "/tmp", 1024) { Group = group }.Write(ref writer);
        return buffer[..writer.Length];
    }
}

/// <summary>What a domain says of a user in a ticket.</summary>
public sealed class PacTarget : FuzzTarget
{
    public override string Name => "pac";

    protected override IReadOnlyList<byte[]> Corpus { get; } = [SambaLogon.Bytes()];

    protected override IReadOnlyList<byte[]> Dictionary { get; } = [[0xFF, 0xFF, 0xFF, 0xFF], [0, 0, 0, 0], [1, 5, 0, 0, 0, 0, 0, 5], [0, 0, 2, 0], [0xFF, 0xFF, 0, 0], [0x20, 2, 0, 0]];

    protected override bool Read(byte[] input) => SpnegoTarget.Try(() => LogonInformation.Read(input));
}
