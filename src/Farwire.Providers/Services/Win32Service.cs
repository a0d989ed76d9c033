using System.Runtime.CompilerServices;
using Farwire.Cim.Classes;
using Farwire.Cim.Instances;
using Farwire.Cim.Naming;
using Farwire.Linux.DBus;
using Farwire.Linux.Systemd;
using Farwire.Providers.Contract;

namespace Farwire.Providers.Services;

/// <summary>Win32_Service: the services of systemd, named without <c>.service</c>. Without systemd there are none.</summary>
internal static class Win32Service
{
    private const string Suffix = ".service";
    private const uint NeverStarted = 1077; // ERROR_SERVICE_NEVER_STARTED

    public static ICimProvider Over(CimSchema schema, LinuxSources linux)
    {
        var table = linux.Services;
        return new CimTable<ServiceFacts>(schema, "Win32_Service", Rows)
        {
            Listen = linux.Systemd.ListenAsync,
            Find = async (keys, cancellationToken) =>
                await AskAsync(table.FindAsync(keys[0], ServiceDetails.All, cancellationToken)).ConfigureAwait(false),
            ["AcceptPause"] = _ => false,
            ["AcceptStop"] = s => s.CanStop == true && IsStarted(s),
            ["Caption"] = s => s.Description ?? Name(s),
            ["CheckPoint"] = _ => 0u,
            ["DelayedAutoStart"] = _ => false,
            ["Description"] = s => s.Description ?? Name(s),
            ["DesktopInteract"] = _ => false,
            ["DisplayName"] = s => s.Description ?? Name(s),
            ["ErrorControl"] = s => s.FailureAction is null or "none" ? "Normal" : "Critical",
            ["ExitCode"] = s => IsStarted(s) ? 0 : s is { IsLoaded: true, ExitTime: > 0 } ? unchecked((uint)(s.ExitStatus ?? 0)) : NeverStarted,
            ["Name"] = Name,
            ["PathName"] = s => s.Command,
            ["ProcessId"] = s => s.MainPid,
            ["ServiceSpecificExitCode"] = _ => 0u,
            ["ServiceType"] = _ => "Own Process",
            ["Started"] = s => IsStarted(s),
            ["StartMode"] = s => s.FileState switch
            {
                "enabled" or "enabled-runtime" or "linked" or "linked-runtime" => "Auto",
                "masked" or "masked-runtime" => "Disabled",
                _ => "Manual",
            },
            ["StartName"] = s => s.FileState.StartsWith("masked", StringComparison.Ordinal) ? null : s.User is { Length: > 0 } user ? user : "root",
            ["State"] = s => s.ActiveState switch
            {
                "active" or "reloading" or "refreshing" => "Running",
                "activating" => "Start Pending",
                "deactivating" => "Stop Pending",
                "inactive" or "failed" => "Stopped",
                _ => "Unknown",
            },
            ["Status"] = s => s.ActiveState == "failed" ? "Error" : "OK",
            ["TagId"] = _ => 0u,
            ["WaitHint"] = _ => 0u,
        };

        async IAsyncEnumerable<ServiceFacts> Rows(CimNeed need, [EnumeratorCancellation] CancellationToken cancellationToken)
        {
            if (need.Fixed("Name") is { } name)
            {
                if (await AskAsync(table.FindAsync(name, DetailsFor(need), cancellationToken)).ConfigureAwait(false) is { } one)
                {
                    yield return one;
                }

                yield break;
            }

            var services = table.ReadAsync(DetailsFor(need), cancellationToken).GetAsyncEnumerator(cancellationToken);
            await using var closing = services.ConfigureAwait(false);
            while (await AskAsync(services.MoveNextAsync().AsTask()).ConfigureAwait(false))
            {
                yield return services.Current;
            }
        }
    }

    private static ServiceDetails DetailsFor(CimNeed need) => ServiceDetails.None
        | (need.Needs("Caption", "Description", "DisplayName") ? ServiceDetails.Description : 0)
        | (need.Needs("StartName") ? ServiceDetails.User : 0)
        | (need.Needs("PathName") ? ServiceDetails.Command : 0)
        | (need.Needs("ErrorControl") ? ServiceDetails.FailureAction : 0)
        | (need.Needs("AcceptStop") ? ServiceDetails.CanStop : 0)
        | (need.Needs("ProcessId") ? ServiceDetails.MainPid : 0)
        | (need.Needs("ExitCode") ? ServiceDetails.Exit : 0);

    private static bool IsStarted(ServiceFacts service) => service.ActiveState is not ("inactive" or "failed");

    private static CimValue Name(ServiceFacts service) => service.Name[..^Suffix.Length];

    private static async Task<T> AskAsync<T>(Task<T> question)
    {
        try
        {
            return await question.ConfigureAwait(false);
        }
        catch (DBusException e)
        {
            throw CimError.ProviderFailure($"systemd could not be asked: {e.Message}");
        }
    }
}
