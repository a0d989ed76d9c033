namespace Farwire.CommandLine.PowerShell.Interactive;

/// <summary>Programs that paint the whole screen, and so cannot run in a session without one: better said before than hung after.</summary>
internal static class ScreenPrograms
{
    private static readonly HashSet<string> Names = new(StringComparer.OrdinalIgnoreCase)
    {
        "vim", "vi", "nano", "emacs", "less", "man", "top", "htop", "mc", "tmux", "screen", "edit", "joe", "ssh", "telnet", "ftp", "python", "python3", "bash", "sh", "zsh", "pwsh", "powershell", "cmd",
    };

    // An interpreter with something to run is no screen program: only the bare word waits for keys.
    private static readonly HashSet<string> Interpreters = new(StringComparer.OrdinalIgnoreCase) { "python", "python3", "bash", "sh", "zsh", "pwsh", "powershell", "cmd", "ssh" };

    /// <summary>What to say about the line; null when there is nothing to say.</summary>
    public static string? Warning(string line)
    {
        var words = line.Trim().Split(' ', 2, StringSplitOptions.RemoveEmptyEntries);
        if (words.Length == 0 || !Names.Contains(words[0]) || line.Contains('|', StringComparison.Ordinal) || (words.Length > 1 && Interpreters.Contains(words[0])))
        {
            return null;
        }

        return $"{words[0]} wants a terminal, and a PowerShell session over the network has none: it would hang. "
            + "Use 'get' and 'put' to change a file here; on Linux hosts 'farwire winrs --tty' gives a terminal. To run it all the same: & " + words[0];
    }
}
