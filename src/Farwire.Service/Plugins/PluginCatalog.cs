using Farwire.Protocol.Faults;
using Farwire.Service.Access;
using Farwire.Service.Resources;
using Microsoft.Extensions.Logging;

namespace Farwire.Service.Plugins;

/// <summary>The plug-ins that were registered when the service started, and what they serve.</summary>
/// <remarks>MS-WSMV, "Initialization": no two of them expose the same resource URI.</remarks>
public sealed class PluginCatalog : IResourceProvider
{
    private readonly (PluginResourceEntry Entry, PluginResource Resource)[] _operations;
    private readonly (PluginResourceEntry Entry, ActivePlugin Plugin)[] _shells;

    /// <summary>Takes the enabled ones among <paramref name="registrations"/>.</summary>
    public PluginCatalog(IEnumerable<PluginConfiguration> registrations, IPluginHost host, ILogger log)
    {
        Active = [.. registrations.Where(one => one.Enabled).Select(one => new ActivePlugin(one, new PluginLimits(one.Quotas), host, log))];
        var entries = Active.SelectMany(plugin => plugin.Registration.Resources, (plugin, entry) => (Plugin: plugin, Entry: entry))
            .DistinctBy(one => one.Entry.Uri, StringComparer.OrdinalIgnoreCase)
            .OrderByDescending(one => one.Entry.IsExact)
            .ThenByDescending(one => one.Entry.Uri.Length)
            .ToList();
        _operations = [.. entries.Where(one => !one.Entry.IsShell).Select(one => (one.Entry, new PluginResource(one.Plugin, one.Entry)))];
        _shells = [.. entries.Where(one => one.Entry.IsShell).Select(one => (one.Entry, one.Plugin))];
    }

    /// <summary>The plug-ins in force.</summary>
    public IReadOnlyList<ActivePlugin> Active { get; }

    /// <inheritdoc/>
    public IReadOnlyList<string> Uris => [.. _operations.Select(one => one.Entry.Uri), .. _shells.Select(one => one.Entry.Uri)];

    /// <summary>What the registrations say about who may do what.</summary>
    public IEnumerable<AccessRule> Rules => Active.SelectMany(plugin => plugin.Registration.Resources).SelectMany(resource => resource.Security);

    /// <summary>The URIs of shells, which need the right to execute.</summary>
    public IEnumerable<string> ShellUris => _shells.Select(one => one.Entry.Uri);

    /// <inheritdoc/>
    public IResource? Find(string resourceUri)
    {
        foreach (var (entry, resource) in _operations)
        {
            if (entry.Covers(resourceUri))
            {
                return resource;
            }
        }

        return null;
    }

    /// <summary>The plug-in whose shells <paramref name="resourceUri"/> opens, or null.</summary>
    public (PluginResourceEntry Entry, ActivePlugin Plugin)? FindShell(string resourceUri)
    {
        foreach (var shell in _shells)
        {
            if (shell.Entry.Covers(resourceUri))
            {
                return shell;
            }
        }

        return null;
    }

    /// <summary>The registrations of a configuration. One that is broken is left out, and the log says why: the service must start.</summary>
    public static IEnumerable<PluginConfiguration> Read(IEnumerable<KeyValuePair<string, string>> registrations, ILogger log)
    {
        foreach (var (name, xml) in registrations)
        {
            PluginConfiguration read;
            try
            {
                read = PluginConfigurationReader.Read(xml);
            }
            catch (WSManFaultException e)
            {
                Log.PluginLeftOut(log, name, e.Message);
                continue;
            }

            yield return read;
        }
    }
}

/// <summary>A plug-in in force.</summary>
/// <param name="Registration">What was registered.</param>
/// <param name="Limits">Its counters.</param>
/// <param name="Host">Where it runs.</param>
/// <param name="Log">Where its failures are written down.</param>
public sealed record ActivePlugin(PluginConfiguration Registration, PluginLimits Limits, IPluginHost Host, ILogger Log);
