using System.Runtime.CompilerServices;
using Farwire.Cim.Classes;
using Farwire.Cim.Naming;
using Farwire.Protocol.Addressing;
using Farwire.Providers.Contract;

namespace Farwire.Providers.Associations;

/// <summary>What this computer consists of: every instance of some classes is a part of the one Win32_ComputerSystem.</summary>
internal static class SystemComponents
{
    private const string Part = "PartComponent";

    public static ICimProvider Over(CimSchema schema, string associationClass, params IReadOnlyList<ICimProvider> parts)
    {
        var system = CimReference.To("Win32_ComputerSystem", ("Name", Environment.MachineName));
        return new AssociationTable(schema, associationClass, ("GroupComponent", Part), Pairs);

        async IAsyncEnumerable<(EndpointReference, EndpointReference)> Pairs(CimNeed need, [EnumeratorCancellation] CancellationToken cancellationToken)
        {
            var wanted = need.Fixed(Part) is { } text ? CimObjectPath.Parse(text) : null;
            foreach (var provider in parts)
            {
                if (wanted is { Keys.Count: > 0 } path)
                {
                    if (provider.Class.IsA(path.ClassName) && await CimKeys.FindAsync(provider, path.ToSelectors(null), cancellationToken).ConfigureAwait(false) is { } one)
                    {
                        yield return (system, CimReference.To(one));
                    }

                    continue;
                }

                await foreach (var part in provider.EnumerateAsync(CimReference.KeysOf(provider.Class), cancellationToken).ConfigureAwait(false))
                {
                    yield return (system, CimReference.To(part));
                }
            }
        }
    }
}
