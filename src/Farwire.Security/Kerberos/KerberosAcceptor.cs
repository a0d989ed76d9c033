using System.Security.Claims;
using System.Text;
using Farwire.Security.ChannelBinding;
using Farwire.Security.Kerberos.Pac;
using Farwire.Security.Sealing;

namespace Farwire.Security.Kerberos;

/// <summary>The service's side of Kerberos.</summary>
internal sealed unsafe class KerberosAcceptor(KerberosService service, GssCredential credential, ConnectionFacts connection) : ISecurityContext
{
    private static ReadOnlySpan<byte> LogonInfo => "urn:mspac:logon-info"u8;

    private readonly GssContext _context = new();
    private uint _flags;

    public string Mechanism => "Kerberos";

    public bool IsComplete => Principal is not null;

    public ClaimsPrincipal? Principal { get; private set; }

    public IMessageSeal? Seal { get; private set; }

    public DelegatedTickets? Tickets { get; private set; }

    public byte[]? Step(ReadOnlySpan<byte> token)
    {
        if (IsComplete)
        {
            throw new SecurityTokenException("The Kerberos handshake is over.");
        }

        // Without bindings of ours the library does not look at the client's.
        var binding = service.BindingLevel == BindingLevel.None ? null : connection.Binding;
        var reply = _context.Accept(credential.Value, token, binding, out var more, out _flags, out var source, out var tickets);
        GC.KeepAlive(credential);
        Tickets = tickets ?? Tickets;
        try
        {
            if (!more)
            {
                Finish(source, binding);
            }
        }
        finally
        {
            Gss.ReleaseName(out _, ref source);
        }

        return reply.Length == 0 ? null : reply;
    }

    public byte[] Sign(ReadOnlySpan<byte> message) => _context.Sign(message);

    public void Verify(ReadOnlySpan<byte> message, ReadOnlySpan<byte> signature) => _context.Verify(message, signature);

    public void Dispose()
    {
        Tickets?.Dispose();
        _context.Dispose();
    }

    // The library has compared the PAC's signature with the key of the service before it says that the attribute is authenticated.
    private static LogonInformation? DomainOf(nint source)
    {
        fixed (byte* attribute = LogonInfo)
        {
            var more = -1;
            var major = Gss.GetNameAttribute(out _, source, GssContext.Buffer(attribute, LogonInfo.Length), out var isAuthenticated, out _, out var value, out var display, ref more);
            Gss.ReleaseBuffer(out _, ref display);
            var bytes = GssStatus.Take(ref value);
            return (major & Gss.ErrorMask) == 0 && isAuthenticated != 0 && bytes.Length > 0 ? LogonInformation.Read(bytes) : null;
        }
    }

    private void Finish(nint source, TlsBinding? binding)
    {
        if (binding is not null && service.BindingLevel == BindingLevel.Strict && (_flags & Gss.ChannelBound) == 0)
        {
            throw new SecurityTokenException("The client did not bind Kerberos to TLS (CbtHardeningLevel is Strict).");
        }

        GssStatus.Check(Gss.DisplayName(out var minor, source, out var text, out _), minor, "the client's name");
        var name = Encoding.UTF8.GetString(GssStatus.Take(ref text));
        string? local = null;
        if ((Gss.LocalName(out _, source, Gss.Kerberos, out var account) & Gss.ErrorMask) == 0)
        {
            local = Encoding.UTF8.GetString(GssStatus.Take(ref account)).TrimEnd('\0');
        }

        var domain = DomainOf(source);
        var mapped = service.AccountOf(name, local);
        if (mapped is null && (domain is null || !service.TakesDomainMembersWithoutAccount))
        {
            throw new SecurityTokenException($"{name} has no account here.");
        }

        Principal = SecurityClaims.PrincipalOf(name, mapped, Mechanism);
        if (domain is not null)
        {
            SecurityClaims.Add(Principal, domain.User, domain.Groups);
        }

        Seal = (_flags & (Gss.Confidential | Gss.Integrity)) == (Gss.Confidential | Gss.Integrity) ? new KerberosSeal(_context) : null;
    }
}
