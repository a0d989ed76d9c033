using Farwire.Security.ChannelBinding;

namespace Farwire.Security.Kerberos;

/// <summary>Kerberos as a service offers it, with the keys of a keytab.</summary>
/// <remarks>RFC 4121; MS-KILE. Any service name in the keytab will do: clients ask for HTTP, WSMAN or host.</remarks>
public sealed class KerberosService : IDisposable
{
    private readonly KeytabKeys _keys;

    private KerberosService(KeytabKeys keys, BindingLevel bindingLevel, Func<string, string?, string?> accountOf) =>
        (_keys, BindingLevel, AccountOf) = (keys, bindingLevel, accountOf);

    /// <summary>The library is on this machine.</summary>
    public static bool IsAvailable => Gss.IsAvailable;

    /// <summary>How much bindings to TLS count.</summary>
    public BindingLevel BindingLevel { get; set; }

    /// <summary>
    /// From a principal, and the account that the machine's rules (auth_to_local) name for it, to the Unix account it works as; null refuses it.
    /// </summary>
    internal Func<string, string?, string?> AccountOf { get; }

    /// <summary>
    /// A member of a domain, whose ticket says so, is known here even without a Unix account: it may do what descriptors grant it, but run nothing.
    /// </summary>
    internal bool TakesDomainMembersWithoutAccount { get; private init; }

    /// <summary>Opens a keytab; null is the system's, which KRB5_KTNAME may name.</summary>
    /// <exception cref="SecurityTokenException">No library, or no keys; the message says which.</exception>
    public static KerberosService Open(
        string? keytab = null, BindingLevel bindingLevel = BindingLevel.Relaxed, Func<string, string?, string?>? accountOf = null, bool takesDomainMembersWithoutAccount = false)
    {
        if (!IsAvailable)
        {
            throw new SecurityTokenException("Kerberos needs the library libgssapi_krb5.so.2 (Debian: libgssapi-krb5-2).") { IsUnavailable = true };
        }

        var service = Of(keytab, bindingLevel, accountOf, takesDomainMembersWithoutAccount);
        _ = service._keys.Current;
        return service;
    }

    /// <summary>As <see cref="Open"/>, whether there are keys or not: without any it refuses, and takes them once they are there.</summary>
    public static KerberosService Of(
        string? keytab, BindingLevel bindingLevel = BindingLevel.Relaxed, Func<string, string?, string?>? accountOf = null, bool takesDomainMembersWithoutAccount = false) =>
        new(new KeytabKeys(keytab), bindingLevel, accountOf ?? (static (_, local) => local)) { TakesDomainMembersWithoutAccount = takesDomainMembersWithoutAccount };

    /// <summary>As <see cref="Open"/>; null when there is no library or no keytab.</summary>
    public static KerberosService? TryOpen(
        string? keytab = null, BindingLevel bindingLevel = BindingLevel.Relaxed, Func<string, string?, string?>? accountOf = null, bool takesDomainMembersWithoutAccount = false)
    {
        try
        {
            return Open(keytab, bindingLevel, accountOf, takesDomainMembersWithoutAccount);
        }
        catch (SecurityTokenException e) when (e.IsUnavailable)
        {
            return null;
        }
    }

    /// <summary>Why there are no keys; null when there are.</summary>
    public string? Problem
    {
        get
        {
            try
            {
                _ = _keys.Current;
                return null;
            }
            catch (SecurityTokenException e)
            {
                return e.Message;
            }
        }
    }

    /// <summary>Begins a context, with the keys that the keytab has now.</summary>
    /// <exception cref="SecurityTokenException">It has none any more.</exception>
    public ISecurityContext Accept(ConnectionFacts connection) => new KerberosAcceptor(this, _keys.Current, connection);

    /// <inheritdoc/>
    public void Dispose() => _keys.Dispose();
}
