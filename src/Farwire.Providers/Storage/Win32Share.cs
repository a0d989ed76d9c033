using Farwire.Cim.Classes;
using Farwire.Linux.Files;
using Farwire.Providers.Contract;

namespace Farwire.Providers.Storage;

/// <summary>Win32_Share: the folders that Samba and the NFS server are configured to share.</summary>
internal static class Win32Share
{
    private const uint DiskDrive = 0;

    public static ICimProvider Over(CimSchema schema, LinuxSources linux) => new CimTable<SharedFolder>(schema, "Win32_Share", _ => SharedFolder.Read(linux.Paths))
    {
        ["AllowMaximum"] = _ => true,
        ["Caption"] = s => s.Comment ?? s.Name,
        ["Description"] = s => s.Comment ?? $"{s.Protocol} share",
        ["Name"] = s => s.Name,
        ["Path"] = s => s.Path,
        ["Status"] = _ => "OK",
        ["Type"] = _ => DiskDrive,
    };
}
