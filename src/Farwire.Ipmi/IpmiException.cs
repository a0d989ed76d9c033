using System.Globalization;

namespace Farwire.Ipmi;

/// <summary>Something went wrong with a controller. The derived types say who spoke: the controller, the way to it, or its bytes.</summary>
public abstract class IpmiException(string message, Exception? inner = null) : Exception(message, inner);

/// <summary>The controller answered, and its completion code says no.</summary>
public sealed class IpmiCompletionException : IpmiException
{
    internal IpmiCompletionException(CommandCode command, CompletionCode code)
        : base(string.Create(CultureInfo.InvariantCulture, $"{command.Name}: completion code 0x{(byte)code:X2}, {code.Describe()}."))
    {
        Command = command.Name;
        Code = code;
    }

    /// <summary>The command, by the specification's name.</summary>
    public string Command { get; }

    /// <summary>What the controller said.</summary>
    public CompletionCode Code { get; }
}

/// <summary>There is no way to the controller, or no session with it.</summary>
public sealed class IpmiTransportException(IpmiTransportFailure failure, string message, Exception? inner = null) : IpmiException(message, inner)
{
    /// <summary>The place of failure.</summary>
    public IpmiTransportFailure Failure { get; } = failure;
}

/// <summary>The controller sent bytes that the specification does not allow.</summary>
public sealed class IpmiFormatException(string message) : IpmiException(message);

/// <summary>Where the way to a controller ended.</summary>
public enum IpmiTransportFailure
{
    /// <summary>The name cannot be resolved, or the host refuses datagrams at this port.</summary>
    Unreachable,

    /// <summary>Nothing came back, however often it was asked.</summary>
    NoAnswer,

    /// <summary>The user is unknown, or the password or the K_g is wrong.</summary>
    Authentication,

    /// <summary>The user may not have the privilege level that was asked for.</summary>
    Privilege,

    /// <summary>There is no cipher suite that both sides allow.</summary>
    CipherSuite,

    /// <summary>The controller has no session left, or refuses one for another reason.</summary>
    SessionRefused,

    /// <summary>The device file is missing or may not be opened.</summary>
    Device,
}
