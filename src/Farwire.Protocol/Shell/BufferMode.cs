namespace Farwire.Protocol.Shell;

/// <summary>What becomes of output that nobody fetches while a shell is disconnected.</summary>
/// <remarks>MS-WSMV, "Disconnect".</remarks>
public enum BufferMode
{
    /// <summary>It is kept; once there is no room, commands wait.</summary>
    Block,

    /// <summary>Once there is no room, the oldest is dropped, and commands run on.</summary>
    Drop,
}
