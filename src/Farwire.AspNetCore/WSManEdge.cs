using Farwire.Security;
using Farwire.Service.Dispatch;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace Farwire.AspNetCore;

/// <summary>What all listeners of a service share: the engine, the schemes on offer, paths and limits. Schemes and options may be swapped while requests run.</summary>
/// <param name="dispatcher">The engine.</param>
/// <param name="schemes">The schemes on offer.</param>
/// <param name="options">Paths and limits.</param>
/// <param name="logs">Where logs go; nowhere when null.</param>
public sealed class WSManEdge(Dispatcher dispatcher, IReadOnlyList<IAuthenticationScheme> schemes, WSManEdgeOptions options, ILoggerFactory? logs = null)
{
    private volatile IReadOnlyList<IAuthenticationScheme> _schemes = schemes;
    private volatile WSManEdgeOptions _options = options;

    /// <summary>The engine.</summary>
    public Dispatcher Dispatcher { get; } = dispatcher;

    /// <summary>The schemes on offer where a listener has none of its own. Who has proved an identity on a connection keeps it.</summary>
    public IReadOnlyList<IAuthenticationScheme> Schemes
    {
        get => _schemes;
        set => _schemes = value;
    }

    /// <summary>Paths and limits.</summary>
    public WSManEdgeOptions Options
    {
        get => _options;
        set => _options = value;
    }

    /// <summary>Shows messages to those who watch.</summary>
    public SoapTrace Trace { get; } = new();

    /// <summary>Where logs go.</summary>
    internal ILoggerFactory Logs { get; } = logs ?? NullLoggerFactory.Instance;
}
