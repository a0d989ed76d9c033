using Farwire.Service.Configuration;

namespace Farwire.Hosting.Configuration;

/// <summary>The files of the configuration: those of people, that of the policy, and the one that the service writes.</summary>
/// <param name="ConfigFolder"><c>farwired.yaml</c>, <c>farwired.d/*.yaml</c>, <c>policy.yaml</c>, <c>certificates/</c>; never written.</param>
/// <param name="StateFolder"><c>config.yaml</c>, the changes by wire.</param>
public sealed record ConfigurationFiles(string ConfigFolder, string StateFolder) : IConfigurationStore
{
    /// <summary>Where they are on a machine that says nothing else.</summary>
    public static ConfigurationFiles Default { get; } = new("/etc/farwire", "/var/lib/farwire");

    /// <summary>The changes by wire.</summary>
    public string ChangesFile => Path.Combine(StateFolder, "config.yaml");

    /// <summary>Who may do what.</summary>
    public string AccessFile => Path.Combine(ConfigFolder, "access.yaml");

    /// <summary>How the event collector keeps, listens and sends on.</summary>
    public string CollectorFile => Path.Combine(ConfigFolder, "collector.yaml");

    /// <summary>Where subscriptions and collected events lie.</summary>
    public string CollectorFolder => Path.Combine(StateFolder, "collector");

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
            return more.Prepend(Path.Combine(ConfigFolder, "farwired.yaml")).Where(File.Exists);
        }
    }

    /// <summary>Reads them all.</summary>
    /// <exception cref="ConfigurationFileException">One of them is broken.</exception>
    public ServiceConfiguration Read()
    {
        var files = PeoplesFiles.Aggregate(ConfigurationLayer.Empty, (layer, file) => YamlReader.Read(file, layer));
        return new ServiceConfiguration(files, Layer(ChangesFile), Layer(Path.Combine(ConfigFolder, "policy.yaml")));
    }

    /// <inheritdoc/>
    public void Save(ConfigurationLayer changes)
    {
        // Written aside, synced and renamed: whoever reads finds the old or the new, never a half; and it can hold sealed passwords.
        var aside = ChangesFile + ".new";
        File.Delete(aside);
        var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows())
        {
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        }

        try
        {
            using (var file = new FileStream(aside, options))
            {
                file.Write(System.Text.Encoding.UTF8.GetBytes(YamlText.Of(changes)));
                file.Flush(flushToDisk: true);
            }

            File.Move(aside, ChangesFile, overwrite: true);
        }
        catch
        {
            File.Delete(aside);
            throw;
        }
    }

    private static ConfigurationLayer Layer(string file) => File.Exists(file) ? YamlReader.Read(file, ConfigurationLayer.Empty) : ConfigurationLayer.Empty;
}
