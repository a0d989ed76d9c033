using System.Runtime.CompilerServices;
using Farwire.Cim.Classes;
using Farwire.Cim.Instances;
using Farwire.Cim.Naming;
using Farwire.Protocol.Addressing;
using Farwire.Providers.Contract;

namespace Farwire.Providers.Associations;

/// <summary>An association of two roles as a list of pairs, made anew for each question.</summary>
/// <param name="schema">Where the class is.</param>
/// <param name="className">The association.</param>
/// <param name="roles">The two references, in the order of the pairs.</param>
/// <param name="pairs">The pairs; what the question fixes may be told from the need.</param>
internal sealed class AssociationTable(
    CimSchema schema, string className, (string Left, string Right) roles, Func<CimNeed, CancellationToken, IAsyncEnumerable<(EndpointReference Left, EndpointReference Right)>> pairs) : ICimProvider
{
    public CimClass Class { get; } = schema.Find(className) ?? throw new ArgumentException($"{schema.Namespace} has no class '{className}'.", nameof(className));

    /// <inheritdoc/>
    public bool NeedsNames { get; init; }

    public async IAsyncEnumerable<CimInstance> EnumerateAsync(CimNeed need, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        if (NeedsNames && need.Fixed(roles.Left) is null && need.Fixed(roles.Right) is null)
        {
            throw CimError.QuotaViolation($"all instances of {Class.Name} are too many: give its {roles.Left} or its {roles.Right}");
        }

        await foreach (var (left, right) in pairs(need, cancellationToken).ConfigureAwait(false))
        {
            yield return new CimInstance(Class) { [roles.Left] = left, [roles.Right] = right };
        }
    }

    public async ValueTask<CimInstance?> GetAsync(IReadOnlyList<string> keys, CancellationToken cancellationToken)
    {
        var names = Class.Keys.Select(k => k.Name).ToList();
        var wanted = keys.Select(Normal).ToList();
        var need = CimNeed.Of(Class, Enumerable.Range(0, Class.Properties.Count), [.. names.Select((name, i) => (name, (CimValue)wanted[i]))]);
        await foreach (var instance in EnumerateAsync(need, cancellationToken).ConfigureAwait(false))
        {
            if (names.Select((name, i) => instance[name].ToString().Equals(wanted[i], StringComparison.OrdinalIgnoreCase)).All(same => same))
            {
                return instance;
            }
        }

        return null;
    }

    // A path as text may say server and namespace before it.
    private static string Normal(string path) => CimObjectPath.Parse(path)?.ToString() ?? path;
}
