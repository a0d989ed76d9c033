namespace Farwire.Linux.Processes;

/// <summary>Which facts of a process are wanted: each group costs a file more.</summary>
[Flags]
public enum ProcessDetails
{
    /// <summary>The ids alone; nothing is opened.</summary>
    None = 0,

    /// <summary>Name, parent, times, sizes: <c>stat</c>.</summary>
    Stat = 1,

    /// <summary>The command line: <c>cmdline</c>.</summary>
    CommandLine = 2,

    /// <summary>The program: <c>exe</c>.</summary>
    Executable = 4,

    /// <summary>Users, peak and private sizes: <c>status</c>.</summary>
    Status = 8,

    /// <summary>Operations and bytes: <c>io</c>.</summary>
    InputOutput = 16,

    /// <summary>Open files: the folder <c>fd</c>.</summary>
    Handles = 32,
}

/// <summary>A process at one moment. What was not wanted, or is not for us to see, is null.</summary>
/// <remarks>proc(5), "/proc/pid/stat" and its neighbours. Times in ticks of 100 ns, sizes in bytes.</remarks>
public sealed class ProcessFacts
{
    /// <summary>The process id.</summary>
    public required int Id { get; init; }

    /// <summary>The program's name: of the file when the kernel cut it, else the kernel's.</summary>
    public string? Name { get; internal set; }

    /// <summary>One letter for what it does: R runs, S sleeps, D waits for a disk, Z has ended …</summary>
    public char? State { get; internal set; }

    /// <summary>How much it lets others go first.</summary>
    public int? Nice { get; internal set; }

    /// <summary>The effective user.</summary>
    public uint? UserId { get; internal set; }

    /// <summary>The effective group.</summary>
    public uint? GroupId { get; internal set; }

    /// <summary>The parent's process id.</summary>
    public int? ParentId { get; internal set; }

    /// <summary>The session.</summary>
    public int? SessionId { get; internal set; }

    /// <summary>The number of the terminal that controls it; 0 when there is none.</summary>
    public int? Terminal { get; internal set; }

    /// <summary>The kernel's scheduling priority.</summary>
    public int? Priority { get; internal set; }

    /// <summary>Threads.</summary>
    public int? Threads { get; internal set; }

    /// <summary>Time in user mode.</summary>
    public long? UserTicks { get; internal set; }

    /// <summary>Time in the kernel.</summary>
    public long? KernelTicks { get; internal set; }

    /// <summary>When it started, after boot.</summary>
    public long? StartTicks { get; internal set; }

    /// <summary>Faults that needed the disk and those that did not.</summary>
    public long? PageFaults { get; internal set; }

    /// <summary>Address space.</summary>
    public ulong? VirtualBytes { get; internal set; }

    /// <summary>Memory in use.</summary>
    public ulong? ResidentBytes { get; internal set; }

    /// <summary>The most memory it ever used.</summary>
    public ulong? PeakResidentBytes { get; internal set; }

    /// <summary>The most address space it ever had.</summary>
    public ulong? PeakVirtualBytes { get; internal set; }

    /// <summary>Memory that is its own: data and stack.</summary>
    public ulong? PrivateBytes { get; internal set; }

    /// <summary>Memory in swap.</summary>
    public ulong? SwappedBytes { get; internal set; }

    /// <summary>The arguments, joined by blanks; null for a kernel thread.</summary>
    public string? CommandLine { get; internal set; }

    /// <summary>The program's path.</summary>
    public string? Executable { get; internal set; }

    /// <summary>Calls that read.</summary>
    public ulong? ReadOperations { get; internal set; }

    /// <summary>Calls that wrote.</summary>
    public ulong? WriteOperations { get; internal set; }

    /// <summary>Bytes read.</summary>
    public ulong? ReadBytes { get; internal set; }

    /// <summary>Bytes written.</summary>
    public ulong? WrittenBytes { get; internal set; }

    /// <summary>Open files.</summary>
    public int? Handles { get; internal set; }
}
