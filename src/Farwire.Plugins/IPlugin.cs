namespace Farwire.Plugins;

/// <summary>
/// A plug-in: one public class with a constructor without parameters in an assembly that a registration names. What it can do it declares by the interfaces
/// it wears beside this one, such as <see cref="IGetPlugin"/>. Its methods are called at the same time by many.
/// </summary>
/// <remarks>WinRM plug-in API, "WSManPluginStartup", "WSManPluginShutdown".</remarks>
public interface IPlugin
{
    /// <summary>Called once, before anything else.</summary>
    ValueTask StartupAsync(PluginStartup startup, CancellationToken cancellationToken) => ValueTask.CompletedTask;

    /// <summary>Called once, after everything else. The process may end soon after it.</summary>
    ValueTask ShutdownAsync(ShutdownReason reason, CancellationToken cancellationToken) => ValueTask.CompletedTask;
}

/// <summary>What a plug-in is told when it starts.</summary>
/// <param name="Reason">Why it starts.</param>
/// <param name="ApplicationId">Who hosts it: the path of the service.</param>
/// <param name="Parameters">The initialization parameters of its registration.</param>
public sealed record PluginStartup(StartupReason Reason, string ApplicationId, IReadOnlyDictionary<string, string> Parameters);

/// <summary>Why a plug-in starts; the numbers are the flags of WSManPluginStartup.</summary>
public enum StartupReason
{
    /// <summary>A request needs it.</summary>
    RequestReceived = 0,

    /// <summary>The service started, and the registration says AutoRestart.</summary>
    AutoRestartReboot = 1,

    /// <summary>Its process had ended unasked, and the registration says AutoRestart.</summary>
    AutoRestartCrash = 2,
}

/// <summary>Why a plug-in stops; the numbers are those of WSManPluginShutdown.</summary>
public enum ShutdownReason
{
    /// <summary>The system goes down.</summary>
    System = 1,

    /// <summary>The service stops.</summary>
    Service = 2,

    /// <summary>The web application that hosts it stops.</summary>
    WebHost = 3,

    /// <summary>Nobody asked for ProcessIdleTimeoutSec.</summary>
    IdleTimeout = 4,
}
