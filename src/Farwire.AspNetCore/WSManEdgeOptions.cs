using Farwire.Service.Resources;

namespace Farwire.AspNetCore;

/// <summary>What the edge takes and under which paths.</summary>
/// <remarks>MS-WSMV, "Service configuration".</remarks>
public sealed record WSManEdgeOptions
{
    /// <summary>The path of the service, without slashes (URLPrefix).</summary>
    public string UrlPrefix { get; init; } = "wsman";

    /// <summary>First segments of paths below <see cref="UrlPrefix"/> that are served too, such as <c>subscriptions</c>: there sources bring their events.</summary>
    public IReadOnlyList<string> DeliveryPaths { get; init; } = [];

    /// <summary>How messages to <see cref="DeliveryPaths"/> may be packed.</summary>
    public IReadOnlyList<IContentCoding> ContentCodings { get; init; } = [];

    /// <summary>Clear text over HTTP is taken, and Basic offered there (AllowUnencrypted).</summary>
    public bool AllowUnencrypted { get; init; }

    /// <summary>How long a message may take to arrive (MaxPacketRetrievalTimeSeconds).</summary>
    public TimeSpan MaxPacketRetrievalTime { get; init; } = TimeSpan.FromSeconds(120);

    /// <summary>Connections at once (MaxConnections).</summary>
    public int MaxConnections { get; init; } = 10_000;

    /// <summary>Whom the host has authenticated is the caller, without a scheme of WinRM's own.</summary>
    public bool TakesHostsUsers { get; init; }

    /// <summary>Completes whom authentication proved by what the machine knows of the account; null leaves it at that.</summary>
    public IAccountResolver? Accounts { get; init; }

    /// <summary>The clock of handshakes.</summary>
    public TimeProvider Time { get; init; } = TimeProvider.System;
}
