using Farwire.Protocol.Faults;
using Farwire.Protocol.Names;

namespace Farwire.Service.Configuration;

/// <summary>The rules of custom shells: they have a program, and cannot stand in for the command shell.</summary>
internal sealed class CustomShellRules : IEntryRules
{
    public ConfigurationEntry Accept(ConfigurationEntry entry, ConfigurationEntry? before, ServiceConfiguration current)
    {
        if (entry["URI"].TrimEnd('/').Equals(ResourceUris.CommandShell, StringComparison.OrdinalIgnoreCase)
            || entry["URI"].TrimEnd('/').Equals(ResourceUris.Shell, StringComparison.OrdinalIgnoreCase))
        {
            throw FaultCatalog.ShellUriNotPermitted.Fault($"'{entry["URI"]}' is the command shell's.");
        }

        return entry["Shell"].Length > 0 ? entry : throw FaultCatalog.InvalidXmlMissingValues.Fault("Shell is missing: the program to run.");
    }

    public IEnumerable<(string Name, string Value)> Computed(ConfigurationEntry entry, ServiceConfiguration current) => [];
}
