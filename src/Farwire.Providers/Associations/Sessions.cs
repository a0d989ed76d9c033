using System.Globalization;
using System.Runtime.CompilerServices;
using Farwire.Cim.Classes;
using Farwire.Linux.Processes;
using Farwire.Protocol.Addressing;
using Farwire.Providers.Contract;

namespace Farwire.Providers.Associations;

/// <summary>Win32_SessionProcess: which process runs in which session.</summary>
internal static class Sessions
{
    public static ICimProvider Processes(CimSchema schema, LinuxSources linux)
    {
        return new AssociationTable(schema, "Win32_SessionProcess", ("Antecedent", "Dependent"), Pairs);

        async IAsyncEnumerable<(EndpointReference, EndpointReference)> Pairs(CimNeed need, [EnumeratorCancellation] CancellationToken cancellationToken)
        {
            await ValueTask.CompletedTask.ConfigureAwait(false);
            var sessions = linux.Sessions.Read().Select(s => s.Id).ToHashSet(StringComparer.Ordinal);
            foreach (var process in sessions.Count > 0 ? linux.Processes.Read(ProcessDetails.Stat) : [])
            {
                cancellationToken.ThrowIfCancellationRequested();
                if (linux.Sessions.Of(process) is { } id && sessions.Contains(id))
                {
                    yield return (CimReference.To("Win32_LogonSession", ("LogonId", id)), CimReference.To("Win32_Process", ("Handle", process.Id.ToString(CultureInfo.InvariantCulture))));
                }
            }
        }
    }
}
