using System.Diagnostics.CodeAnalysis;

namespace Farwire.Hosting.Plugins;

/// <summary>The code of a plug-in failed, or its process is gone.</summary>
/// <param name="message">What is known of it, for the log.</param>
[SuppressMessage("Design", "CA1032", Justification = "There is no such failure without a reason.")]
internal sealed class PluginProcessException(string message) : Exception(message);

/// <summary>The class of a plug-in lacks the interface that its registration declares.</summary>
/// <param name="message">Which.</param>
[SuppressMessage("Design", "CA1032", Justification = "There is no such failure without a reason.")]
internal sealed class PluginNotOfferedException(string message) : Exception(message);

/// <summary>The assembly of a plug-in cannot be loaded.</summary>
/// <param name="message">Why.</param>
[SuppressMessage("Design", "CA1032", Justification = "There is no such failure without a reason.")]
internal sealed class PluginNotLoadedException(string message) : Exception(message);
