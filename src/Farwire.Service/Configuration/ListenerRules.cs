using Farwire.Protocol.Faults;

namespace Farwire.Service.Configuration;

/// <summary>What the configuration must know of the sockets behind it.</summary>
public interface IListenerHost
{
    /// <summary>The addresses that a listener listens on now.</summary>
    IReadOnlyList<string> AddressesOf(ConfigurationEntry listener);

    /// <summary>Why there is no certificate for an HTTPS listener; null when there is one.</summary>
    string? MissingCertificate(ConfigurationEntry listener);
}

/// <summary>The rules of listeners.</summary>
/// <remarks>MS-WSMV, "Listener": HTTPS needs a certificate with its key, HTTP must have none.</remarks>
internal sealed class ListenerRules(IListenerHost? host) : IEntryRules
{
    public const string ListeningOn = "ListeningOn";

    public ConfigurationEntry Accept(ConfigurationEntry entry, ConfigurationEntry? before, ServiceConfiguration current)
    {
        if (entry["Transport"] == "HTTP" && entry["CertificateThumbprint"].Length > 0)
        {
            throw FaultCatalog.CertificateThumbprintNotBlank.Fault("an HTTP listener has no certificate.");
        }

        if (entry["Transport"] == "HTTPS" && entry.IsTrue("Enabled") && host?.MissingCertificate(entry) is { } missing)
        {
            throw FaultCatalog.CertificateRequired.Fault(missing);
        }

        return entry;
    }

    public IEnumerable<(string Name, string Value)> Computed(ConfigurationEntry entry, ServiceConfiguration current)
    {
        if (entry["Port"].Length == 0)
        {
            yield return ("Port", current.PortOf(entry));
        }

        foreach (var address in host?.AddressesOf(entry) ?? [])
        {
            yield return (ListeningOn, address);
        }
    }
}
