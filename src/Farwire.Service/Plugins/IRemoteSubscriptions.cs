using Farwire.Plugins;

namespace Farwire.Service.Plugins;

/// <summary>A plug-in that is not here, and says when it has begun to listen: nothing that happens after the client has its answer may be missing.</summary>
public interface IRemoteSubscriptions : ISubscribePlugin
{
    /// <summary>Begins a subscription. The list that it answers must be read, or what it holds stays open.</summary>
    /// <param name="request">What the client asks for.</param>
    /// <param name="opening">Gives up waiting for the plug-in.</param>
    /// <param name="end">Ends the subscription.</param>
    ValueTask<IAsyncEnumerable<PluginItem>> OpenAsync(PluginRequest request, CancellationToken opening, CancellationToken end);
}
