using System.Collections.Immutable;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using Farwire.Hosting.Listeners;
using Farwire.Linux.Accounts;
using Farwire.Security;
using Farwire.Security.Accounts;
using Farwire.Security.Basic;
using Farwire.Security.Certificates;
using Farwire.Security.ChannelBinding;
using Farwire.Security.CredSsp;
using Farwire.Security.Digest;
using Farwire.Security.Kerberos;
using Farwire.Security.Ntlm;
using Farwire.Security.Spnego;
using Farwire.Service.Configuration;
using Microsoft.Extensions.Logging;

namespace Farwire.Hosting.Authentication;

/// <summary>Every way to authenticate that this machine has, and which of them the configuration offers.</summary>
/// <remarks>MS-WSMV, "Service/Auth". A change counts for the next connection that asks; who has proved himself stays.</remarks>
internal sealed class MachineSchemes
{
    private const string Sealed = "sealed:";
    private const string Profiles = "http://schemas.dmtf.org/wbem/wsman/1/wsman/secprofile/";

    private readonly MachineServiceOptions _options;
    private readonly CertificateStore _certificates;
    private readonly ClientAuthorities _authorities;
    private readonly ILogger _log;
    private readonly NtlmService? _ntlm;
    private readonly KerberosService? _kerberos;
    private readonly IReadOnlyList<IAuthenticationScheme> _others;
    private readonly IReadOnlyList<IAuthenticationScheme> _all;

    // By the keytabs that listeners have of their own. Once named they stay: connections may outlive what the configuration says of their listener.
    private readonly Dictionary<string, (KerberosService? Kerberos, IReadOnlyList<IAuthenticationScheme> All)> _withKeytab = [];
    private volatile ImmutableDictionary<string, IReadOnlyList<IAuthenticationScheme>> _offeredWith = ImmutableDictionary<string, IReadOnlyList<IAuthenticationScheme>>.Empty;
    private volatile IReadOnlyList<CertificateMapping> _mappings = [];
    private volatile X509Certificate2? _credSspCertificate;

    public MachineSchemes(MachineServiceOptions options, CertificateStore certificates, ILogger log)
    {
        (_options, _certificates, _log) = (options, certificates, log);
        _authorities = new ClientAuthorities(options.AuthorityFolder, log);
        var time = TimeProvider.System;
        var guesses = new GuessLimit(time);
        _ntlm = NtlmService.IsAvailable && options.Key is { } key ? new NtlmService(options.Users, key, guesses, time) : null;
        _kerberos = KerberosService.TryOpen(options.Keytab, accountOf: (_, local) => AccountOf(local), takesDomainMembersWithoutAccount: options.Access.Domain is not null);
        var users = new MappedUsers(options.Users, time, AccountOf, options.Passwords);
        var basic = new BasicScheme(options.Users, time, guesses, options.Passwords);
        _others = [basic, new CertificateScheme(() => _mappings, users, () => options.ClientAuthorities ?? _authorities.Current, time)];
        _all = options.IsBmcEndpoint
            ? [.. options.Key is { } sealing ? [new DigestScheme(options.Users, sealing, guesses, time)] : Array.Empty<IAuthenticationScheme>(), basic]
            : AllWith(_kerberos);
    }

    /// <summary>What is on offer from now on.</summary>
    public IReadOnlyList<IAuthenticationScheme> Offer(ServiceConfiguration configuration)
    {
        if (_options.IsBmcEndpoint)
        {
            return _all;
        }

        var bindings = Enum.Parse<BindingLevel>(configuration["Service/Auth/CbtHardeningLevel"]);
        if (_ntlm is not null)
        {
            _ntlm.BindingLevel = bindings;
        }

        OpenKeytabs(configuration);
        foreach (var kerberos in _withKeytab.Values.Select(with => with.Kerberos).Append(_kerberos).OfType<KerberosService>())
        {
            kerberos.BindingLevel = bindings;
        }

        _authorities.Read();
        _mappings = [.. configuration.EntriesOf(ConfigurationTable.CertificateMappings).Select(MappingOf), .. _options.CertificateMappings];
        var hasCertificate = FindCredSspCertificate(configuration["Service/CertificateThumbprint"], configuration.IsTrue("Service/Auth/CredSSP"));
        _offeredWith = _withKeytab.ToImmutableDictionary(with => with.Key, with => Allowed(with.Value.All));
        return Allowed(_all);

        IReadOnlyList<IAuthenticationScheme> Allowed(IEnumerable<IAuthenticationScheme> all) =>
            [.. all.Where(scheme => configuration.IsTrue("Service/Auth/" + SettingOf(scheme)) && (scheme is not CredSspScheme || hasCertificate))];
    }

