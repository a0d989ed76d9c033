using Farwire.Protocol.Names;

namespace Farwire.Protocol.Robust;

/// <summary>Messages about an operation and its connection, and about nothing else: neither side's resources ever see them.</summary>
/// <remarks>MS-WSMV, "Full Duplex"; "End"; "Cancel". The specification spells the keep-alive in two ways, so case does not count.</remarks>
public static class ControlMessages
{
    /// <summary>A client may send it.</summary>
    public static bool IsFromClient(string? action) => IsEnd(action) || IsFromService(action);

    /// <summary>A service may send it before and between the messages of its answer.</summary>
    public static bool IsFromService(string? action) => Is(action, Actions.KeepAlive) || Is(action, Actions.Acknowledge);

    /// <summary>The client will not ask for the operation again.</summary>
    public static bool IsEnd(string? action) => Is(action, Actions.End) || Is(action, Actions.Cancel);

    /// <summary>The client says what it has heard.</summary>
    public static bool IsAcknowledge(string? action) => Is(action, Actions.Acknowledge);

    private static bool Is(string? action, string wanted) => string.Equals(action, wanted, StringComparison.OrdinalIgnoreCase);
}
