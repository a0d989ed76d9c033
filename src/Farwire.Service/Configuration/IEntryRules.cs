namespace Farwire.Service.Configuration;

/// <summary>What a table demands of its entries beyond the form of each value.</summary>
internal interface IEntryRules
{
    /// <summary>The entry as it is kept, or a fault; <paramref name="before"/> is what it replaces.</summary>
    ConfigurationEntry Accept(ConfigurationEntry entry, ConfigurationEntry? before, ServiceConfiguration current);

    /// <summary>What the service says of an entry beyond, or in place of, what was set.</summary>
    IEnumerable<(string Name, string Value)> Computed(ConfigurationEntry entry, ServiceConfiguration current);
}
