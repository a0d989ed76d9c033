using System.Security.Cryptography;
using System.Text;
using Farwire.Events.Bookmarks;

namespace Farwire.Source.State;

/// <summary>How far each subscription of each collector was acknowledged, over restarts.</summary>
/// <remarks>
/// A file for each, replaced as a whole: whatever happens in between, there is the old one or the new one. It is written after the Ack only. When the
/// disk is full the old one stays and events come twice rather than never.
/// </remarks>
internal sealed class BookmarkFiles(string folder)
{
    private const int MaxCharacters = 1024 * 1024;

    /// <summary>The place to go on from; null when none is known.</summary>
    /// <exception cref="IOException">The file is there and cannot be read.</exception>
    public BookmarkList? Read(Uri collector, string subscription)
    {
        var file = PathOf(collector, subscription);
        return File.Exists(file) && new FileInfo(file).Length <= MaxCharacters ? BookmarkList.Read(File.ReadAllText(file)) : null;
    }

    /// <summary>Keeps the place; it is on the disk when this ends.</summary>
    /// <exception cref="IOException">It could not be kept; the one before still stands.</exception>
    public void Write(Uri collector, string subscription, BookmarkList bookmark)
    {
        Directory.CreateDirectory(folder);
        var file = PathOf(collector, subscription);
        var fresh = file + ".new";
        try
        {
            using (var stream = new FileStream(fresh, FileMode.Create, FileAccess.Write, FileShare.None))
            {
                stream.Write(Encoding.UTF8.GetBytes(bookmark.ToXml()));
                stream.Flush(flushToDisk: true);
            }

            File.Move(fresh, file, overwrite: true);
        }
        catch (IOException)
        {
            File.Delete(fresh); // a full disk gets its bytes back
            throw;
        }
    }

    /// <summary>Forgets a subscription that the collector no longer has.</summary>
    public void Delete(Uri collector, string subscription) => File.Delete(PathOf(collector, subscription));

    // Names come from the collector: nothing of them reaches the file system.
    private string PathOf(Uri collector, string subscription) =>
        Path.Combine(folder, Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes($"{collector}\n{subscription}")))[..32] + ".bookmark");
}
