using System.Text;

namespace Farwire.Collector.Subscriptions;

/// <summary>Subscriptions as files of a folder.</summary>
internal sealed class FolderShelf : ISubscriptionShelf
{
    private readonly string _folder;

    public FolderShelf(string folder)
    {
        _folder = folder;
        Directory.CreateDirectory(folder);
    }

    private string ChannelsFile => Path.Combine(_folder, "channels.json");

    /// <summary>The files of subscriptions in a folder, in their order.</summary>
    public static IEnumerable<FileInfo> FilesIn(string folder) =>
        Directory.Exists(folder) ? new DirectoryInfo(folder).EnumerateFiles("*.xml").OrderBy(file => file.Name, StringComparer.Ordinal) : [];

    /// <summary>Something that changes with each change of a folder.</summary>
    public static string Look(string folder) => string.Join('\n', FilesIn(folder).Select(file => $"{file.FullName} {file.Length} {file.LastWriteTimeUtc.Ticks}"));

    public string Look() => Look(_folder);

    public IEnumerable<(string Name, Func<string> Read)> Read() => FilesIn(_folder).ToList().Select(file => (file.FullName, (Func<string>)(() => File.ReadAllText(file.FullName))));

    public void Write(string id, string xml) => Replace(PathOf(id), xml);

    public void Remove(string id) => File.Delete(PathOf(id));

    public string? ReadChannels() => File.Exists(ChannelsFile) ? File.ReadAllText(ChannelsFile) : null;

    public void WriteChannels(string json) => Replace(ChannelsFile, json);

    private static void Replace(string path, string text)
    {
        var temporary = path + ".new";
        var options = new FileStreamOptions { Mode = FileMode.Create, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows())
        {
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite; // it may hold passwords
        }

        using (var file = new FileStream(temporary, options))
        {
            file.Write(Encoding.UTF8.GetBytes(text));
            file.Flush(flushToDisk: true);
        }

        File.Move(temporary, path, overwrite: true);
    }

    private string PathOf(string id) => Path.Combine(_folder, Uri.EscapeDataString(id.ToUpperInvariant()).Replace(".", "%2E", StringComparison.Ordinal) + ".xml");
}
