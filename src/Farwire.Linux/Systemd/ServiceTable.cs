using System.Runtime.CompilerServices;

namespace Farwire.Linux.Systemd;

/// <summary>The services: units in memory, and files of units that are not.</summary>
/// <remarks>The questions about services are asked all at once and answered in order, so the bus is never waited for one by one.</remarks>
public sealed class ServiceTable(SystemdManager manager)
{
    private const string Suffix = ".service";
    private const int Ahead = 64;

    /// <summary>All services, one at a time; none where no systemd runs.</summary>
    public async IAsyncEnumerable<ServiceFacts> ReadAsync(ServiceDetails details, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var files = await FilesAsync(cancellationToken).ConfigureAwait(false);
        var units = await manager.ListUnitsAsync("*" + Suffix, cancellationToken).ConfigureAwait(false);
        var known = new HashSet<string>(StringComparer.Ordinal);
        var services = new List<ServiceFacts>();
        foreach (var unit in units.Where(u => u.LoadState != "not-found"))
        {
            known.Add(unit.Name);
            services.Add(ToService(unit, files.GetValueOrDefault(unit.Name)));
        }

        foreach (var (name, state) in files)
        {
            if (known.Add(name))
            {
                services.Add(new ServiceFacts(name) { FileState = state });
            }
        }

        services.Sort((a, b) => string.CompareOrdinal(a.Name, b.Name));
        var asked = new Queue<Task<ServiceFacts>>();
        foreach (var service in services)
        {
            asked.Enqueue(CompleteAsync(service, details, cancellationToken));
            if (asked.Count == Ahead)
            {
                yield return await asked.Dequeue().ConfigureAwait(false);
            }
        }

        while (asked.TryDequeue(out var next))
        {
            yield return await next.ConfigureAwait(false);
        }
    }

    /// <summary>One service, with or without its suffix; null when there is none of that name, in whatever case.</summary>
    public async Task<ServiceFacts?> FindAsync(string name, ServiceDetails details, CancellationToken cancellationToken)
    {
        if (await FindExactlyAsync(name, details, cancellationToken).ConfigureAwait(false) is { } exact)
        {
            return exact;
        }

        await foreach (var service in ReadAsync(ServiceDetails.None, cancellationToken).ConfigureAwait(false))
        {
            if (service.Name.AsSpan(0, service.Name.Length - Suffix.Length).Equals(name, StringComparison.OrdinalIgnoreCase))
            {
                return await FindExactlyAsync(service.Name, details, cancellationToken).ConfigureAwait(false);
            }
        }

        return null;
    }

    private async Task<ServiceFacts?> FindExactlyAsync(string name, ServiceDetails details, CancellationToken cancellationToken)
    {
        var unitName = name.EndsWith(Suffix, StringComparison.Ordinal) ? name : name + Suffix;
        if (unitName.Length > 255 || unitName.AsSpan().ContainsAny("*?[/ "))
        {
            return null;
        }

        // The unit is asked directly, which loads it from its file when it is not in memory.
        var path = SystemdManager.PathOf(unitName);
        var load = manager.GetPropertyAsync(path, "Unit", "LoadState", cancellationToken);
        var active = manager.GetPropertyAsync(path, "Unit", "ActiveState", cancellationToken);
        var sub = manager.GetPropertyAsync(path, "Unit", "SubState", cancellationToken);
        var id = manager.GetPropertyAsync(path, "Unit", "Id", cancellationToken);
        var description = manager.GetPropertyAsync(path, "Unit", "Description", cancellationToken);
        var state = manager.GetPropertyAsync(path, "Unit", "UnitFileState", cancellationToken);
        if (await load.ConfigureAwait(false) is not string loaded || loaded == "not-found" || await id.ConfigureAwait(false) is not string unit)
        {
            return null;
        }

        var service = new ServiceFacts(unit)
        {
            IsLoaded = true,
            ActiveState = await active.ConfigureAwait(false) as string ?? "inactive",
            SubState = await sub.ConfigureAwait(false) as string ?? "dead",
            Description = await description.ConfigureAwait(false) as string,
            FileState = loaded == "masked" ? loaded : await state.ConfigureAwait(false) as string ?? "",
        };
        return await CompleteAsync(service, details, cancellationToken).ConfigureAwait(false);
    }

