using System.Security.Claims;
using Farwire.Security.ChannelBinding;
using Farwire.Security.Sealing;

namespace Farwire.Security.Kerberos;

/// <summary>Where a client's tickets come from.</summary>
public sealed record KerberosCredential
{
    /// <summary>The user as <c>user@REALM</c>, with a <see cref="Password"/>; null takes what the cache holds.</summary>
    public string? User { get; init; }

    /// <summary>The password.</summary>
    public string? Password { get; init; }

    /// <summary>A cache of tickets, such as <c>FILE:/tmp/x</c>; null is the user's own (KRB5CCNAME).</summary>
    public string? Cache { get; init; }

    /// <summary>A keytab whose first key stands for the client, such as the machine's own; it wins over <see cref="Cache"/>.</summary>
    public string? Keytab { get; init; }

    /// <summary>The service may act in the user's name elsewhere.</summary>
    public bool Delegate { get; init; }

    /// <summary>Turns <c>DOMAIN\user</c> into <c>user@DOMAIN</c>.</summary>
    public static string PrincipalOf(string user) =>
        user.IndexOf('\\', StringComparison.Ordinal) is > 0 and var at ? $"{user[(at + 1)..]}@{user[..at].ToUpperInvariant()}" : user;

    /// <inheritdoc/>
    public override string ToString() => User ?? "your tickets"; // never the password
}

/// <summary>The client's side of Kerberos.</summary>
/// <remarks>RFC 4121. Mutual: a service that cannot prove its name is refused. Steps may ask the KDC and so take a while.</remarks>
/// <param name="credential">Who the client is.</param>
/// <param name="service">The service as <c>HTTP@host</c>, or <c>HTTP@host:port</c>.</param>
/// <param name="binding">What ties the context to TLS; null without.</param>
public sealed unsafe class KerberosInitiator(KerberosCredential credential, string service, TlsBinding? binding) : ISecurityContext
{
    private const uint Needed = Gss.Mutual | Gss.Confidential | Gss.Integrity;

    private readonly GssContext? _context = Gss.IsAvailable ? new GssContext() : null;
    private GssCredential? _credential;
    private nint _target;

    /// <summary>The library is on this machine.</summary>
    public static bool IsAvailable => Gss.IsAvailable;

    /// <summary>The user's own cache (KRB5CCNAME) has tickets that are still good.</summary>
    public static bool HasTickets
    {
        get
        {
            try
            {
                using var tickets = IsAvailable ? GssCredential.OfCache(null) : null;
                return tickets is not null;
            }
            catch (SecurityTokenException e) when (e.IsUnavailable)
            {
                return false;
            }
        }
    }

    /// <inheritdoc/>
    public string Mechanism => "Kerberos";

    /// <inheritdoc/>
    public bool IsComplete => Seal is not null;

    /// <inheritdoc/>
    public ClaimsPrincipal? Principal => null;

    /// <inheritdoc/>
    public IMessageSeal? Seal { get; private set; }

    /// <inheritdoc/>
    public byte[]? Step(ReadOnlySpan<byte> token)
    {
        if (_context is null)
        {
            throw new SecurityTokenException("Kerberos needs the library libgssapi_krb5.so.2 (Debian: libgssapi-krb5-2).") { IsUnavailable = true };
        }

        if (_target == 0)
        {
            _credential = credential.User is null
                ? credential.Keytab is { } keytab ? GssCredential.OfClientKeytab(keytab) : GssCredential.OfCache(credential.Cache)
                : GssCredential.OfPassword(KerberosCredential.PrincipalOf(credential.User), credential.Password ?? "");
            _target = GssContext.Import(service, Gss.HostBasedService);
        }

        var wanted = Needed | Gss.Replay | Gss.Sequence | (credential.Delegate ? Gss.Delegate : 0);
        var reply = _context.Initiate(_credential!.Value, _target, wanted, token, binding, out var more, out var flags);
        if (!more)
        {
            Seal = (flags & Needed) == Needed
                ? new KerberosSeal(_context)
                : throw new SecurityTokenException("The service's Kerberos gives no mutual proof or no sealing.");
        }

        return reply.Length == 0 ? null : reply;
    }

    /// <inheritdoc/>
    public byte[] Sign(ReadOnlySpan<byte> message) => _context!.Sign(message);

    /// <inheritdoc/>
    public void Verify(ReadOnlySpan<byte> message, ReadOnlySpan<byte> signature) => _context!.Verify(message, signature);

    /// <inheritdoc/>
    public void Dispose()
    {
        _context?.Dispose();
        _credential?.Dispose();
        if (_target != 0)
        {
            Gss.ReleaseName(out _, ref _target);
        }
    }
}
