using Farwire.Service.Configuration;

namespace Farwire.Hosting.Configuration;

/// <summary>The files of the configuration: those of people, that of the policy, and the one that the service writes.</summary>
/// <param name="ConfigFolder"><c>farwired.yaml</c>, <c>farwired.d/*.yaml</c>, <c>client.yaml</c>, <c>policy.yaml</c>, <c>certificates/</c>; never written.</param>
/// <param name="StateFolder"><c>config.yaml</c>, the changes by wire; and <c>client.yaml</c>, those of them that the commands of this machine read.</param>
public sealed record ConfigurationFiles(string ConfigFolder, string StateFolder) : IConfigurationStore
{
    /// <summary>Where they are on a machine that says nothing else.</summary>
    public static ConfigurationFiles Default { get; } = new("/etc/farwire", "/var/lib/farwire");

    /// <summary>The changes by wire.</summary>
    public string ChangesFile => Path.Combine(StateFolder, "config.yaml");

    /// <summary>The settings of clients on this machine (<c>winrm/config/client</c>), which its commands read too.</summary>
    public string ClientFile => Path.Combine(ConfigFolder, "client.yaml");

    /// <summary>The changes by wire to these, for everybody to read.</summary>
    public string ClientChangesFile => Path.Combine(StateFolder, "client.yaml");

    /// <summary>Who may do what.</summary>
    public string AccessFile => Path.Combine(ConfigFolder, "access.yaml");

    /// <summary>The management controllers.</summary>
    public string BmcFile => Path.Combine(ConfigFolder, "bmc.yaml");

    /// <summary>How the event collector keeps, listens and sends on.</summary>
    public string CollectorFile => Path.Combine(ConfigFolder, "collector.yaml");

    /// <summary>Where subscriptions and collected events lie.</summary>
    public string CollectorFolder => Path.Combine(StateFolder, "collector");

    /// <summary>Which collectors this machine forwards its events to, and as whom.</summary>
    public string SourceFile => Path.Combine(ConfigFolder, "source.yaml");

    /// <summary>What becomes of the entries of the journal, before the built-in rules.</summary>
    public string EventRulesFile => Path.Combine(ConfigFolder, "event-rules.yaml");

    /// <summary>Where the numbers of events and the places of forwarding are kept.</summary>
    public string SourceFolder => Path.Combine(StateFolder, "source");

    /// <summary>Certificates of listeners.</summary>
    public string CertificateFolder => Path.Combine(ConfigFolder, "certificates");

    /// <summary>Who may have signed client certificates.</summary>
    public string AuthorityFolder => Path.Combine(ConfigFolder, "authorities");

    /// <summary>The files that are there, in the order in which later ones win.</summary>
    public IEnumerable<string> PeoplesFiles
    {
        get
        {
            var folder = Path.Combine(ConfigFolder, "farwired.d");
            var more = Directory.Exists(folder) ? Directory.EnumerateFiles(folder, "*.yaml").Order(StringComparer.Ordinal) : Enumerable.Empty<string>();
            return more.Prepend(Path.Combine(ConfigFolder, "farwired.yaml")).Prepend(ClientFile).Where(File.Exists);
        }
    }

    /// <summary>Reads them all.</summary>
    /// <exception cref="ConfigurationFileException">One of them is broken.</exception>
    public ServiceConfiguration Read()
    {
        var files = PeoplesFiles.Aggregate(ConfigurationLayer.Empty, (layer, file) => file == ClientFile ? YamlReader.ReadClient(file, layer) : YamlReader.ReadService(file, layer));
        return new ServiceConfiguration(files, Layer(ChangesFile), Layer(Path.Combine(ConfigFolder, "policy.yaml")));
    }

    /// <inheritdoc/>
    public void Save(ConfigurationLayer changes)
    {
        // It can hold sealed passwords; what clients go by holds none.
        Write(ChangesFile, YamlText.Of(changes), isForAll: false);
        Write(ClientChangesFile, YamlText.OfClient(changes), isForAll: true);
    }

    // Written aside, synced and renamed: whoever reads finds the old or the new, never a half.
    private static void Write(string path, string text, bool isForAll)
    {
        var aside = path + ".new";
        File.Delete(aside);
        var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows())
        {
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite | (isForAll ? UnixFileMode.GroupRead | UnixFileMode.OtherRead : 0);
        }

        try
        {
            using (var file = new FileStream(aside, options))
            {
                file.Write(System.Text.Encoding.UTF8.GetBytes(text));
                file.Flush(flushToDisk: true);
            }

            File.Move(aside, path, overwrite: true);
        }
        catch
        {
            File.Delete(aside);
            throw;
        }
    }

    private static ConfigurationLayer Layer(string file) => File.Exists(file) ? YamlReader.Read(file, ConfigurationLayer.Empty) : ConfigurationLayer.Empty;
}