    // Templates are no services, aliases are other names of services that stand in the list themselves.
    private async Task<Dictionary<string, string>> FilesAsync(CancellationToken cancellationToken)
    {
        var files = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var file in await manager.ListUnitFilesAsync("*" + Suffix, cancellationToken).ConfigureAwait(false))
        {
            if (!file.Name.EndsWith("@" + Suffix, StringComparison.Ordinal) && file.State != "alias")
            {
                files[file.Name] = file.State;
            }
        }

        return files;
    }

    private static ServiceFacts ToService(UnitFacts unit, string? fileState) => new(unit.Name)
    {
        Description = unit.Description,
        IsLoaded = true,
        ActiveState = unit.ActiveState,
        SubState = unit.SubState,
        FileState = unit.LoadState == "masked" ? "masked" : fileState ?? "",
    };

    private async Task<ServiceFacts> CompleteAsync(ServiceFacts service, ServiceDetails details, CancellationToken cancellationToken)
    {
        var path = SystemdManager.PathOf(service.Name);

        // What has no file has no settings that an announced change of files would make old.
        Task<object?> Setting(ServiceDetails detail, string interfaceName, string property) =>
            !details.HasFlag(detail) || service.FileState.StartsWith("masked", StringComparison.Ordinal) ? Nothing
            : service.FileState is "" or "transient" ? manager.GetPropertyAsync(path, interfaceName, property, cancellationToken)
            : manager.GetSettingAsync(path, interfaceName, property, cancellationToken);

        var description = service.Description is null ? Setting(ServiceDetails.Description, "Unit", "Description") : Nothing;
        var user = Setting(ServiceDetails.User, "Service", "User");
        var command = Setting(ServiceDetails.Command, "Service", "ExecStart");
        var failure = Setting(ServiceDetails.FailureAction, "Unit", "FailureAction");
        var stop = Setting(ServiceDetails.CanStop, "Unit", "CanStop");
        var pid = details.HasFlag(ServiceDetails.MainPid) && service.ActiveState is not "inactive" ? manager.GetPropertyAsync(path, "Service", "MainPID", cancellationToken) : Nothing;
        var exit = details.HasFlag(ServiceDetails.Exit) && service.IsLoaded ? manager.GetPropertyAsync(path, "Service", "ExecMainStatus", cancellationToken) : Nothing;
        var ended = details.HasFlag(ServiceDetails.Exit) && service.IsLoaded ? manager.GetPropertyAsync(path, "Service", "ExecMainExitTimestamp", cancellationToken) : Nothing;
        return service with
        {
            Description = service.Description ?? await description.ConfigureAwait(false) as string,
            User = await user.ConfigureAwait(false) as string,
            Command = CommandOf(await command.ConfigureAwait(false)),
            FailureAction = await failure.ConfigureAwait(false) as string,
            CanStop = await stop.ConfigureAwait(false) as bool?,
            MainPid = details.HasFlag(ServiceDetails.MainPid) ? (uint)(await pid.ConfigureAwait(false) as ulong? ?? 0) : null,
            ExitStatus = (int?)(await exit.ConfigureAwait(false) as long?),
            ExitTime = await ended.ConfigureAwait(false) as ulong?,
        };
    }

    // a(sasbttttuii): program, arguments with the program's name first, …
    private static string? CommandOf(object? value) => value is List<object?> and [object?[] and [string program, List<object?> arguments, ..], ..]
        ? string.Join(' ', arguments.Skip(1).Select(a => Quote(a as string ?? "")).Prepend(program))
        : null;

    private static string Quote(string argument) => argument.Contains(' ', StringComparison.Ordinal) ? $"\"{argument}\"" : argument;

    private static readonly Task<object?> Nothing = Task.FromResult<object?>(null);
}
