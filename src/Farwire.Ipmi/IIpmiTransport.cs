namespace Farwire.Ipmi;

/// <summary>A way to a controller: a session over the network, or the kernel's device.</summary>
public interface IIpmiTransport : IAsyncDisposable
{
    /// <summary>Where it leads, for messages.</summary>
    string Address { get; }

    /// <summary>Asks, and waits for the answer. Several callers are served one after another.</summary>
    /// <exception cref="IpmiTransportException">There is no answer.</exception>
    ValueTask<IpmiResponse> RequestAsync(IpmiRequest request, CancellationToken cancellationToken = default);
}

/// <summary>A command to the controller.</summary>
/// <param name="Function">The command's family.</param>
/// <param name="Command">The command's number.</param>
/// <param name="Data">The request data.</param>
/// <param name="Lun">The logical unit.</param>
public readonly record struct IpmiRequest(NetworkFunction Function, byte Command, ReadOnlyMemory<byte> Data = default, byte Lun = 0)
{
    /// <summary>The most data that fits in a request of any transport.</summary>
    public const int MaxDataBytes = 255;

    /// <summary>The address of the controller that transports lead to.</summary>
    public const byte ControllerAddress = 0x20;

    /// <summary>The most data for a controller behind the first: what wraps it takes the rest.</summary>
    public const int MaxBridgedDataBytes = MaxDataBytes - 8;

    // Kept as the difference, so that a request that names nobody is for the first controller.
    private readonly byte _other;

    /// <summary>Who shall answer: the controller itself, or another on its bus (IPMB), to which it passes the request on.</summary>
    public byte Responder
    {
        get => (byte)(_other ^ ControllerAddress);
        init => _other = (byte)(value ^ ControllerAddress);
    }

    /// <summary>True when the controller passes it on.</summary>
    public bool IsBridged => _other != 0;
}

/// <summary>The controller's answer.</summary>
/// <param name="CompletionCode">How it went.</param>
/// <param name="Data">The response data that follows the completion code.</param>
public readonly record struct IpmiResponse(CompletionCode CompletionCode, ReadOnlyMemory<byte> Data);
