using System.Globalization;

namespace Farwire.Peers.Tests.Cim;

/// <summary>CIM_DataFile and Win32_Directory against stat.</summary>
public sealed class FileTests(RunningService service)
{
    [Fact]
    public async Task Files_are_found_by_name_and_by_path_and_are_what_stat_says()
    {
        var folder = Directory.CreateTempSubdirectory("farwire-files-").FullName;
        var file = Path.Combine(folder, "report.2026.txt");
        await File.WriteAllTextAsync(file, "hello");
        Directory.CreateDirectory(Path.Combine(folder, "inner"));
        var stat = (await Commands.RunAsync("stat", ["-c", "%s %Y", file])).Output.Trim().Split(' ');

        var byName = await service.GetAsync("CIM_DataFile?Name=" + file);
        var byPath = Assert.Single(await service.QueryAsync($"select Name,FileName,Extension,FileSize,LastModified from CIM_DataFile where Path = '{folder}/'"));
        var folders = Assert.Single(await service.QueryAsync($"select * from Win32_Directory where Path = '{folder}/'"));
        Directory.Delete(folder, recursive: true);

        Assert.Equal((stat[0], "report.2026", "txt", folder + "/"), (byName.Text("FileSize"), byName.Text("FileName"), byName.Text("Extension"), byName.Text("Path")));
        Assert.Equal(long.Parse(stat[1], CultureInfo.InvariantCulture), DateTimeOffset.Parse(byName.Text("LastModified")!, CultureInfo.InvariantCulture).ToUnixTimeSeconds());
        Assert.Equal((file, stat[0]), (byPath.Text("Name"), byPath.Text("FileSize")));
        Assert.Equal(folder + "/inner", folders.Text("Name"));
        Assert.Contains("2150858752", await service.FaultAsync("get", "wmicimv2/CIM_DataFile?Name=" + file), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("CIM_DataFile")]
    [InlineData("Win32_Directory")]
    public async Task All_files_at_once_are_refused(string className) =>
        Assert.Contains("0x8004106C", await service.FaultAsync("enumerate", "wmicimv2/" + className), StringComparison.Ordinal);

    [Fact]
    public async Task A_base_class_of_files_lists_none() => Assert.Empty(await service.ListAsync("CIM_LogicalFile"));
}
