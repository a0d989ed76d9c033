using System.ComponentModel;
using System.Text;
using Farwire.Processes.Exit;
using Farwire.Processes.Launch;
using Farwire.Processes.Tree;

namespace Farwire.Processes.Tests;

public sealed class RunningProcessTests
{
    private const int NoSuchFile = 2; // ENOENT

    [Fact]
    public async Task Output_and_errors_arrive_apart_and_the_code_is_the_programs()
    {
        using var process = Shell("printf out; printf err >&2; exit 7");

        Assert.Equal("out", await TextAsync(process.StandardOutput));
        Assert.Equal("err", await TextAsync(process.StandardError));
        Assert.Equal(new ProcessExit(7, null), await process.Exit);
    }

    [Fact]
    public async Task Input_reaches_the_program_and_its_end_ends_the_reading()
    {
        using var process = ProcessLauncher.Start(new ProgramStart("cat", []));

        await process.StandardInput.WriteAsync("grüße"u8.ToArray());
        await process.StandardInput.DisposeAsync();

        Assert.Equal("grüße", await TextAsync(process.StandardOutput));
        Assert.Equal(0, (await process.Exit).Code);
    }

    [Fact]
    public async Task Arguments_variables_and_the_directory_arrive_as_given()
    {
        using var process = ProcessLauncher.Start(new ProgramStart("/bin/sh", ["-c", "pwd; printf '%s|' \"$A\" \"$1\" \"$2\"", "sh", "a b", ""])
        {
            Environment = [KeyValuePair.Create("A", "x=y z")],
            WorkingDirectory = "/usr",
        });

        Assert.Equal("/usr\nx=y z|a b||", await TextAsync(process.StandardOutput));
    }

    [Fact]
    public async Task A_program_inherits_three_descriptors_and_no_ignored_signal()
    {
        using var process = Shell("ls /proc/self/fd; grep SigIgn /proc/self/status");

        var lines = (await TextAsync(process.StandardOutput)).Split('\n', StringSplitOptions.RemoveEmptyEntries);

        Assert.Equal(["0", "1", "2", "3"], lines[..^1]); // the fourth is the directory that ls reads
        var ignored = Convert.ToUInt64(lines[^1].Split('\t')[1], 16);
        Assert.Equal(0UL, ignored & 0x7fffffff); // above are the C library's own two
    }

    [Fact]
    public async Task A_signal_reaches_the_whole_group()
    {
        using var process = Shell("sleep 600 | sleep 600");

        Assert.True(process.Signal(ProcessSignal.Terminate));

        Assert.Equal(new ProcessExit(128 + 15, 15), await process.Exit);
    }

    [Fact]
    public void A_program_that_is_not_there_says_so()
    {
        var failure = Assert.Throws<Win32Exception>(() => ProcessLauncher.Start(new ProgramStart("/no/such/program", [])));

        Assert.Equal(NoSuchFile, failure.NativeErrorCode);
    }

    [Fact]
    public void A_zero_character_is_refused_not_cut_off() =>
        Assert.Throws<ArgumentException>(() => ProcessLauncher.Start(new ProgramStart("/bin/echo", ["a\0b"])));

    [Fact]
    public async Task The_end_of_a_tree_takes_those_who_left_the_session_too()
    {
        using var process = Shell("(setsid sleep 601 >/dev/null 2>&1 &) ; sleep 602 & echo ready; wait");
        Assert.Equal((byte)'r', (await FirstAsync(process.StandardOutput)));

        await process.EndTreeAsync();

        Assert.Equal(128 + 9, (await process.Exit).Code);
        Assert.False(process.Signal(ProcessSignal.None) && ProcessStat.Read(process.Id, new byte[1024]) is { IsEnded: false });
        Assert.DoesNotContain(Running(), line => line is "sleep 601" or "sleep 602");
    }

    [Fact]
    public async Task Without_process_descriptors_the_end_is_seen_as_well()
    {
        using var process = Shell("exit 3");
        Assert.Equal(3, (await process.Exit).Code);

        // Already taken from the table: the watcher that waits by id comes back at once and says that the code is not known.
        Assert.Equal(255, (await ExitWatcher.WatchAsync(process.Id, -1)).Code);
    }

    [Theory]
    [InlineData("12 (a) b) (c) S 1 13 14 0 -1 4 0 0 0 0 0 0 0 0 20 0 1 0 99 0", 'S', 1, 14, 99UL)]
    [InlineData("7 () Z 2 7 7 0 -1 4 0 0 0 0 0 0 0 0 20 0 1 0 5", 'Z', 2, 7, 5UL)]
    public void A_stat_line_is_read_whatever_the_name(string line, char state, int parent, int session, ulong start) =>
        Assert.Equal(new ProcessStat(1, state, parent, session, start), ProcessStat.Parse(1, Encoding.UTF8.GetBytes(line)));

    private static RunningProcess Shell(string line) => ProcessLauncher.Start(new ProgramStart("/bin/sh", ["-c", line]));

    private static async Task<string> TextAsync(Stream stream)
    {
        using var reader = new StreamReader(stream, Encoding.UTF8);
        return await reader.ReadToEndAsync();
    }

    private static async Task<byte> FirstAsync(Stream stream)
    {
        var buffer = new byte[1];
        await stream.ReadExactlyAsync(buffer);
        return buffer[0];
    }

    private static IEnumerable<string> Running()
    {
        foreach (var directory in Directory.EnumerateDirectories("/proc").Where(path => char.IsAsciiDigit(Path.GetFileName(path)[0])))
        {
            string line;
            try
            {
                line = File.ReadAllText(directory + "/cmdline").Replace('\0', ' ').Trim();
            }
            catch (IOException)
            {
                continue; // ended meanwhile
            }

            yield return line;
        }
    }
}
