using System.Diagnostics.CodeAnalysis;

namespace Farwire.Client.ShellApi;

/// <summary>What a callback tells, with the numbers of Windows.</summary>
/// <remarks>WSMan API, "WSManCallbackFlags".</remarks>
[Flags]
[SuppressMessage("Naming", "CA1711", Justification = "It is the name of the interface.")]
public enum CallbackFlags
{
    /// <summary>Something came, and more may.</summary>
    None = 0,

    /// <summary>The operation is over; nothing follows.</summary>
    EndOfOperation = 1,

    /// <summary>Nothing follows on this stream.</summary>
    EndOfStream = 8,

    /// <summary>The shell can be left and returned to.</summary>
    SupportsDisconnect = 0x20,

    /// <summary>The client gave up mending the way: the shell counts as left.</summary>
    AutoDisconnected = 0x40,

    /// <summary>A connection broke.</summary>
    NetworkFailureDetected = 0x100,

    /// <summary>The request is sent again.</summary>
    Retrying = 0x200,

    /// <summary>The way is mended.</summary>
    Reconnected = 0x400,

    /// <summary>The time for mending is over.</summary>
    AutoDisconnecting = 0x800,

    /// <summary>The caller stopped while the way was being mended.</summary>
    RetryAborted = 0x1000,

    /// <summary>The service has taken the first request for output (<see cref="ShellFlags.ReceiveDelay"/>).</summary>
    ReceiveDelayProcessed = 0x2000,
}

/// <summary>How a shell is opened, with the numbers of Windows.</summary>
/// <remarks>WSMan API, "WSManShellFlag".</remarks>
[Flags]
[SuppressMessage("Naming", "CA1711", Justification = "It is the name of the interface.")]
public enum ShellFlags
{
    /// <summary>As usual.</summary>
    None = 0,

    /// <summary>Streams are not packed.</summary>
    NoCompression = 1,

    /// <summary>Closing ends the shell on the service also when it was left.</summary>
    DeleteServerSession = 2,

    /// <summary>When the shell is left, the oldest output goes first.</summary>
    BufferingDrop = 4,

    /// <summary>When the shell is left, output is kept and commands wait.</summary>
    BufferingBlock = 8,

    /// <summary>Who reads output is told when the service has taken the first request for it.</summary>
    ReceiveDelay = 0x10,
}

/// <summary>How to prove oneself, with the numbers of Windows.</summary>
/// <remarks>WSMan API, "WSManAuthenticationFlags".</remarks>
public enum ApiAuthentication
{
    /// <summary>The client chooses.</summary>
    Default = 0,

    /// <summary>Not at all.</summary>
    None = 1,

    /// <summary>A hash of user and password.</summary>
    Digest = 2,

    /// <summary>Kerberos, else NTLM.</summary>
    Negotiate = 4,

    /// <summary>User and password.</summary>
    Basic = 8,

    /// <summary>Tickets of a domain.</summary>
    Kerberos = 0x10,

    /// <summary>A certificate of the client's.</summary>
    Certificate = 0x20,

    /// <summary>The password goes to the service.</summary>
    CredSsp = 0x80,
}
