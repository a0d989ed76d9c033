using System.Runtime.CompilerServices;
using Farwire.Cim.Classes;
using Farwire.Protocol.Addressing;
using Farwire.Providers.Contract;

namespace Farwire.Providers.Associations;

/// <summary>Two classes whose instances belong together where a property of one equals a property of the other.</summary>
internal static class JoinedClasses
{
    public static ICimProvider Over(
        CimSchema schema, string associationClass, (string Role, ICimProvider Provider, string Property) left, (string Role, ICimProvider Provider, string Property) right)
    {
        return new AssociationTable(schema, associationClass, (left.Role, right.Role), Pairs);

        async IAsyncEnumerable<(EndpointReference, EndpointReference)> Pairs(CimNeed need, [EnumeratorCancellation] CancellationToken cancellationToken)
        {
            var rights = new List<(string Value, EndpointReference Reference)>();
            await foreach (var instance in right.Provider.EnumerateAsync(CimReference.KeysOf(right.Provider.Class, right.Property), cancellationToken).ConfigureAwait(false))
            {
                rights.Add((instance[right.Property].ToString(), CimReference.To(instance)));
            }

            var byValue = rights.ToLookup(r => r.Value, r => r.Reference, StringComparer.Ordinal);
            await foreach (var instance in left.Provider.EnumerateAsync(CimReference.KeysOf(left.Provider.Class, left.Property), cancellationToken).ConfigureAwait(false))
            {
                foreach (var reference in byValue[instance[left.Property].ToString()])
                {
                    yield return (CimReference.To(instance), reference);
                }
            }
        }
    }
}
