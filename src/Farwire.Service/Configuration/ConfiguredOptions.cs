using Farwire.Service.Access;
using Farwire.Service.Dispatch;

namespace Farwire.Service.Configuration;

/// <summary>The limits of the engine, as the configuration has them.</summary>
public static class ConfiguredOptions
{
    // What sealing and base64 can address; a larger MaxEnvelopeSizekb counts as this.
    private const int MaxEnvelopeKilobytes = 1_039_440;

    /// <summary><paramref name="options"/> with what the configuration says; what it does not know stays.</summary>
    public static ServiceOptions With(this ServiceOptions options, ServiceConfiguration configuration) => options with
    {
        MaxEnvelopeBytes = Math.Min(configuration.Number("MaxEnvelopeSizekb"), MaxEnvelopeKilobytes) * 1024,
        MaxTimeout = configuration.Milliseconds("MaxTimeoutms"),
        MaxBatchItems = configuration.Number("MaxBatchItems"),
        EnumerationTimeout = configuration.Milliseconds("Service/EnumerationTimeoutms"),
        MaxConcurrentOperationsPerUser = configuration.Number("Service/MaxConcurrentOperationsPerUser"),
        MaxRequests = configuration.Number("Service/MaxConnections"),
        Access = AccessOf(options.Access, configuration),
    };

    private static AccessPolicy AccessOf(AccessPolicy before, ServiceConfiguration configuration)
    {
        var root = configuration[ConfigurationTable.RootSddl];
        var rules = configuration.EntriesOf(ConfigurationTable.Security);
        return root == before.Root.Text && rules.Select(Said).SequenceEqual(before.ConfiguredRules.Select(rule => (rule.Uri, rule.IsExact, rule.Descriptor.Text)))
            ? before // what it remembers of callers still holds
            : before.With(SecurityDescriptor.Parse(root), [.. rules.Select(entry => new AccessRule(entry["URI"], entry.IsTrue("ExactMatch"), SecurityDescriptor.Parse(entry["Sddl"])))]);
    }

    private static (string Uri, bool IsExact, string Text) Said(ConfigurationEntry entry) => (entry["URI"], entry.IsTrue("ExactMatch"), entry["Sddl"]);
}