    /// <summary>What is on offer at listeners with a keytab of their own: the same, where Kerberos has the keys of <paramref name="keytab"/> and no others.</summary>
    public IReadOnlyList<IAuthenticationScheme> OfferedWith(string keytab) => _options.IsBmcEndpoint ? _all : _offeredWith[keytab];

    /// <summary>How Identify names what is on offer.</summary>
    public static IReadOnlyList<string> ProfilesOf(IReadOnlyList<IAuthenticationScheme> offered) =>
    [
        .. offered.Select(scheme => scheme switch
        {
            BasicScheme => "basic",
            DigestScheme => "digest",
            NegotiateScheme => "spnego-kerberos",
            CertificateScheme => "mutual",
            _ => "",
        }).Where(name => name.Length > 0).Distinct().SelectMany(name => name == "mutual" ? [$"{Profiles}https/{name}"] : new[] { $"{Profiles}http/{name}", $"{Profiles}https/{name}" }),
    ];

    /// <summary>Seals a secret of the configuration; null when there is no key for it.</summary>
    public static Func<string, string, string>? Sealing(SecretKey? key) =>
        key is null ? null : (name, secret) => key.Seal(name, "configuration", Encoding.UTF8.GetBytes(secret));

    private void OpenKeytabs(ServiceConfiguration configuration)
    {
        foreach (var keytab in configuration.EntriesOf(ConfigurationTable.Listeners).Select(listener => listener["Keytab"]).Where(keytab => keytab.Length > 0 && !_withKeytab.ContainsKey(keytab)).Distinct().ToList())
        {
            var kerberos = KerberosService.IsAvailable ? KerberosService.Of(keytab, accountOf: (_, local) => AccountOf(local), takesDomainMembersWithoutAccount: _options.Access.Domain is not null) : null;
            if (kerberos?.Problem is { } problem)
            {
                Log.KeytabWithoutKeys(_log, keytab, problem);
            }

            _withKeytab.Add(keytab, (kerberos, AllWith(kerberos)));
        }
    }

    private IReadOnlyList<IAuthenticationScheme> AllWith(KerberosService? kerberos) =>
    [
        .. NegotiateScheme.For(_ntlm, kerberos),
        .. _others,
        .. _ntlm is not null || kerberos is not null ? [new CredSspScheme(_ntlm, kerberos, () => _credSspCertificate)] : Array.Empty<IAuthenticationScheme>(),
    ];

    // The rules of Kerberos name accounts without asking whether there are such.
    private string? AccountOf(string? local) =>
        local is not null && _options.MayBeAccount?.Invoke(local) != false && AccountDirectory.Find(local) is { } account ? account.Name : null;

    // The password stays sealed until it is held against the user's. One that people wrote into a file is as it is.
    private CertificateMapping MappingOf(ConfigurationEntry entry)
    {
        var kept = entry["Password"];
        return new CertificateMapping(entry["Issuer"], entry["Subject"], entry["URI"], entry["UserName"])
        {
            IsEnabled = entry.IsTrue("Enabled"),
            Password = kept.Length == 0 ? null
                : !kept.StartsWith(Sealed, StringComparison.Ordinal) ? () => kept
                : () => _options.Key is { } key && key.TryOpen(entry.Id, "configuration", kept[Sealed.Length..], out var secret) ? Encoding.UTF8.GetString(secret) : null,
        };
    }

    // Without a thumbprint one made in memory will do. One that is named and not there is no reason to show another.
    private bool FindCredSspCertificate(string thumbprint, bool isWanted)
    {
        if (thumbprint.Length == 0 || !isWanted)
        {
            _credSspCertificate = null;
            return true;
        }

        _credSspCertificate = _certificates.Find(thumbprint, "", out var missing);
        if (_credSspCertificate is null)
        {
            Log.CredSspNotOffered(_log, missing);
        }

        return _credSspCertificate is not null;
    }

    private static string SettingOf(IAuthenticationScheme scheme) => scheme switch
    {
        CertificateScheme => "Certificate",
        { Name: "NTLM" } => "Negotiate",
        _ => scheme.Name,
    };
}
