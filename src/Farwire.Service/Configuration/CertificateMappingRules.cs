using Farwire.Protocol.Faults;

namespace Farwire.Service.Configuration;

/// <summary>The rules of certificate mappings: the password is sealed before it is kept.</summary>
/// <param name="seal">Seals a secret for a name; null keeps no passwords.</param>
internal sealed class CertificateMappingRules(Func<string, string, string>? seal) : IEntryRules
{
    private const string Sealed = "sealed:";

    public ConfigurationEntry Accept(ConfigurationEntry entry, ConfigurationEntry? before, ServiceConfiguration current)
    {
        if (entry["UserName"].Length == 0)
        {
            throw FaultCatalog.InvalidXmlMissingValues.Fault("UserName is missing: the user that the certificate stands for.");
        }

        var password = entry.Table.Settings.Single(setting => setting.IsSecret);
        var given = entry[password];
        if (given.Length == 0 || given.StartsWith(Sealed, StringComparison.Ordinal))
        {
            return entry;
        }

        return seal is null
            ? throw FaultCatalog.NotSupported.Fault("this service has no key to seal a password under; leave Password out: the certificate alone proves the user.")
            : entry with { Values = entry.Values.SetItem(password, Sealed + seal(entry.Id, given)) };
    }

    public IEnumerable<(string Name, string Value)> Computed(ConfigurationEntry entry, ServiceConfiguration current) => [];
}
