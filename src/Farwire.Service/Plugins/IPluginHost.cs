using Farwire.Plugins;

namespace Farwire.Service.Plugins;

/// <summary>Where plug-ins run: in this process, or in processes of their accounts.</summary>
public interface IPluginHost : IAsyncDisposable
{
    /// <summary>The plug-in of a registration for callers with <paramref name="account"/>, started when it does not run.</summary>
    /// <param name="plugin">The registration.</param>
    /// <param name="account">The Unix account of the caller.</param>
    /// <param name="shellId">The shell it is for, which may have a process of its own; null for operations.</param>
    /// <param name="cancellationToken">Gives up waiting for its start.</param>
    /// <exception cref="Protocol.Faults.WSManFaultException">It cannot be started; the fault says why.</exception>
    ValueTask<IPlugin> StartAsync(PluginConfiguration plugin, string account, string? shellId, CancellationToken cancellationToken);
}
