namespace Farwire.Ipmi.Session;

/// <summary>Why a controller refuses to open a session.</summary>
/// <remarks>IPMI 2.0, "RMCP+ and RAKP Message Status Codes".</remarks>
internal enum RakpStatus : byte
{
    Ok = 0x00,
    NoResources = 0x01,
    InvalidSessionId = 0x02,
    InvalidPayload = 0x03,
    InvalidAuthentication = 0x04,
    InvalidIntegrity = 0x05,
    NoMatchingAuthentication = 0x06,
    NoMatchingIntegrity = 0x07,
    InactiveSession = 0x08,
    InvalidRole = 0x09,
    UnauthorizedRole = 0x0A,
    NoResourcesForRole = 0x0B,
    InvalidNameLength = 0x0C,
    UnauthorizedName = 0x0D,
    UnauthorizedGuid = 0x0E,
    InvalidIntegrityCheck = 0x0F,
    InvalidConfidentiality = 0x10,
    NoCipherSuite = 0x11,
    IllegalParameter = 0x12,
}

internal static class RakpStatuses
{
    /// <summary>True when another cipher suite may be accepted.</summary>
    public static bool IsAboutSuite(this RakpStatus status) => status is RakpStatus.InvalidAuthentication or RakpStatus.InvalidIntegrity
        or RakpStatus.NoMatchingAuthentication or RakpStatus.NoMatchingIntegrity or RakpStatus.InvalidConfidentiality or RakpStatus.NoCipherSuite;

    public static IpmiTransportException Refusal(this RakpStatus status, string address, LanOptions options) => status switch
    {
        _ when status.IsAboutSuite() => new IpmiTransportException(
            IpmiTransportFailure.CipherSuite, $"{address} allows none of the cipher suites {string.Join(", ", options.CipherSuites)}. Enable suite 17 or 3 on the controller."),
        RakpStatus.UnauthorizedName or RakpStatus.InvalidNameLength => new IpmiTransportException(
            IpmiTransportFailure.Authentication, $"{address} knows no user '{options.User}', or does not let it in over the network."),
        RakpStatus.InvalidIntegrityCheck => new IpmiTransportException(
            IpmiTransportFailure.Authentication, $"{address} did not accept the password of '{options.User}'."),
        RakpStatus.InvalidRole or RakpStatus.UnauthorizedRole => new IpmiTransportException(
            IpmiTransportFailure.Privilege, $"{address} does not allow '{options.User}' the privilege level {options.Privilege}. Ask with a lower level, or raise the user's limit."),
        RakpStatus.NoResources or RakpStatus.NoResourcesForRole => new IpmiTransportException(
            IpmiTransportFailure.SessionRefused, $"{address} has no session left. Close others, or wait a minute until forgotten ones expire."),
        _ => new IpmiTransportException(
            IpmiTransportFailure.SessionRefused, $"{address} refused the session with status 0x{(byte)status:X2} ({status})."),
    };
}
