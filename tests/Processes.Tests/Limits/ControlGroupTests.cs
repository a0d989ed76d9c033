using Farwire.Processes.Launch;
using Farwire.Processes.Limits;

namespace Farwire.Processes.Tests.Limits;

public sealed class ControlGroupTests
{
    private const string Unified = "24 30 0:22 / /sys/fs/cgroup rw,nosuid - cgroup2 cgroup2 rw,nsdelegate";

    [Theory]
    [InlineData(Unified, "0::/", "/sys/fs/cgroup")]
    [InlineData(Unified, "0::/system.slice/farwired.service", "/sys/fs/cgroup/system.slice/farwired.service")]
    [InlineData(Unified, "0::/system.slice/farwired.service/main", "/sys/fs/cgroup/system.slice/farwired.service")]
    [InlineData("24 30 0:22 /docker/1 /sys/fs/cgroup rw - cgroup2 cgroup rw", "0::/docker/1", "/sys/fs/cgroup")]
    [InlineData("24 30 0:22 / /sys/fs/cgroup rw shared:4 - tmpfs tmpfs rw", "0::/", null)]
    [InlineData(Unified, "4:memory:/x", null)]
    public void Groups_are_made_in_the_own_one_or_in_the_delegated_one(string mounts, string membership, string? expected) =>
        Assert.Equal(expected, ControlGroups.Find([mounts], ["4:memory:/y", membership]));

    [Fact]
    public void Where_groups_cannot_be_made_there_are_none()
    {
        Assert.Null(ControlGroups.TryOpen("/no/such/folder"));
        Assert.Null(ControlGroups.TryOpen(Path.GetTempPath())); // a folder like any other
        Assert.Empty(Directory.GetDirectories(Path.GetTempPath(), $"farwire-{Environment.ProcessId}"));
    }

    [Fact]
    [Trait("Peer", "Linux cgroup2")]
    public async Task A_program_and_its_group_end_together_and_leave_no_folder()
    {
        Assert.SkipWhen(ControlGroups.OfThisProcess is null, "no control group can be made here");
        var start = new ProgramStart("/bin/sh", ["-c", "cat /proc/self/cgroup; (setsid env -i setsid sleep 6741 &); read line"]) { Group = new ProgramGroup("of-a-test", 100, 0) };
        using var program = ProcessLauncher.Start(start);
        using var output = new StreamReader(program.StandardOutput);
        var line = await output.ReadLineAsync();
        while (line?.StartsWith("0::", StringComparison.Ordinal) == false)
        {
            line = await output.ReadLineAsync();
        }

        Assert.Contains($"/farwire-{Environment.ProcessId}/of-a-test/", line, StringComparison.Ordinal);
        while (program.Usage().Processes < 2)
        {
            await Task.Yield(); // the shell, and the one that left it
        }

        await program.EndTreeAsync();

        Assert.Equal(0, program.Usage().Processes);
        Assert.Equal(137, (await program.Exit).Code);
    }

    [Fact]
    public void A_group_is_named_by_no_path()
    {
        Assert.False(new ProgramGroup("../x", 0, 0).IsValid);
        Assert.False(new ProgramGroup("", 0, 0).IsValid);
        Assert.True(new ProgramGroup("0123-ab", 0, 0).IsValid);
    }
}
