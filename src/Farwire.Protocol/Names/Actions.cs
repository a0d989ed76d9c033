namespace Farwire.Protocol.Names;

/// <summary>The action URIs that name an operation in <c>a:Action</c>.</summary>
/// <remarks>DSP0226, "Default addressing model"; WS-Transfer, WS-Enumeration and WS-Eventing; MS-WSMV, "Message types".</remarks>
public static class Actions
{
    /// <summary>Reads a resource.</summary>
    public const string Get = Namespaces.Transfer + "/Get";

    /// <summary>The answer to <see cref="Get"/>.</summary>
    public const string GetResponse = Namespaces.Transfer + "/GetResponse";

    /// <summary>Replaces a resource's representation.</summary>
    public const string Put = Namespaces.Transfer + "/Put";

    /// <summary>The answer to <see cref="Put"/>.</summary>
    public const string PutResponse = Namespaces.Transfer + "/PutResponse";

    /// <summary>Makes a resource.</summary>
    public const string Create = Namespaces.Transfer + "/Create";

    /// <summary>The answer to <see cref="Create"/>.</summary>
    public const string CreateResponse = Namespaces.Transfer + "/CreateResponse";

    /// <summary>Removes a resource.</summary>
    public const string Delete = Namespaces.Transfer + "/Delete";

    /// <summary>The answer to <see cref="Delete"/>.</summary>
    public const string DeleteResponse = Namespaces.Transfer + "/DeleteResponse";

    /// <summary>Opens an enumeration.</summary>
    public const string Enumerate = Namespaces.Enumeration + "/Enumerate";

    /// <summary>The answer to <see cref="Enumerate"/>.</summary>
    public const string EnumerateResponse = Namespaces.Enumeration + "/EnumerateResponse";

    /// <summary>Takes the next batch.</summary>
    public const string Pull = Namespaces.Enumeration + "/Pull";

    /// <summary>The answer to <see cref="Pull"/>.</summary>
    public const string PullResponse = Namespaces.Enumeration + "/PullResponse";

    /// <summary>Closes an enumeration.</summary>
    public const string Release = Namespaces.Enumeration + "/Release";

    /// <summary>The answer to <see cref="Release"/>.</summary>
    public const string ReleaseResponse = Namespaces.Enumeration + "/ReleaseResponse";

    /// <summary>Starts a command in a shell.</summary>
    public const string Command = Namespaces.Shell + "/Command";

    /// <summary>The answer to <see cref="Command"/>.</summary>
    public const string CommandResponse = Namespaces.Shell + "/CommandResponse";

    /// <summary>Writes to a command's input streams.</summary>
    public const string Send = Namespaces.Shell + "/Send";

    /// <summary>The answer to <see cref="Send"/>.</summary>
    public const string SendResponse = Namespaces.Shell + "/SendResponse";

    /// <summary>Waits for a command's output.</summary>
    public const string Receive = Namespaces.Shell + "/Receive";

    /// <summary>The answer to <see cref="Receive"/>.</summary>
    public const string ReceiveResponse = Namespaces.Shell + "/ReceiveResponse";

    /// <summary>Interrupts or ends a command.</summary>
    public const string Signal = Namespaces.Shell + "/Signal";

    /// <summary>The answer to <see cref="Signal"/>.</summary>
    public const string SignalResponse = Namespaces.Shell + "/SignalResponse";

    /// <summary>Leaves a shell running without a client.</summary>
    public const string Disconnect = Namespaces.Shell + "/Disconnect";

    /// <summary>The answer to <see cref="Disconnect"/>.</summary>
    public const string DisconnectResponse = Namespaces.Shell + "/DisconnectResponse";

    /// <summary>Returns to a shell in the same session.</summary>
    public const string Reconnect = Namespaces.Shell + "/Reconnect";

    /// <summary>The answer to <see cref="Reconnect"/>.</summary>
    public const string ReconnectResponse = Namespaces.Shell + "/ReconnectResponse";

