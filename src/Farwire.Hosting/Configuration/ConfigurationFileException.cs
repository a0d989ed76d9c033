using System.Diagnostics.CodeAnalysis;

namespace Farwire.Hosting.Configuration;

/// <summary>A file of the configuration that cannot be used; the message says which, where and why.</summary>
[SuppressMessage("Design", "CA1032", Justification = "There is no such failure without a place.")]
public sealed class ConfigurationFileException(string file, long line, string reason) : Exception($"{file}{(line > 0 ? $":{line}" : "")}: {reason}");
