namespace Farwire.Plugins;

/// <summary>A plug-in whose instances can be read: capability Get.</summary>
public interface IGetPlugin : IPlugin
{
    /// <summary>Answers the instance that the selectors name.</summary>
    ValueTask<PluginXml> GetAsync(PluginRequest request, CancellationToken cancellationToken);
}

/// <summary>A plug-in whose instances can be changed: capability Put.</summary>
public interface IPutPlugin : IPlugin
{
    /// <summary>Changes the instance that the selectors name; answers what it is now, or nothing.</summary>
    ValueTask<PluginXml> PutAsync(PluginRequest request, CancellationToken cancellationToken);
}

/// <summary>A plug-in that makes instances: capability Create.</summary>
public interface ICreatePlugin : IPlugin
{
    /// <summary>Makes an instance and answers its keys.</summary>
    ValueTask<IReadOnlyList<KeyValuePair<string, string>>> CreateAsync(PluginRequest request, CancellationToken cancellationToken);
}

/// <summary>A plug-in whose instances can be removed: capability Delete.</summary>
public interface IDeletePlugin : IPlugin
{
    /// <summary>Removes the instance that the selectors name.</summary>
    ValueTask DeleteAsync(PluginRequest request, CancellationToken cancellationToken);
}

/// <summary>A plug-in with methods: capability Invoke.</summary>
public interface IInvokePlugin : IPlugin
{
    /// <summary>Runs <paramref name="method"/> and answers its output.</summary>
    ValueTask<PluginXml> InvokeAsync(PluginRequest request, string method, CancellationToken cancellationToken);
}

/// <summary>A plug-in whose instances can be listed: capability Enumerate.</summary>
public interface IEnumeratePlugin : IPlugin
{
    /// <summary>Lists the items, one at a time. The token ends with the enumeration: its end, its release, or its expiry.</summary>
    IAsyncEnumerable<PluginItem> EnumerateAsync(PluginRequest request, CancellationToken cancellationToken);
}

/// <summary>A plug-in that tells of events: capability Subscribe.</summary>
public interface ISubscribePlugin : IPlugin
{
    /// <summary>The events from now on; the list has no end by itself. The token ends with the subscription.</summary>
    IAsyncEnumerable<PluginItem> SubscribeAsync(PluginRequest request, CancellationToken cancellationToken);
}
