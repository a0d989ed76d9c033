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
        Access = configuration[ConfigurationTable.RootSddl] == options.Access.Root.Text
            ? options.Access // what it remembers of callers still holds
            : options.Access.WithRoot(SecurityDescriptor.Parse(configuration[ConfigurationTable.RootSddl])),
    };
}
