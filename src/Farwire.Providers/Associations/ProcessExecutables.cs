using System.Globalization;
using Farwire.Cim.Classes;
using Farwire.Cim.Naming;
using Farwire.Linux.Processes;
using Farwire.Providers.Contract;

namespace Farwire.Providers.Associations;

/// <summary>CIM_ProcessExecutable: the programs and libraries that processes execute.</summary>
internal static class ProcessExecutables
{
    public static ICimProvider Over(CimSchema schema, LinuxSources linux)
    {
        return new CimTable<Row>(schema, "CIM_ProcessExecutable", Rows)
        {
            ["Antecedent"] = r => CimReference.To("CIM_DataFile", ("Name", r.File.Path)),
            ["BaseAddress"] = r => r.File.Address,
            ["Dependent"] = r => CimReference.To("Win32_Process", ("Handle", r.Process.ToString(CultureInfo.InvariantCulture))),
        };

        IEnumerable<Row> Rows(CimNeed need)
        {
            var file = KeyOf(need, "Antecedent");
            var processes = KeyOf(need, "Dependent") is { } handle
                ? int.TryParse(handle, NumberStyles.None, CultureInfo.InvariantCulture, out var id) ? [id] : []
                : linux.Processes.Read(ProcessDetails.None).Select(p => p.Id);
            return processes.SelectMany(process => MappedFiles.Of(linux.Paths, process).Where(f => file is null || f.Path == file).Select(f => new Row(process, f)));
        }
    }

    private static string? KeyOf(CimNeed need, string role) => need.Fixed(role) is { } text && CimObjectPath.Parse(text) is { Keys: [var key] } ? key.Value : null;

    private sealed record Row(int Process, MappedFile File);
}
