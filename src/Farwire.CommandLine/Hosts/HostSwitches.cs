using Farwire.CommandLine.Connection;

namespace Farwire.CommandLine.Hosts;

/// <summary>The switches of the modern verbs that say where and who: those of the original tools by GNU names, and ours.</summary>
internal static class HostSwitches
{
    /// <summary>A password that a file of hosts or profiles leads to: it counts as little as it is protected, and is never a switch.</summary>
    public const string PasswordOfFile = "password-of-file";

    public static readonly IReadOnlyDictionary<string, string> Known = new Dictionary<string, string>(ConnectionSwitches.Known, StringComparer.OrdinalIgnoreCase)
    {
        ["--host"] = "remote:*", ["H"] = "remote:*", ["r"] = "remote:*", ["remote"] = "remote:*", ["machine"] = "remote:*",
        ["--user"] = "username:", ["--authentication"] = "authentication:", ["--auth"] = "authentication:", ["--certificate"] = "certificate:",
        ["--unencrypted"] = "unencrypted", ["--skip-ca-check"] = "skipcacheck", ["--skip-cn-check"] = "skipcncheck", ["--skip-revocation-check"] = "skiprevocationcheck",
        ["--operation-timeout"] = "timeout:", ["--spn-port"] = "spnport", ["--default-credentials"] = "defaultcreds",
        ["--verbose"] = "verbose", ["v"] = "verbose", ["--quiet"] = "quiet", ["q"] = "quiet",
        ["--output"] = "--output:", ["--deadline"] = "--deadline:",
        ["--help"] = "help", ["?"] = "help",
    };
}
