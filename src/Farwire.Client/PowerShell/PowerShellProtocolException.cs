namespace Farwire.Client.PowerShell;

/// <summary>The other side's PowerShell spoke out of turn: broken fragments, objects that are none, messages in a wrong state.</summary>
/// <remarks>MS-PSRP. The message says what was wrong; nothing of it can be mended by trying again.</remarks>
public sealed class PowerShellProtocolException : Exception
{
    /// <summary>Makes it with what was wrong.</summary>
    public PowerShellProtocolException(string message, Exception? innerException = null)
        : base(message, innerException)
    {
    }
}
