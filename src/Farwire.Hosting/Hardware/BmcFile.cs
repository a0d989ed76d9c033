using System.Text;
using Farwire.Hosting.Collecting;
using Farwire.Hosting.Configuration;
using Farwire.Ipmi.Session;
using Farwire.Providers.Hardware.Bmc;
using Farwire.Security.Accounts;

namespace Farwire.Hosting.Hardware;

/// <summary><c>bmc.yaml</c>: the management controllers that the service of a machine serves. It is read at start.</summary>
public static class BmcFile
{
    /// <summary>What sealed passwords of controllers are sealed for.</summary>
    public const string Purpose = "bmc";

    /// <summary>Reads the file; null when it is not there, and this machine's own controller is meant.</summary>
    /// <param name="path">The file.</param>
    /// <param name="key">Opens what 'farwired bmc seal' made.</param>
    /// <exception cref="ConfigurationFileException">The file cannot be read or is wrong, with the line.</exception>
    public static HardwareOptions? Read(string path, SecretKey key)
    {
        // AllowDangerousRequests   Patience   RetryAfter
        // Controllers:
        // - Name Address User Own Suite   Sealed | PasswordFile
        if (YamlEntries.Open(path) is not { } root)
        {
            return null;
        }

        var options = new HardwareOptions();
        options = options with
        {
            AllowDangerousRequests = root.Flag("AllowDangerousRequests"),
            Patience = root.Time("Patience") ?? options.Patience,
            RetryAfter = root.Time("RetryAfter") ?? options.RetryAfter,
            Controllers = [.. root.Parts("Controllers").Select(part => ControllerOf(part, key))],
        };
        root.End();
        return options.Controllers.GroupBy(c => c.Name, StringComparer.OrdinalIgnoreCase).FirstOrDefault(group => group.Count() > 1) is { } twice
            ? throw root.Wrong($"two controllers are called '{twice.Key}'.")
            : options;
    }

    private static ControllerOptions ControllerOf(YamlEntries part, SecretKey key)
    {
        var name = part.Need("Name");
        var isOwn = part.Flag("Own");
        if (part.Text("Address") is not { } address)
        {
            part.End();
            return isOwn ? new ControllerOptions { Name = name, IsOwn = true } : throw part.Wrong($"{name} has no Address; only this machine's own controller (Own: true) needs none.");
        }

        var (host, port) = part.Read(() => Split(address));
        var lan = new LanOptions
        {
            Host = host,
            Port = port,
            User = part.Text("User") ?? "",
            Password = PasswordOf(part, name, key),
            Privilege = PrivilegeLevel.Administrator,
            CipherSuites = part.Number("Suite", 3, 17) switch
            {
                null => [CipherSuite.Suite17, CipherSuite.Suite3],
                3 => [CipherSuite.Suite3],
                17 => [CipherSuite.Suite17],
                var other => throw part.Wrong($"the suite is 3 or 17, not {other}."),
            },
        };
        part.End();
        part.Read(() =>
        {
            lan.Validate();
            return true;
        });
        return new ControllerOptions { Name = name, Lan = lan, IsOwn = isOwn };
    }

    private static byte[] PasswordOf(YamlEntries part, string name, SecretKey key) => (part.Text("Sealed"), part.Text("PasswordFile")) switch
    {
        ({ } text, null) => key.TryOpen(name, Purpose, text, out var secret) ? secret : throw part.Wrong($"the sealed password of {name} was made for another name or with another key; 'farwired bmc seal {name}' makes one."),
        (null, { } file) => part.Read(() => Encoding.UTF8.GetBytes(File.ReadLines(file).FirstOrDefault() ?? "")),
        _ => throw part.Wrong($"{name} needs its password: Sealed, which 'farwired bmc seal {name}' makes, or PasswordFile."),
    };

    // HOST, HOST:PORT, [V6], [V6]:PORT
    private static (string Host, int Port) Split(string address) =>
        Uri.TryCreate("ipmi://" + address, UriKind.Absolute, out var uri) && uri.AbsolutePath is "/" or "" && uri.UserInfo.Length == 0
            ? (uri.Host.Trim('[', ']'), uri.Port > 0 ? uri.Port : LanOptions.DefaultPort)
            : throw new FormatException($"'{address}' is not of the form HOST[:PORT].");
}
