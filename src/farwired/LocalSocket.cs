using System.Net.Sockets;

namespace Farwire.Daemon;

/// <summary>The file of the local socket.</summary>
internal static class LocalSocket
{
    /// <summary>Takes away what a service that was killed left behind.</summary>
    /// <exception cref="IOException">A service listens there.</exception>
    public static string Prepare(string path)
    {
        if (File.Exists(path))
        {
            using var probe = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
            try
            {
                probe.Connect(new UnixDomainSocketEndPoint(path));
                throw new IOException($"Another service listens at {path}.");
            }
            catch (SocketException)
            {
                File.Delete(path);
            }
        }

        return path;
    }

    /// <summary>Lets every account of the machine ask; what it may is decided for each.</summary>
    public static void OpenToAll(string path)
    {
        if (!OperatingSystem.IsWindows())
        {
            const UnixFileMode all = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupRead | UnixFileMode.GroupWrite | UnixFileMode.OtherRead | UnixFileMode.OtherWrite;
            File.SetUnixFileMode(path, all);
        }
    }
}
