using System.Runtime.CompilerServices;
using Farwire.Client;
using Farwire.Client.Connection;

namespace Farwire.CommandLine.Doctor;

/// <summary>The walk from the name to the quotas: each stage needs the one before, and the first that fails ends it.</summary>
internal sealed class Examination(Patient patient, Func<WSManConnectionOptions, WSManClient> connect, TimeProvider time)
{
    /// <summary>Goes as far as <paramref name="last"/>.</summary>
    public async IAsyncEnumerable<Finding> RunAsync(Stage last, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await using var service = new ServiceStages(patient, connect);
        Func<Task<IReadOnlyList<Finding>>>[] stages =
        [
            () => One(NetworkStages.NameAsync(patient, cancellationToken)),
            () => One(Task.FromResult(NetworkStages.Route(patient))),
            () => One(NetworkStages.TcpAsync(patient, cancellationToken)),
            () => patient.IsTls ? One(TlsStage.RunAsync(patient, time, cancellationToken)) : One(Task.FromResult(Finding.Skipped(Stage.Tls, "The way is HTTP: only sealed messages keep it private."))),
            () => HttpStages.RunAsync(patient, time, cancellationToken),
            () => One(service.AuthenticationAsync(cancellationToken)),
            () => One(service.AuthorizationAsync(cancellationToken)),
            () => One(service.ShellAsync(cancellationToken)),
            () => One(service.QuotasAsync(cancellationToken)),
        ];
        foreach (var stage in stages)
        {
            foreach (var finding in await stage().ConfigureAwait(false))
            {
                yield return finding;
                if (finding.Health == Health.Failed || finding.Stage == last || finding is { Stage: Stage.Authentication, Health: Health.Skipped })
                {
                    yield break;
                }
            }
        }
    }

    private static async Task<IReadOnlyList<Finding>> One(Task<Finding> finding) => [await finding.ConfigureAwait(false)];
}
