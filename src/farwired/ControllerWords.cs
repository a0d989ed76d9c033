using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Text;
using Farwire.Ipmi.Session;
using Farwire.Providers.Hardware.Bmc;

namespace Farwire.Daemon;

/// <summary>The words <c>--bmc NAME=USER@HOST[:PORT],PASSWORDFILE</c>.</summary>
internal static class ControllerWords
{
    /// <summary>The controllers, or null and what is wrong.</summary>
    public static HardwareOptions? Read(ReadOnlySpan<string> words, out string problem)
    {
        problem = "";
        var controllers = new List<ControllerOptions>();
        for (var i = 0; i < words.Length; i += 2)
        {
            if (words[i] != "--bmc" || i + 1 == words.Length || !TryRead(words[i + 1], out var controller, out problem))
            {
                problem = problem.Length > 0 ? problem : $"'{words[i]}' is not understood; --bmc takes NAME=USER@HOST[:PORT],PASSWORDFILE";
                return null;
            }

            controllers.Add(controller);
        }

        return new HardwareOptions { Controllers = controllers };
    }

    private static bool TryRead(string word, [NotNullWhen(true)] out ControllerOptions? controller, out string problem)
    {
        controller = null;
        problem = "";
        var (equals, comma) = (word.IndexOf('=', StringComparison.Ordinal), word.IndexOf(',', StringComparison.Ordinal));
        var at = word.IndexOf('@', StringComparison.Ordinal);
        if (equals < 1 || at < equals || comma < at || comma == word.Length - 1)
        {
            return false;
        }

        var authority = word[(at + 1)..comma];
        var colon = authority.LastIndexOf(':');
        var port = LanOptions.DefaultPort;
        if (colon > 0 && !int.TryParse(authority.AsSpan(colon + 1), NumberStyles.None, CultureInfo.InvariantCulture, out port))
        {
            return false;
        }

        try
        {
            var options = new LanOptions
            {
                Host = colon > 0 ? authority[..colon] : authority,
                Port = port,
                User = word[(equals + 1)..at],
                Password = Encoding.UTF8.GetBytes(File.ReadLines(word[(comma + 1)..]).FirstOrDefault() ?? ""),
                Privilege = PrivilegeLevel.Administrator,
            };
            options.Validate();
            controller = new ControllerOptions { Name = word[..equals], Lan = options };
            return true;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ArgumentException)
        {
            problem = $"--bmc {word[..equals]}: {e.Message.TrimEnd('.')}";
            return false;
        }
    }
}
