namespace Farwire.Client.ShellApi;

/// <summary>The settings of a session, with the numbers of Windows.</summary>
/// <remarks>WSMan API, "WSManSessionOption". Times are milliseconds, sizes kilobytes, switches 0 or 1.</remarks>
public enum SessionOption
{
    /// <summary>The time of operations; 60000.</summary>
    DefaultOperationTimeoutMs = 1,

    /// <summary>How long a broken way is mended, in seconds; read only.</summary>
    MaxRetryTime = 11,

    /// <summary>The time of opening a shell.</summary>
    TimeoutMsCreateShell = 12,

    /// <summary>The time of starting a command.</summary>
    TimeoutMsRunCommand = 13,

    /// <summary>The time of one request for output.</summary>
    TimeoutMsReceiveOutput = 14,

    /// <summary>The time of one piece of input.</summary>
    TimeoutMsSendInput = 15,

    /// <summary>The time of a signal.</summary>
    TimeoutMsSignal = 16,

    /// <summary>The time of closing.</summary>
    TimeoutMsClose = 17,

    /// <summary>Takes a certificate of any issuer.</summary>
    SkipCACheck = 18,

    /// <summary>Takes a certificate made for another name.</summary>
    SkipCNCheck = 19,

    /// <summary>Messages may go in clear over HTTP.</summary>
    UnencryptedMessages = 20,

    /// <summary>Requests are written in UTF-16.</summary>
    Utf16 = 21,

    /// <summary>The port is part of the service's name for Kerberos.</summary>
    EnableSpnServerPort = 22,

    /// <summary>Requests say which machine they come from.</summary>
    MachineId = 23,

    /// <summary>The language of numbers and dates.</summary>
    Locale = 25,

    /// <summary>The language of texts.</summary>
    UILanguage = 26,

    /// <summary>The largest envelope.</summary>
    MaxEnvelopeSizeKB = 28,

    /// <summary>The largest piece of input that one envelope takes; read only.</summary>
    ShellMaxDataSizePerMessageKB = 29,

    /// <summary>Where the service said it is, after it refused by that; read only.</summary>
    RedirectLocation = 30,

    /// <summary>Does not ask whether a certificate was revoked.</summary>
    SkipRevocationCheck = 31,

    /// <summary>Negotiate over HTTPS may use the tickets at hand.</summary>
    AllowNegotiateImplicitCredentials = 32,

    /// <summary>A host without http:// or https:// is meant over TLS.</summary>
    UseSsl = 33,

    /// <summary>The tickets of whoever is logged in are used, and no other credentials.</summary>
    UseInteractiveToken = 34,
}
