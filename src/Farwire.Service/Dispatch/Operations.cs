using Farwire.Protocol.Envelope;
using Farwire.Protocol.Faults;
using Farwire.Protocol.Names;
using Farwire.Protocol.Shell;
using Farwire.Protocol.Xml;
using Farwire.Service.Enumeration;
using Farwire.Service.Resources;
using Farwire.Service.Subscriptions;

namespace Farwire.Service.Dispatch;

/// <summary>From an action URI to the method of a resource.</summary>
/// <remarks>DSP0226, "Resource access"; WS-Enumeration; MS-WSMV, "Message processing events and sequencing rules".</remarks>
internal sealed class Operations(ResourceCatalog catalog, EnumerationTable enumerations, SubscriptionOperations subscriptions, Func<ServiceOptions> options)
{
    private readonly EnumerationOperations _enumeration = new(enumerations, options);

    public ValueTask<IBody> RunAsync(OperationContext context, BodyReader body)
    {
        var action = context.Headers.Action!;
        switch (action)
        {
            // The context alone says what is pulled and released: clients differ in what else they repeat.
            case Actions.Pull: return _enumeration.PullAsync(context, body);
            case Actions.Release: return _enumeration.ReleaseAsync(context, body);
            case Actions.Renew: return subscriptions.RenewAsync(context, body);
            case Actions.Unsubscribe: return subscriptions.UnsubscribeAsync(context, body);
        }

        var resource = Find(context);
        return action switch
        {
            Actions.Get => Able<IGetResource>(resource, action).GetAsync(context),
            Actions.Put => Able<IPutResource>(resource, action).PutAsync(context, body),
            Actions.Create => CreateAsync(resource, context, body),
            Actions.Delete => DeleteAsync(resource, context),
            Actions.Enumerate => _enumeration.EnumerateAsync(context, Able<IEnumerateResource>(resource, action), body),
            Actions.Subscribe => subscriptions.SubscribeAsync(context, Able<ISubscribeResource>(resource, action), body),
            Actions.Command => Body(Able<IShellResource>(resource, action).CommandAsync(context, CommandLine.Read(body))),
            Actions.Send => Body(Able<IShellResource>(resource, action).SendAsync(context, Send.Read(body))),
            Actions.Receive => Body(Able<IShellResource>(resource, action).ReceiveAsync(context, Receive.Read(body))),
            Actions.Signal => Body(Able<IShellResource>(resource, action).SignalAsync(context, Signal.Read(body))),
            Actions.Disconnect => Empty(Disconnectable(resource, action).DisconnectAsync(context, Disconnect.Read(body))),
            Actions.Reconnect => Empty(Disconnectable(resource, action).ReconnectAsync(context, Reconnect.Read(body))),
            Actions.Connect => Body(Disconnectable(resource, action).ConnectAsync(context, Connect.Read(body))),
            _ => Able<IInvokeResource>(resource, action).InvokeAsync(context, MethodName(context.ResourceUri, action), body),
        };
    }

    /// <summary>The message brings events to a path of subscriptions; no resource is named in it.</summary>
    public bool IsDelivery(OperationContext context) =>
        string.IsNullOrEmpty(context.Headers.ResourceUri) && catalog.Deliveries?.Takes(context.Path) == true;

    /// <summary>Hands a delivery over; when it returns, the delivery may be acknowledged.</summary>
    public ValueTask DeliverAsync(OperationContext context, BodyReader body) => catalog.Deliveries!.DeliverAsync(context, body);

    /// <summary>The action of the answer to <paramref name="action"/>.</summary>
    public static string ResponseAction(string action) => action switch
    {
        Actions.Get => Actions.GetResponse,
        Actions.Pull => Actions.PullResponse,
        Actions.Enumerate => Actions.EnumerateResponse,
        Actions.Receive => Actions.ReceiveResponse,
        _ => action + "Response",
    };

    private IResource Find(OperationContext context)
    {
        if (string.IsNullOrEmpty(context.Headers.ResourceUri))
        {
            throw FaultCatalog.InvalidResourceUri.Fault("w:ResourceURI is missing or empty.");
        }

        var resource = catalog.Find(context.ResourceUri)
            ?? throw FaultCatalog.ResourceNotFound.Fault($"the service has no resource '{context.ResourceUri}'.");
        foreach (var option in context.Options)
        {
            if (option.MustComply && !resource.AcceptsOption(option.Name))
            {
                throw FaultCatalog.OptionNotSupported.Fault($"the resource does not know the option '{option.Name}', which must be complied with.");
            }
        }

        if (context.Headers.FragmentTransfer is not null && (resource as IFragmentResource)?.TakesFragment(context.Headers.Action!) != true)
        {
            throw FaultCatalog.FragmentTransferNotSupported.Fault("leave out w:FragmentTransfer to get the whole.");
        }

        return resource;
    }

    private static T Able<T>(IResource resource, string action)
        where T : IResource =>
        resource is T able ? able : throw FaultCatalog.ActionNotSupported.Fault($"the resource does not offer '{action}'.");

    private static IDisconnectableShellResource Disconnectable(IResource resource, string action) => resource is IShellResource and not IDisconnectableShellResource
        ? throw FaultCatalog.ShellDisconnectUnsupported.Fault()
        : Able<IDisconnectableShellResource>(resource, action);

    private static ValueTask<IBody> CreateAsync(IResource resource, OperationContext context, BodyReader body) => resource switch
    {
        IShellResource shells => OpenShellAsync(shells, context, body),
        ICreateResource creatable => Body(creatable.CreateAsync(context, body)),
        _ => throw FaultCatalog.ActionNotSupported.Fault("nothing can be created at this resource."),
    };

    // The answer to a shell's Create has two elements: the reference, and the shell itself.
    private static async ValueTask<IBody> OpenShellAsync(IShellResource shells, OperationContext context, BodyReader body)
    {
        var shell = await shells.CreateAsync(context, CreateShell.Read(body)).ConfigureAwait(false);
        var keys = Protocol.Addressing.SelectorSet.Of((ShellNames.ShellId, shell.ShellId));
        return context.Reference(keys, shell.ResourceUri) with { Sibling = shell };
    }

    private static async ValueTask<IBody> DeleteAsync(IResource resource, OperationContext context)
    {
        switch (resource)
        {
            case IShellResource shells:
                await shells.DeleteAsync(context).ConfigureAwait(false);
                break;
            case IDeleteResource deletable:
                await deletable.DeleteAsync(context).ConfigureAwait(false);
                break;
            default:
                throw FaultCatalog.ActionNotSupported.Fault("the resource cannot be deleted.");
        }

        return EmptyBody.Instance;
    }

    private static async ValueTask<IBody> Empty(ValueTask task)
    {
        await task.ConfigureAwait(false);
        return EmptyBody.Instance;
    }

    private static async ValueTask<IBody> Body<T>(ValueTask<T> task)
        where T : IBody => await task.ConfigureAwait(false);

    // A method's action is the class URI and the method's name. Some clients send a base class's URI: the last segment decides then.
    private static string MethodName(string resourceUri, string action) =>
        action.Length > resourceUri.Length + 1
        && action.StartsWith(resourceUri, StringComparison.OrdinalIgnoreCase)
        && action[resourceUri.Length] == '/'
            ? action[(resourceUri.Length + 1)..]
            : action[(action.LastIndexOf('/') + 1)..];
}
