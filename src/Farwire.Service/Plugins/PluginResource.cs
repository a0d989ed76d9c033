using Farwire.Plugins;
using Farwire.Protocol.Addressing;
using Farwire.Protocol.Enumeration;
using Farwire.Protocol.Envelope;
using Farwire.Protocol.Eventing;
using Farwire.Protocol.Faults;
using Farwire.Protocol.Names;
using Farwire.Protocol.Transfer;
using Farwire.Protocol.Xml;
using Farwire.Service.Dispatch;
using Farwire.Service.Resources;
using Microsoft.Extensions.Logging;

namespace Farwire.Service.Plugins;

/// <summary>A resource that a plug-in serves, as far as its registration and its class go.</summary>
/// <remarks>
/// MS-WSMV, "Plugin configuration". A request passes: 1. the capability, 2. options, fragments and filters that are declared, 3. the plug-in's quotas,
/// 4. the plug-in itself, in its process, 5. its answer, which must be one element.
/// </remarks>
internal sealed class PluginResource(ActivePlugin plugin, PluginResourceEntry entry)
    : IGetResource, IPutResource, ICreateResource, IDeleteResource, IInvokeResource, IEnumerateResource, ISubscribeResource, IFragmentResource
{
    public bool AcceptsOption(string name) => entry.SupportsOptions;

    public bool TakesFragment(string action) => action switch
    {
        Actions.Get => entry.Find(CapabilityType.Get) is { SupportsFragment: true },
        Actions.Put => entry.Find(CapabilityType.Put) is { SupportsFragment: true },
        Actions.Create => entry.Find(CapabilityType.Create) is { SupportsFragment: true },
        _ => false,
    };

    public ValueTask<IBody> GetAsync(OperationContext context) => RunAsync<IGetPlugin, IBody>(
        context, CapabilityType.Get, async (running, request, cancellation) => PluginAnswer.Body(await running.GetAsync(request, cancellation).ConfigureAwait(false)));

    public ValueTask<IBody> PutAsync(OperationContext context, BodyReader representation)
    {
        var input = PluginRequests.Input(representation, plugin.Registration);
        return RunAsync<IPutPlugin, IBody>(
            context, CapabilityType.Put, async (running, request, cancellation) => PluginAnswer.Body(await running.PutAsync(request with { Input = input }, cancellation).ConfigureAwait(false)));
    }

    public ValueTask<ResourceCreated> CreateAsync(OperationContext context, BodyReader representation)
    {
        var input = PluginRequests.Input(representation, plugin.Registration);
        return RunAsync<ICreatePlugin, ResourceCreated>(context, CapabilityType.Create, async (running, request, cancellation) =>
        {
            var keys = await running.CreateAsync(request with { Input = input }, cancellation).ConfigureAwait(false);
            return context.Reference(SelectorSet.From(keys.Select(key => new Selector(key.Key, key.Value))));
        });
    }

    public async ValueTask DeleteAsync(OperationContext context) => await RunAsync<IDeletePlugin, bool>(context, CapabilityType.Delete, async (running, request, cancellation) =>
    {
        await running.DeleteAsync(request, cancellation).ConfigureAwait(false);
        return true;
    }).ConfigureAwait(false);

    public ValueTask<IBody> InvokeAsync(OperationContext context, string method, BodyReader input)
    {
        var given = PluginRequests.Input(input, plugin.Registration);
        return RunAsync<IInvokePlugin, IBody>(
            context,
            CapabilityType.Invoke,
            async (running, request, cancellation) => PluginAnswer.Body(await running.InvokeAsync(request with { Input = given }, method, cancellation).ConfigureAwait(false)));
    }

    public ValueTask<IEnumerationCursor> EnumerateAsync(OperationContext context, Enumerate request) =>
        OpenAsync<IEnumeratePlugin>(context, CapabilityType.Enumerate, request.Filter, (running, told, end) => ValueTask.FromResult(running.EnumerateAsync(told, end)));

    public ValueTask<IEnumerationCursor> SubscribeAsync(OperationContext context, Subscribe request) => OpenAsync<ISubscribePlugin>(
        context,
        CapabilityType.Subscribe,
        request.Filter,
        (running, told, end) => running is IRemoteSubscriptions remote ? remote.OpenAsync(told, context.Cancellation, end) : ValueTask.FromResult(running.SubscribeAsync(told, end)));

    private async ValueTask<TAnswer> RunAsync<TPlugin, TAnswer>(OperationContext context, CapabilityType type, Func<TPlugin, PluginRequest, CancellationToken, ValueTask<TAnswer>> run)
        where TPlugin : class
    {
        Require(context, type); // 1 2
        using var place = plugin.Limits.EnterOperation(context.Caller.Name); // 3
        try
        {
            var running = await FindAsync<TPlugin>(context, type).ConfigureAwait(false);
            return await run(running, PluginRequests.Of(context), context.Cancellation).ConfigureAwait(false); // 4 5
        }
        catch (Exception e) when (e is not WSManFaultException and not OperationCanceledException)
        {
            throw PluginFaults.Of(e, plugin.Registration, plugin.Log);
        }
        catch (OperationCanceledException) when (!context.Cancellation.IsCancellationRequested)
        {
            throw FaultCatalog.OperationAborted.Fault($"the plug-in '{plugin.Registration.Name}' gave the operation up.");
        }
    }

    private async ValueTask<IEnumerationCursor> OpenAsync<TPlugin>(
        OperationContext context, CapabilityType type, Filter? filter, Func<TPlugin, PluginRequest, CancellationToken, ValueTask<IAsyncEnumerable<PluginItem>>> open)
        where TPlugin : class
    {
        var capability = Require(context, type);
        if (filter is not null && !capability.SupportsFiltering)
        {
            throw (type == CapabilityType.Subscribe ? FaultCatalog.FilteringRequestedUnavailable : FaultCatalog.FilterDialectUnavailable)
                .Fault($"the plug-in '{plugin.Registration.Name}' takes no filter here.");
        }

        var place = plugin.Limits.EnterOperation(context.Caller.Name);
        try
        {
            var running = await FindAsync<TPlugin>(context, type).ConfigureAwait(false);
            var told = PluginRequests.Of(context) with { Filter = PluginRequests.Filter(filter) };
            var cursor = await PluginCursor.OpenAsync(plugin, context.ResourceUri, place, end => open(running, told, end)).ConfigureAwait(false);
            if (type == CapabilityType.Subscribe)
            {
                cursor.Begin();
            }

            return cursor;
        }
        catch (Exception e) when (e is not WSManFaultException and not OperationCanceledException)
        {
            place.Dispose();
            throw PluginFaults.Of(e, plugin.Registration, plugin.Log);
        }
        catch
        {
            place.Dispose();
            throw;
        }
    }

    private PluginCapability Require(OperationContext context, CapabilityType type)
    {
        var capability = entry.Find(type) ?? throw FaultCatalog.ActionNotSupported.Fault($"the plug-in '{plugin.Registration.Name}' does not declare {type} for this resource.");
        return context.Options.Count == 0 || entry.SupportsOptions
            ? capability
            : throw FaultCatalog.OptionNotSupported.Fault($"the plug-in '{plugin.Registration.Name}' takes no options; '{context.Options[0].Name}' is one.");
    }

    private async ValueTask<TPlugin> FindAsync<TPlugin>(OperationContext context, CapabilityType type)
        where TPlugin : class
    {
        var registration = plugin.Registration;
        var running = await plugin.Host.StartAsync(registration, context.Caller.Account, shellId: null, context.Cancellation).ConfigureAwait(false);
        return running as TPlugin ?? throw FaultCatalog.ActionNotSupported.Fault($"the plug-in '{registration.Name}' declares {type}, but its class is no {typeof(TPlugin).Name}.");
    }
}
