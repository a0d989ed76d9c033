using System.Diagnostics.CodeAnalysis;

namespace Farwire.Collector.Store;

/// <summary>The store cannot take events now: the disk is full or fails. Nothing of the batch was kept; the source sends it again.</summary>
[SuppressMessage("Design", "CA1032", Justification = "There is no such failure without a reason.")]
public sealed class StoreUnavailableException(string message, Exception? inner = null) : Exception(message, inner);
