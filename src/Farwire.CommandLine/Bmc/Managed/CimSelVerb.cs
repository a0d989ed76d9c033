using Farwire.Cim.Instances;
using Farwire.CommandLine.Grammar;
using Farwire.Ipmi.Session;

namespace Farwire.CommandLine.Bmc.Managed;

/// <summary><c>farwire bmc sel [list|info|clear] --protocol wsman</c>: CIM_RecordLog and its CIM_LogRecord.</summary>
internal sealed class CimSelVerb : BmcVerb
{
    private readonly string _what;

    public CimSelVerb(BmcLine line)
    {
        _what = line.Words.ElementAtOrDefault(1) ?? "list";
        if (_what is not ("list" or "info" or "clear") || line.Words.Count > 2)
        {
            throw new UsageException($"farwire bmc sel takes list, info or clear, not '{string.Join(' ', line.Words.Skip(1))}'.");
        }
    }

    public override PrivilegeLevel Privilege => PrivilegeLevel.User;

    public override bool CanBeWatched => _what == "list";

    public override async ValueTask<BmcRows> RunAsync(BmcTarget target, CancellationToken cancellationToken)
    {
        if (_what == "list")
        {
            return await ListAsync(target, cancellationToken).ConfigureAwait(false);
        }

        if (_what == "clear")
        {
            foreach (var log in await target.Cim.ListAsync("CIM_RecordLog", cancellationToken).ConfigureAwait(false))
            {
                if (await target.Cim.InvokeAsync(log, ["InstanceID"], "ClearLog", [], cancellationToken).ConfigureAwait(false) is not 0 and var code)
                {
                    throw new ControllerRefusedException("ClearLog", code);
                }
            }
        }

        var rows = new BmcRows("log", "entries", "most");
        foreach (var log in await target.Cim.ListAsync("CIM_RecordLog", cancellationToken).ConfigureAwait(false))
        {
            rows.Add(log["ElementName"] ?? log["InstanceID"] ?? "", log.Number("CurrentNumberOfRecords"), log.Number("MaxNumberOfRecords"));
        }

        return rows;
    }

    // Watched, it goes on with the records that were not there before.
    private static async ValueTask<BmcRows> ListAsync(BmcTarget target, CancellationToken cancellationToken)
    {
        var known = (HashSet<(string?, string?)>)(target.State ??= new HashSet<(string?, string?)>());
        var rows = new BmcRows("record", "time", "event", "data");
        foreach (var record in await target.Cim.ListAsync("CIM_LogRecord", cancellationToken).ConfigureAwait(false))
        {
            if (known.Add((record["RecordID"], record["MessageTimestamp"])))
            {
                rows.Add(record["RecordID"] ?? "", TimeOf(record["MessageTimestamp"]), record["Caption"] ?? record["ElementName"] ?? "", record["RecordData"] ?? "");
            }
        }

        return rows;
    }

    private static object? TimeOf(string? text) =>
        DateTimeOffset.TryParse(text, System.Globalization.CultureInfo.InvariantCulture, System.Globalization.DateTimeStyles.AssumeUniversal, out var iso) ? iso
        : text is not null && CimDateTime.TryParse(text, out var cim) && !cim.IsInterval ? cim.Time
        : text;
}
