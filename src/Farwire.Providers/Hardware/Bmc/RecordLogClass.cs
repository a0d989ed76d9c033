using Farwire.Cim.Classes;
using Farwire.Ipmi.Sel;
using Farwire.Providers.Contract;

namespace Farwire.Providers.Hardware.Bmc;

/// <summary>The log of a controller.</summary>
internal sealed record LogRow(Controller Controller, SelInfo Info);

/// <summary>RecordLog: the system event log of each controller.</summary>
internal static class RecordLogClass
{
    private const int RecordBytes = 16;

    public static ICimProvider Over(CimSchema schema, Controllers controllers) => new CimTable<LogRow>(schema, "RecordLog", (_, token) => controllers.AskAllAsync<LogRow>(
        CimNeed.All, "Name", async (controller, client, stop) => [new LogRow(controller, await client.Sel.GetInfoAsync(stop).ConfigureAwait(false))], token))
    {
        Invoke = static (row, call, token) => call.Method.Name == "ClearLog"
            ? MethodResult.OfAsync(row.Controller, call, (client, stop) => client.Sel.ClearAsync(stop), token)
            : ValueTask.FromResult(MethodResult.NotSupported),
        ["InstanceID"] = r => HardwareNames.LogId(r.Controller),
        ["Name"] = r => HardwareNames.LogId(r.Controller),
        ["ElementName"] = _ => "IPMI SEL",
        ["Caption"] = _ => "IPMI SEL",
        ["Description"] = r => $"System event log of {r.Controller.Name}",
        ["CurrentNumberOfRecords"] = r => (ulong)r.Info.Entries,
        ["MaxNumberOfRecords"] = r => (ulong)(r.Info.Entries + (r.Info.FreeBytes / RecordBytes)),
        ["EnabledState"] = _ => 2u,
        ["RequestedState"] = _ => 12u,
        ["EnabledDefault"] = _ => 2u,
        ["HealthState"] = r => r.Info.Overflow ? 10u : 5u,
        ["OperationalStatus"] = r => (uint[])[r.Info.Overflow ? 3u : 2u],
        ["Status"] = r => r.Info.Overflow ? "Degraded" : "OK",
    };
}
