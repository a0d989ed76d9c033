using Farwire.Linux.Files;

namespace Farwire.Linux.Devices;

/// <summary>A serial port with hardware behind it.</summary>
/// <param name="DeviceFile">The file through which programs use it.</param>
/// <param name="Path">Where it sits, below <c>/sys</c>.</param>
/// <remarks>The kernel's <c>/sys/class/tty</c>. Its own ports have a type, which is 0 where nothing answered; those on USB are there only when they are.</remarks>
public sealed record SerialPort(string DeviceFile, string Path)
{
    /// <summary>Reads all of them.</summary>
    public static IEnumerable<SerialPort> Read(LinuxPaths paths)
    {
        var folder = paths.Sys + "/class/tty";
        if (!Directory.Exists(folder))
        {
            yield break;
        }

        foreach (var port in Directory.EnumerateFileSystemEntries(folder).Order(StringComparer.Ordinal))
        {
            var name = System.IO.Path.GetFileName(port);
            if (ProcFile.ReadText(port + "/type")?.Trim() is not (null or "0") || name.StartsWith("ttyUSB", StringComparison.Ordinal) || name.StartsWith("ttyACM", StringComparison.Ordinal))
            {
                yield return new SerialPort("/dev/" + name, "/class/tty/" + name);
            }
        }
    }
}