    /// <summary>Takes over a disconnected shell from another session.</summary>
    public const string Connect = Namespaces.Shell + "/Connect";

    /// <summary>The answer to <see cref="Connect"/>.</summary>
    public const string ConnectResponse = Namespaces.Shell + "/ConnectResponse";

    /// <summary>Asks for events.</summary>
    public const string Subscribe = Namespaces.Eventing + "/Subscribe";

    /// <summary>The answer to <see cref="Subscribe"/>.</summary>
    public const string SubscribeResponse = Namespaces.Eventing + "/SubscribeResponse";

    /// <summary>Lengthens a subscription's life.</summary>
    public const string Renew = Namespaces.Eventing + "/Renew";

    /// <summary>The answer to <see cref="Renew"/>.</summary>
    public const string RenewResponse = Namespaces.Eventing + "/RenewResponse";

    /// <summary>Ends a subscription.</summary>
    public const string Unsubscribe = Namespaces.Eventing + "/Unsubscribe";

    /// <summary>The answer to <see cref="Unsubscribe"/>.</summary>
    public const string UnsubscribeResponse = Namespaces.Eventing + "/UnsubscribeResponse";

    /// <summary>Says that a subscription has ended at its source.</summary>
    public const string SubscriptionEnd = Namespaces.Eventing + "/SubscriptionEnd";

    /// <summary>Delivers a batch of events.</summary>
    public const string Events = "http://schemas.dmtf.org/wbem/wsman/1/wsman/Events";

    /// <summary>One event of a batch.</summary>
    public const string Event = "http://schemas.dmtf.org/wbem/wsman/1/wsman/Event";

    /// <summary>Says that the source lives and had nothing to tell.</summary>
    public const string Heartbeat = "http://schemas.dmtf.org/wbem/wsman/1/wsman/Heartbeat";

    /// <summary>Says how many events could not be delivered.</summary>
    public const string DroppedEvents = "http://schemas.dmtf.org/wbem/wsman/1/wsman/DroppedEvents";

    /// <summary>The answer to a delivery that asks for one.</summary>
    public const string Ack = "http://schemas.dmtf.org/wbem/wsman/1/wsman/Ack";

    /// <summary>Ends a robust connection's operation; answered with an empty 204.</summary>
    public const string End = "http://schemas.microsoft.com/wbem/wsman/1/wsman/End";

    /// <summary>Ends what an operation still does; otherwise as <see cref="End"/>.</summary>
    public const string Cancel = "http://schemas.microsoft.com/wbem/wsman/1/wsman/Cancel";

    /// <summary>Says that a long operation, or the client that waits for it, lives.</summary>
    public const string KeepAlive = "http://schemas.microsoft.com/wbem/wsman/1/wsman/KeepAlive";

    /// <summary>Says up to which message the other side was heard.</summary>
    public const string Acknowledge = "http://schemas.microsoft.com/wbem/wsman/1/wsman/Acknowledge";

    /// <summary>Action of WS-Management faults.</summary>
    public const string WSManFault = "http://schemas.dmtf.org/wbem/wsman/1/wsman/fault";

    /// <summary>Action of WS-Addressing faults.</summary>
    public const string AddressingFault = Namespaces.Addressing + "/fault";

    /// <summary>Action of WS-Transfer faults.</summary>
    public const string TransferFault = Namespaces.Transfer + "/fault";

    /// <summary>Action of WS-Enumeration faults.</summary>
    public const string EnumerationFault = Namespaces.Enumeration + "/fault";

    /// <summary>Action of WS-Eventing faults.</summary>
    public const string EventingFault = Namespaces.Eventing + "/fault";

    /// <summary>Action of CIM binding faults.</summary>
    public const string CimBindingFault = "http://schemas.dmtf.org/wbem/wsman/1/cimbinding/fault";
}
