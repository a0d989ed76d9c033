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

    [Fact]
    public async Task Files_and_folders_are_copied_renamed_and_deleted_and_refusals_have_the_codes_of_Windows()
    {
        var folder = Directory.CreateTempSubdirectory("farwire-methods-").FullName;
        await File.WriteAllTextAsync(folder + "/a", "hello");
        Directory.CreateDirectory(folder + "/d");
        await File.WriteAllTextAsync(folder + "/d/inner", "in");

        var copied = await InvokeAsync("Copy", "CIM_DataFile", folder + "/a", folder + "/b");
        var exists = await InvokeAsync("Copy", "CIM_DataFile", folder + "/a", folder + "/b");
        var renamed = await InvokeAsync("Rename", "CIM_DataFile", folder + "/b", folder + "/c");
        var nowhere = await InvokeAsync("Rename", "CIM_DataFile", folder + "/c", folder + "/no/c");
        var relative = await InvokeAsync("Copy", "CIM_DataFile", folder + "/a", "a2");
        var full = await InvokeAsync("Delete", "Win32_Directory", folder + "/d");
        var tree = await InvokeAsync("Copy", "Win32_Directory", folder + "/d", folder + "/e");
        var deleted = await InvokeAsync("Delete", "CIM_DataFile", folder + "/c");
        var compressed = await InvokeAsync("Compress", "CIM_DataFile", folder + "/a");
        var listing = (await Commands.RunAsync("find", [folder, "-mindepth", "1", "-printf", "%P\\n"])).Output.Split('\n', StringSplitOptions.RemoveEmptyEntries).Order(StringComparer.Ordinal);
        var readable = await PermissionAsync(folder + "/a", "1");
        var executable = await PermissionAsync(folder + "/a", "32");
        Directory.Delete(folder, recursive: true);

        Assert.Equal((0, 10, 0, 9, 21), (copied, exists, renamed, nowhere, relative));
        Assert.Equal((14, 0, 0, 11), (full, tree, deleted, compressed));
        Assert.Equal(["a", "d", "d/inner", "e", "e/inner"], listing);
        Assert.Equal(("true", "false"), (readable, executable));
    }

    private async Task<long> InvokeAsync(string method, string className, string file, string? target = null) =>
        (await AnswerAsync(method, className, file, target is null ? [] : [$"@{{FileName=\"{target}\"}}"])).Number("ReturnValue");

    private async Task<string?> PermissionAsync(string file, string permissions) =>
        (await AnswerAsync("GetEffectivePermission", "CIM_DataFile", file, $"@{{Permissions=\"{permissions}\"}}")).Text("ReturnValue");

    private async Task<System.Text.Json.JsonElement> AnswerAsync(string method, string className, string file, params string[] input)
    {
        var outcome = await Commands.RunAsync(
            RunningService.Program("farwire"), ["winrm", "invoke", method, $"wmicimv2/{className}?Name={file}", .. input, "-o", "json", "--connect", service.ConnectionFile]);
        Assert.True(outcome.ExitCode == 0, outcome.Output + outcome.Errors);
        return System.Text.Json.JsonDocument.Parse(outcome.Output).RootElement;
    }

    [Theory]
    [InlineData("CIM_DataFile")]
    [InlineData("Win32_Directory")]
    public async Task All_files_at_once_are_refused(string className) =>
        Assert.Contains("0x8004106C", await service.FaultAsync("enumerate", "wmicimv2/" + className), StringComparison.Ordinal);

    [Fact]
    public async Task A_base_class_of_files_lists_none() => Assert.Empty(await service.ListAsync("CIM_LogicalFile"));
}
