using System.Diagnostics;
using System.Globalization;

namespace Farwire.Peers.Tests.Cim;

/// <summary>Associations of files, processes and file systems, asked with the built tool, against find, the loader and findmnt.</summary>
public sealed class AssociationTests(RunningService service)
{
    [Fact]
    public async Task A_directory_leads_to_what_find_finds_in_it_and_back()
    {
        var folder = Directory.CreateTempSubdirectory("farwire-holds-").FullName;
        Directory.CreateDirectory(folder + "/inner/deeper");
        await File.WriteAllTextAsync(folder + "/a file.txt", "");
        await File.WriteAllTextAsync(folder + "/.hidden", "");

        var files = await service.QueryAsync($"ASSOCIATORS OF {{Win32_Directory.Name='{folder}'}} WHERE AssocClass=CIM_DirectoryContainsFile");
        var folders = await service.QueryAsync($"ASSOCIATORS OF {{Win32_Directory.Name='{folder}'}} WHERE AssocClass=Win32_SubDirectory Role=GroupComponent");
        var parent = await service.QueryAsync($"ASSOCIATORS OF {{Win32_Directory.Name='{folder}/inner'}} WHERE AssocClass=Win32_SubDirectory Role=PartComponent");
        var holder = await service.QueryAsync($"ASSOCIATORS OF {{CIM_DataFile.Name='{folder}/a file.txt'}} WHERE ResultClass=Win32_Directory");
        var found = await FindAsync("f");
        var foundFolders = await FindAsync("d");
        Directory.Delete(folder, recursive: true);

        Assert.Equal(found, files.Select(f => f.Text("Name")!).Order(StringComparer.Ordinal));
        Assert.Equal(foundFolders, folders.Select(f => f.Text("Name")!).Order(StringComparer.Ordinal));
        Assert.Equal((folder, folder), (Assert.Single(parent).Text("Name"), Assert.Single(holder).Text("Name")));
        Assert.Contains("0x8004106C", await service.FaultAsync("enumerate", "wmicimv2/Win32_SubDirectory"), StringComparison.Ordinal);

        async Task<IEnumerable<string>> FindAsync(string type) =>
            (await Commands.RunAsync("find", [folder, "-mindepth", "1", "-maxdepth", "1", "-type", type])).Output.Split('\n', StringSplitOptions.RemoveEmptyEntries).Order(StringComparer.Ordinal);
    }

    [Fact]
    public async Task A_process_leads_to_its_program_and_libraries_and_these_to_it()
    {
        using var sleep = Process.Start("/bin/sleep", ["300"])!;
        var id = sleep.Id.ToString(CultureInfo.InvariantCulture);
        try
        {
            var program = (await Commands.RunAsync("readlink", ["-f", "/bin/sleep"])).Output.Trim();
            var needed = (await Commands.RunAsync("ldd", ["/bin/sleep"])).Output.Split('\n').Where(l => l.Contains("=> /", StringComparison.Ordinal)).Select(l => l.Split(' ', StringSplitOptions.RemoveEmptyEntries)[2]);
            List<string> libraries = [];
            foreach (var library in needed)
            {
                libraries.Add((await Commands.RunAsync("readlink", ["-f", library])).Output.Trim());
            }

            // The program starts as a copy of whoever starts it.
            var files = new List<string>();
            while (!files.Contains(program) || !libraries.TrueForAll(files.Contains))
            {
                files = [.. (await service.QueryAsync($"ASSOCIATORS OF {{Win32_Process.Handle='{id}'}} WHERE AssocClass=CIM_ProcessExecutable")).Select(f => f.Text("Name")!)];
            }

            var back = await service.QueryAsync($"ASSOCIATORS OF {{CIM_DataFile.Name='{program}'}} WHERE AssocClass=CIM_ProcessExecutable");
            Assert.Contains(back, process => process.Text("Handle") == id);
        }
        finally
        {
            sleep.Kill();
        }
    }

    [Fact]
    public async Task Volumes_are_at_the_mount_points_that_findmnt_shows()
    {
        var points = await service.ListAsync("Win32_MountPoint");
        var volumes = (await service.ListAsync("Win32_Volume")).Where(v => Directory.Exists(v.Text("Name"))).Select(v => v.Text("Name")!);
        var mounted = (await Commands.RunAsync("findmnt", ["-n", "-l", "-o", "TARGET"])).Output.Split('\n', StringSplitOptions.RemoveEmptyEntries);

        var directories = points.Select(p => p.Text("Directory")!).ToList();
        Assert.All(volumes, volume => Assert.Contains(directories, d => d.EndsWith("Win32_Directory?Name=" + volume, StringComparison.Ordinal)));
        Assert.All(directories, d => Assert.Contains(mounted, m => d.EndsWith("Win32_Directory?Name=" + m, StringComparison.Ordinal)));
    }
}
