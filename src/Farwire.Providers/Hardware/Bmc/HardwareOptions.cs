using Farwire.Ipmi.Session;

namespace Farwire.Providers.Hardware.Bmc;

/// <summary>Which management controllers there are, and what may be done with them.</summary>
public sealed record HardwareOptions
{
    /// <summary>The controllers. None: the classes have no instances.</summary>
    public IReadOnlyList<ControllerOptions> Controllers { get; init; } = [];

    /// <summary>How long one question to a controller may take, with all its repetitions.</summary>
    public TimeSpan Patience { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>How long a controller that did not answer is left alone.</summary>
    public TimeSpan RetryAfter { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>True to let raw requests change firmware, users and passwords.</summary>
    public bool AllowDangerousRequests { get; init; }

    /// <summary>This machine's own controller, when the kernel has its device; else none.</summary>
    public static HardwareOptions OfThisMachine() => Ipmi.Device.KernelDevice.Exists()
        ? new HardwareOptions { Controllers = [new ControllerOptions { Name = Environment.MachineName }] }
        : new HardwareOptions();
}

/// <summary>A controller.</summary>
public sealed record ControllerOptions
{
    /// <summary>The name of the machine that it manages; the key of its ComputerSystem.</summary>
    public required string Name { get; init; }

    /// <summary>The way to it over the network; null is this machine's own device.</summary>
    public LanOptions? Lan { get; init; }

    /// <summary>It manages this machine, though it is reached over the network.</summary>
    public bool IsOwn { get; init; }
}
