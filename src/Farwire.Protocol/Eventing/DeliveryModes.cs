namespace Farwire.Protocol.Eventing;

/// <summary>The ways in which events travel.</summary>
/// <remarks>DSP0226, "Delivery modes"; WS-Eventing, "Delivery Modes".</remarks>
public static class DeliveryModes
{
    /// <summary>One event a message, nobody says whether it came.</summary>
    public const string Push = "http://schemas.xmlsoap.org/ws/2004/08/eventing/DeliveryModes/Push";

    /// <summary>One event a message, each acknowledged.</summary>
    public const string PushWithAck = "http://schemas.dmtf.org/wbem/wsman/1/wsman/PushWithAck";

    /// <summary>Batches, each acknowledged.</summary>
    public const string Events = "http://schemas.dmtf.org/wbem/wsman/1/wsman/Events";

    /// <summary>The subscriber pulls batches.</summary>
    public const string Pull = "http://schemas.dmtf.org/wbem/wsman/1/wsman/Pull";
}
