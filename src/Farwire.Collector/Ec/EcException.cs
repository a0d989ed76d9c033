using System.Diagnostics.CodeAnalysis;

namespace Farwire.Collector.Ec;

/// <summary>A call to the collector did not do what it should; the number is the one that Windows gives.</summary>
[SuppressMessage("Design", "CA1032", Justification = "There is no such failure without a number.")]
public sealed class EcException(int code, string message, Exception? inner = null) : Exception(message, inner)
{
    /// <summary>ERROR_FILE_NOT_FOUND: there is no subscription of this name.</summary>
    public const int FileNotFound = 2;

    /// <summary>ERROR_ACCESS_DENIED: the handle was not opened for this, or the caller may not.</summary>
    public const int AccessDenied = 5;

    /// <summary>ERROR_INVALID_HANDLE: it was closed.</summary>
    public const int InvalidHandle = 6;

    /// <summary>ERROR_INVALID_DATA: the value is of another kind than the property.</summary>
    public const int InvalidData = 13;

    /// <summary>ERROR_INVALID_PARAMETER: there is no such property or element.</summary>
    public const int InvalidParameter = 87;

    /// <summary>ERROR_ALREADY_EXISTS: there is a subscription of this name.</summary>
    public const int AlreadyExists = 183;

    /// <summary>ERROR_NO_MORE_ITEMS: the enumeration is at its end.</summary>
    public const int NoMoreItems = 259;

    /// <summary>RPC_S_SERVER_UNAVAILABLE: the collector does not run.</summary>
    public const int ServerUnavailable = 1722;

    /// <summary>The number.</summary>
    public int Code { get; } = code;
}
