namespace Farwire.Linux.Files;

/// <summary>Small files of the kernel, one value each.</summary>
/// <remarks>sysfs(5).</remarks>
public static class KernelText
{
    /// <summary>The value without blanks around it; null when it is not there, not for us, or empty.</summary>
    public static string? Read(string path) => ProcFile.ReadText(path)?.Trim() is { Length: > 0 } text ? text : null;
}
