using System.Globalization;
using System.Runtime.CompilerServices;
using Farwire.Cim.Classes;
using Farwire.Cim.Instances;
using Farwire.Linux.Files;
using Farwire.Linux.Host;
using Farwire.Linux.Processes;
using Farwire.Providers.Contract;

namespace Farwire.Providers.Host;

/// <summary>Win32_Process: what runs now. Only the files that the wanted properties need are opened.</summary>
internal sealed class ProcessProvider : ICimProvider
{
    private readonly ProcessTable _table;
    private readonly HostFacts _host;
    private readonly Action<CimInstance, ProcessFacts>?[] _setters;
    private readonly ProcessDetails[] _details;

    public ProcessProvider(CimSchema schema, LinuxPaths paths)
    {
        _table = new ProcessTable(paths);
        _host = new HostFacts(paths);
        Class = schema.Find("Win32_Process")!;
        _setters = new Action<CimInstance, ProcessFacts>?[Class.Properties.Count];
        _details = new ProcessDetails[Class.Properties.Count];
        var machine = Environment.MachineName;

        Set("CreationClassName", ProcessDetails.None, _ => "Win32_Process");
        Set("CSCreationClassName", ProcessDetails.None, _ => "Win32_ComputerSystem");
        Set("CSName", ProcessDetails.None, _ => machine);
        Set("OSCreationClassName", ProcessDetails.None, _ => "Win32_OperatingSystem");
        Set("OSName", ProcessDetails.None, _ => _host.PrettyName);
        Set("WindowsVersion", ProcessDetails.None, _ => _host.VersionId ?? _host.KernelRelease);
        Set("Handle", ProcessDetails.None, p => p.Id.ToString(CultureInfo.InvariantCulture));
        Set("ProcessId", ProcessDetails.None, p => (uint)p.Id);

        // The kernel cuts names; the command line has the whole one.
        Set("Name", ProcessDetails.Stat | ProcessDetails.CommandLine, p => p.Name);
        Set("Caption", ProcessDetails.Stat | ProcessDetails.CommandLine, p => p.Name);
        Set("Description", ProcessDetails.Stat | ProcessDetails.CommandLine, p => p.Name);
        Set("CommandLine", ProcessDetails.CommandLine, p => p.CommandLine);
        Set("ExecutablePath", ProcessDetails.Executable, p => p.Executable);
        Set("ParentProcessId", ProcessDetails.Stat, p => (uint?)p.ParentId is { } id ? id : default(CimValue));
        Set("SessionId", ProcessDetails.Stat, p => p.SessionId is >= 0 and var id ? (uint)id : default(CimValue));
        Set("Priority", ProcessDetails.Stat, p => p.Priority is { } priority ? (uint)Math.Max(0, priority) : default(CimValue));
        Set("ThreadCount", ProcessDetails.Stat, p => p.Threads is { } threads ? (uint)threads : default(CimValue));
        Set("UserModeTime", ProcessDetails.Stat, p => Unsigned((ulong?)p.UserTicks));
        Set("KernelModeTime", ProcessDetails.Stat, p => Unsigned((ulong?)p.KernelTicks));
        Set("CreationDate", ProcessDetails.Stat, p => p.StartTicks is { } ticks ? new CimDateTime(_host.BootTime.AddTicks(ticks)) : default(CimValue));
        Set("PageFaults", ProcessDetails.Stat, p => p.PageFaults is { } faults ? (uint)Math.Min(faults, uint.MaxValue) : default(CimValue));
        Set("VirtualSize", ProcessDetails.Stat, p => Unsigned(p.VirtualBytes));
        Set("WorkingSetSize", ProcessDetails.Stat, p => Unsigned(p.ResidentBytes));
        Set("PeakVirtualSize", ProcessDetails.Status, p => Unsigned(p.PeakVirtualBytes));
        Set("PeakWorkingSetSize", ProcessDetails.Status, p => KiB(p.PeakResidentBytes));
        Set("PrivatePageCount", ProcessDetails.Status, p => Unsigned(p.PrivateBytes));
        Set("PageFileUsage", ProcessDetails.Status, p => KiB(p.SwappedBytes));
        Set("ReadOperationCount", ProcessDetails.InputOutput, p => Unsigned(p.ReadOperations));
        Set("WriteOperationCount", ProcessDetails.InputOutput, p => Unsigned(p.WriteOperations));
        Set("ReadTransferCount", ProcessDetails.InputOutput, p => Unsigned(p.ReadBytes));
        Set("WriteTransferCount", ProcessDetails.InputOutput, p => Unsigned(p.WrittenBytes));
        Set("HandleCount", ProcessDetails.Handles, p => p.Handles is { } handles ? (uint)handles : default(CimValue));
    }

    public CimClass Class { get; }

    public async IAsyncEnumerable<CimInstance> EnumerateAsync(CimNeed need, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await ValueTask.CompletedTask.ConfigureAwait(false);
        var details = DetailsFor(need);
        var wanted = need.Fixed("ProcessId") ?? need.Fixed("Handle");
        var processes = wanted is null ? _table.Read(details) : One(wanted, details);
        foreach (var process in processes)
        {
            cancellationToken.ThrowIfCancellationRequested();
            yield return ToInstance(process, need);
        }
    }

    public ValueTask<CimInstance?> GetAsync(IReadOnlyList<string> keys, CancellationToken cancellationToken) =>
        ValueTask.FromResult(One(keys[0], DetailsFor(CimNeed.All)) is [var process] ? ToInstance(process, CimNeed.All) : null);

    private List<ProcessFacts> One(string id, ProcessDetails details) =>
        int.TryParse(id, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && _table.Read(number, details) is { } process ? [process] : [];

    private ProcessDetails DetailsFor(CimNeed need)
    {
        var details = ProcessDetails.None;
        for (var slot = 0; slot < _details.Length; slot++)
        {
            if (need.Needs(slot))
            {
                details |= _details[slot];
            }
        }

        return details;
    }

    private CimInstance ToInstance(ProcessFacts process, CimNeed need)
    {
        var instance = new CimInstance(Class);
        for (var slot = 0; slot < _setters.Length; slot++)
        {
            if (_setters[slot] is { } set && need.Needs(slot))
            {
                set(instance, process);
            }
        }

        return instance;
    }

    private void Set(string property, ProcessDetails details, Func<ProcessFacts, CimValue> value)
    {
        var slot = Class.SlotOf(property);
        _details[slot] = details;
        _setters[slot] = (instance, process) => instance[slot] = value(process);
    }

    private static CimValue Unsigned(ulong? value) => value is { } number ? number : default(CimValue);

    private static CimValue KiB(ulong? bytes) => bytes is { } number ? (uint)Math.Min(number / 1024, uint.MaxValue) : default(CimValue);
}
