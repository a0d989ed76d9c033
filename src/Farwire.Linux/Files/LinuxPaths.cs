namespace Farwire.Linux.Files;

/// <summary>Where the system's own file trees are mounted; tests point them elsewhere.</summary>
/// <param name="Proc">proc(5).</param>
/// <param name="Sys">sysfs(5).</param>
/// <param name="Etc">Configuration.</param>
/// <param name="Run">State of what runs.</param>
/// <param name="Var">State that outlives a boot.</param>
public sealed record LinuxPaths(string Proc = "/proc", string Sys = "/sys", string Etc = "/etc", string Run = "/run", string Var = "/var");
