using System.Globalization;
using Farwire.Hosting.Configuration;
using Microsoft.Extensions.Logging;

namespace Farwire.Daemon;

/// <summary>The words after <c>farwired run</c>, <c>farwired collector</c>, <c>farwired source</c> and <c>farwired config</c>.</summary>
internal sealed record RunOptions
{
    /// <summary>The account that the service in front gives root up for.</summary>
    public string Account { get; private init; } = "farwire";

    public ConfigurationFiles Files { get; private init; } = ConfigurationFiles.Default;

    public string Socket { get; private init; } = "/run/farwire/local.sock";

    /// <summary>Where messages for the collector are handed over: beside the local socket.</summary>
    public string CollectorSocket => Path.Combine(Path.GetDirectoryName(Socket)!, "collector.sock");

    /// <summary>The collector's own local socket, which answers while the management service does not.</summary>
    public string CollectorLocalSocket => Path.Combine(Path.GetDirectoryName(Socket)!, "collector-local.sock");

    /// <summary>Where messages for the event source are handed over.</summary>
    public string SourceSocket => Path.Combine(Path.GetDirectoryName(Socket)!, "source.sock");

    /// <summary>The event source's own local socket, which answers while the management service does not.</summary>
    public string SourceLocalSocket => Path.Combine(Path.GetDirectoryName(Socket)!, "source-local.sock");

    /// <summary>The collector is part of the management service's process.</summary>
    public bool WithCollector { get; private init; }

    /// <summary>A port on loopback that works without listeners, as 47001 does on Windows.</summary>
    public int? LoopbackPort { get; private init; }

    /// <summary>What is written to the log: from this level on.</summary>
    public LogLevel LogLevel { get; private init; } = LogLevel.Information;

    /// <summary>The log is JSON, one object a line, for those who collect logs.</summary>
    public bool LogsJson { get; private init; }

    /// <summary>One process, for one user: nothing runs as anybody else.</summary>
    public bool IsAlone { get; private init; }

    /// <summary>A broker started this process, and listens on descriptor 3.</summary>
    public bool IsBrokered { get; private init; }

    /// <summary>Whoever started this process has put the key of the service on a descriptor.</summary>
    public bool HasKey { get; private init; }

    /// <summary>The options that <paramref name="words"/> name, or null and what is wrong.</summary>
    public static RunOptions? Parse(ReadOnlySpan<string> words, out string problem)
    {
        var options = new RunOptions();
        problem = "";
        while (!words.IsEmpty)
        {
            var (name, value, used) = (words[0], words.Length > 1 ? words[1] : "", 2);
            switch (name)
            {
                case "--config-dir" when value.Length > 0: options = options with { Files = options.Files with { ConfigFolder = Path.GetFullPath(value) } }; break;
                case "--state-dir" when value.Length > 0: options = options with { Files = options.Files with { StateFolder = Path.GetFullPath(value) } }; break;
                case "--socket" when value.Length > 0: options = options with { Socket = Path.GetFullPath(value) }; break;
                case "--account" when value.Length > 0: options = options with { Account = value }; break;
                case "--loopback-port" when ushort.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out var port) && port > 0: options = options with { LoopbackPort = port }; break;
                case "--log-level" when Enum.TryParse<LogLevel>(value, ignoreCase: true, out var level) && Enum.IsDefined(level): options = options with { LogLevel = level }; break;
                case "--log-format" when value is "text" or "json": options = options with { LogsJson = value == "json" }; break;
                case "--alone": (options, used) = (options with { IsAlone = true }, 1); break;
                case "--with-collector": (options, used) = (options with { WithCollector = true }, 1); break;
                case BrokerCommand.Brokered: (options, used) = (options with { IsBrokered = true }, 1); break;
                case ServiceKey.Given: (options, used) = (options with { HasKey = true }, 1); break;
                default:
                    problem = $"'{name}' is no option here, or lacks its value";
                    return null;
            }

            words = words[used..];
        }

        return options;
    }
}
