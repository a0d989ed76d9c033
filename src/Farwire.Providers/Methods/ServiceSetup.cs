using Farwire.Linux.DBus;
using Farwire.Linux.Systemd;
using Farwire.Providers.Contract;

namespace Farwire.Providers.Methods;

/// <summary>Win32_Service.Create, Change and Delete.</summary>
internal sealed class ServiceSetup(SystemdControl control, ServiceFiles files)
{
    private const long AccessDenied = 2;
    private const long InvalidParameter = 21;
    private const long InvalidAccount = 22;
    private const long InvalidName = 20;
    private const uint OwnProcess = 16;

    public async ValueTask<CimOutcome> CreateAsync(CimCall call, CancellationToken cancellationToken)
    {
        var (name, command) = (call.Text("Name"), call.Text("PathName"));
        var dependencies = Names(call);
        if (!ServiceFiles.IsName(name))
        {
            return CimOutcome.Of(InvalidName);
        }

        if (command is null || !ServiceFiles.IsLine(command) || ProgramOf(command) is not { } program || dependencies is null
            || (call["ServiceType"] is { IsNull: false } type && type.AsUInt64() != OwnProcess) || ModeOf(call.Text("StartMode") ?? "Automatic") is not { } mode
            || !ServiceFiles.IsLine(call.Text("DisplayName") ?? ""))
        {
            return CimOutcome.Of(InvalidParameter);
        }

        if (ServiceFiles.AccountOf(call.Text("StartName") ?? "") is not { } account)
        {
            return CimOutcome.Of(InvalidAccount);
        }

        var unit = name + ".service";
        return await DoAsync(call, async () =>
        {
            var code = await files.CreateAsync(call.Caller, unit, program, ServiceFiles.Unit(call.Text("DisplayName") ?? name!, command, account, dependencies), cancellationToken).ConfigureAwait(false);
            if (code == 0)
            {
                await mode(unit, cancellationToken).ConfigureAwait(false); // which lets systemd read the file too
            }

            return code;
        }).ConfigureAwait(false);
    }

    public async ValueTask<CimOutcome> ChangeAsync(CimCall call, CancellationToken cancellationToken)
    {
        var unit = call.Target!["Name"] + ".service";
        var changes = new List<(string Property, string Text)>();
        if (call.Text("DisplayName") is { } description)
        {
            changes.Add(("Description", ServiceFiles.Property("Unit", "Description", description)));
        }

        if (call.Text("PathName") is { } command)
        {
            changes.Add(("ExecStart", ProgramOf(command) is null ? "" : ServiceFiles.Property("Service", "ExecStart", command, resets: true)));
        }

        if (call.Text("StartName") is { } startName)
        {
            if (ServiceFiles.AccountOf(startName) is not { } account)
            {
                return CimOutcome.Of(InvalidAccount);
            }

            changes.Add(("User", ServiceFiles.Property("Service", "User", account)));
        }

        if (Names(call) is not { } dependencies || changes.Exists(c => c.Text.Length == 0) || !ServiceFiles.IsLine(call.Text("DisplayName") + call.Text("PathName")))
        {
            return CimOutcome.Of(InvalidParameter);
        }

        if (dependencies.Count > 0)
        {
            changes.Add(("Requires", ServiceFiles.Dependencies(dependencies)));
        }

        Func<string, CancellationToken, Task>? mode = null;
        if (call.Text("StartMode") is { } startMode && (mode = ModeOf(startMode)) is null)
        {
            return CimOutcome.Of(InvalidParameter);
        }

        return await DoAsync(call, async () =>
        {
            foreach (var (property, text) in changes)
            {
                if (await files.ChangeAsync(call.Caller, unit, property, text, cancellationToken).ConfigureAwait(false) is not 0 and var code)
                {
                    return code;
                }
            }

            await (mode is null ? control.ReadFilesAsync(cancellationToken) : mode(unit, cancellationToken)).ConfigureAwait(false);
            return 0;
        }).ConfigureAwait(false);
    }

    /// <summary>A service that runs goes on until it is stopped, and is then gone: marked for deletion, as Windows has it.</summary>
    public ValueTask<CimOutcome> DeleteAsync(CimCall call, CancellationToken cancellationToken)
    {
        var unit = call.Target!["Name"] + ".service";
        return DoAsync(call, async () =>
        {
            if (await files.MayDeleteAsync(call.Caller, unit, cancellationToken).ConfigureAwait(false) is not 0 and var refused)
            {
                return refused;
            }

            await control.DisableAsync(unit, cancellationToken).ConfigureAwait(false);
            var code = await files.DeleteAsync(call.Caller, unit, cancellationToken).ConfigureAwait(false);
            await control.ReadFilesAsync(cancellationToken).ConfigureAwait(false);
            return code;
        });
    }

    /// <summary>What Windows' word for when a service starts means to systemd; null for no such word.</summary>
    public Func<string, CancellationToken, Task>? ModeOf(string mode) => mode.ToUpperInvariant() switch
    {
        "AUTOMATIC" or "AUTO" => control.EnableAsync,
        "MANUAL" => control.DisableAsync,
        "DISABLED" => control.MaskAsync,
        _ => null, // Boot and System are for drivers
    };

    private static async ValueTask<CimOutcome> DoAsync(CimCall call, Func<Task<int>> work)
    {
        if (!call.Caller.MayChangeSystem)
        {
            return CimOutcome.Of(AccessDenied);
        }

        try
        {
            return CimOutcome.Of(await work().ConfigureAwait(false));
        }
        catch (DBusException e)
        {
            return CimOutcome.Of(ServiceMethods.CodeOf(e));
        }
    }

    private static string? ProgramOf(string command) => CommandWords.Split(command) is [['/', ..] program, ..] ? program : null;

    private static List<string>? Names(CimCall call)
    {
        List<string> names = call["ServiceDependencies"].IsNull ? [] : [.. call["ServiceDependencies"].AsArray().Select(n => n.ToString())];
        return names.TrueForAll(ServiceFiles.IsName) ? names : null;
    }
}
