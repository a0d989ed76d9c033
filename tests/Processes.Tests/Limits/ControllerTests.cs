using System.Globalization;
using Farwire.Processes.Launch;
using Farwire.Processes.Limits;

namespace Farwire.Processes.Tests.Limits;

/// <summary>
/// What is done where the kernel has controllers for memory and processes, and where it has none. A folder stands for its hierarchy, with the files that the kernel
/// would put there, for few machines that run tests give both.
/// </summary>
public sealed class ControllerTests : IDisposable
{
    private readonly string _hierarchy = Directory.CreateTempSubdirectory("farwire-hierarchy-").FullName;

    private string Own => Path.Combine(_hierarchy, $"farwire-{Environment.ProcessId.ToString(CultureInfo.InvariantCulture)}");

    private string Group => Path.Combine(Own, "of-a-test");

    public void Dispose() => Directory.Delete(_hierarchy, recursive: true);

    [Fact]
    public async Task Where_the_kernel_counts_it_is_told_the_limits_and_each_process_has_none()
    {
        Kernel("cgroup.kill", "memory.max", "pids.max");
        var groups = ControlGroups.TryOpen(_hierarchy)!;

        var line = await RunAsync(groups);

        Assert.Equal((true, true), (groups.LimitsMemory, groups.LimitsProcesses));
        Assert.Equal("unlimited", line);
        Assert.Equal(("50331648", "40"), (Told("memory.max"), Told("pids.max")));
        Assert.Equal("+pids", File.ReadAllText(Path.Combine(_hierarchy, "cgroup.subtree_control"))); // asked for last, each for itself
    }

    [Fact]
    public async Task Where_it_counts_processes_alone_each_has_the_limit_of_memory_for_itself()
    {
        Kernel("cgroup.kill", "pids.max");
        var groups = ControlGroups.TryOpen(_hierarchy)!;

        var line = await RunAsync(groups);

        Assert.Equal((false, true), (groups.LimitsMemory, groups.LimitsProcesses));
        Assert.Equal("49152", line);
        Assert.Equal("40", Told("pids.max"));
        Assert.False(File.Exists(Path.Combine(Group, "memory.max")));
    }

    [Fact]
    public async Task Where_there_is_no_hierarchy_at_all_too()
    {
        Assert.Equal("49152", await RunAsync(null));
        Assert.Empty(Directory.EnumerateFileSystemEntries(_hierarchy));
    }

    [Fact]
    public void A_kernel_that_cannot_end_a_group_at_once_is_as_one_without_groups()
    {
        Kernel("memory.max", "pids.max");

        Assert.Null(ControlGroups.TryOpen(_hierarchy));
    }

    [Theory]
    [InlineData("echo \"$0 $#\" \"$@\"")]
    [InlineData("echo \"$0 $#\" \"$@\"", "name", "a b", "c")]
    [InlineData("echo 'in two\nlines'; no-such-program; exit 7")]
    [InlineData("(")]
    public async Task A_script_sees_what_it_would_see_without_limits(params string[] words)
    {
        var start = new ProgramStart("/bin/sh", ["-c", .. words]);

        var (output, errors, code) = await EndAsync(start);

        Assert.Equal((output, errors, code), await EndAsync(start with { Group = new ProgramGroup("of-a-test", 0, 48 * 1024 * 1024) }));

        static async Task<(string, string, int)> EndAsync(ProgramStart start)
        {
            using var program = ProcessLauncher.Start(start, null);
            using var output = new StreamReader(program.StandardOutput);
            using var errors = new StreamReader(program.StandardError);
            return (await output.ReadToEndAsync(), await errors.ReadToEndAsync(), (await program.Exit).Code);
        }
    }

    // The files that mkdir would bring.
    private void Kernel(params string[] files)
    {
        File.WriteAllText(Path.Combine(_hierarchy, ControlGroups.Members), "");
        File.WriteAllText(Path.Combine(_hierarchy, "cgroup.subtree_control"), "");
        foreach (var folder in (string[])[Path.Combine(Own, "probe"), Group])
        {
            Directory.CreateDirectory(folder);
            foreach (var file in files)
            {
                File.WriteAllText(Path.Combine(folder, file), "max");
            }
        }
    }

    private string Told(string file) => File.ReadAllText(Path.Combine(Group, file));

    private async Task<string?> RunAsync(ControlGroups? groups)
    {
        var start = new ProgramStart("/bin/sh", ["-c", "ulimit -d; read line"]) { Group = new ProgramGroup("of-a-test", 40, 48 * 1024 * 1024) };
        using var program = ProcessLauncher.Start(start, groups);
        using var output = new StreamReader(program.StandardOutput);
        var line = await output.ReadLineAsync();
        var ending = program.EndTreeAsync();
        if (groups is not null)
        {
            await EndMembersAsync();
        }

        await ending;
        return line;
    }

    // What the kernel does when it is told to end a group: its members go, and the files with the folder.
    private async Task EndMembersAsync()
    {
        var folder = Directory.GetDirectories(Group).Single();
        Assert.Equal("0\n", await File.ReadAllTextAsync(Path.Combine(folder, ControlGroups.Members))); // it joined by itself, before it was the program
        while (!File.Exists(Path.Combine(folder, ControlGroups.Kill)) || await File.ReadAllTextAsync(Path.Combine(folder, ControlGroups.Kill)) != "1")
        {
            await Task.Yield();
        }

        Directory.Delete(folder, recursive: true);
    }
}
