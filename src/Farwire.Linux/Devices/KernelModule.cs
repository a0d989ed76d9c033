using System.Globalization;
using Farwire.Linux.Files;

namespace Farwire.Linux.Devices;

/// <summary>A module that is loaded into the kernel.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Size">Bytes in memory.</param>
/// <param name="Uses">How many use it.</param>
/// <param name="UsedBy">The modules that need it.</param>
/// <param name="State">Live, Loading or Unloading.</param>
/// <remarks>proc(5), "/proc/modules".</remarks>
public sealed record KernelModule(string Name, ulong Size, int Uses, IReadOnlyList<string> UsedBy, string State)
{
    /// <summary>The modules now.</summary>
    public static IReadOnlyList<KernelModule> Read(LinuxPaths paths)
    {
        var modules = new List<KernelModule>();
        foreach (var line in (ProcFile.ReadText(paths.Proc + "/modules", 4 * 1024 * 1024) ?? "").Split('\n'))
        {
            if (line.Split(' ') is [var name, var size, var uses, var users, var state, ..]
                && ulong.TryParse(size, NumberStyles.None, CultureInfo.InvariantCulture, out var bytes))
            {
                modules.Add(new KernelModule(
                    name, bytes, int.TryParse(uses, NumberStyles.None, CultureInfo.InvariantCulture, out var count) ? count : 0,
                    users == "-" ? [] : users.Split(',', StringSplitOptions.RemoveEmptyEntries), state));
            }
        }

        return modules;
    }
}
