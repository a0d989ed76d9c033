using System.Diagnostics.CodeAnalysis;

namespace Farwire.Service.Configuration;

/// <summary>A value that a setting cannot have; the message says why, in one sentence.</summary>
[SuppressMessage("Design", "CA1032", Justification = "There is no such failure without a reason.")]
public sealed class SettingException(string message) : Exception(message);
