using System.Runtime.CompilerServices;
using Farwire.Cim.Classes;
using Farwire.Cim.Instances;
using Farwire.Protocol.Addressing;
using Farwire.Protocol.Names;
using Farwire.Providers.Associations;
using Farwire.Providers.Contract;

namespace Farwire.Providers.Hardware.Bmc;

/// <summary>The associations of root/hardware: each joins classes by the name of the machine, or of its log.</summary>
internal static class HardwareAssociations
{
    private static readonly string[] Sensors = ["NumericSensor", "Sensor"];
    private static readonly string[] Collections = ["SystemSpecificCollection", "ConcreteCollection"];

    public static IEnumerable<ICimProvider> Over(CimSchema schema, Controllers controllers, IReadOnlyList<ICimProvider> providers)
    {
        return
        [
            Join("SystemComponent", ("GroupComponent", ["AdminDomain"], _ => ""), ("PartComponent", ["ComputerSystem"], _ => "")),
            Join("SystemDevice", ("GroupComponent", ["ComputerSystem"], Named("Name")), ("PartComponent", Sensors, Named("SystemName"))),
            Join("AccountOnSystem", ("GroupComponent", ["ComputerSystem"], Named("Name")), ("PartComponent", ["Account"], Named("SystemName"))),
            Join("MemberOfCollection", ("Collection", Collections, CollectionsMachine), ("Member", Sensors, Named("SystemName"))),
            Join("OwningCollectionElement", ("OwningElement", ["ComputerSystem"], Named("Name")), ("OwnedElement", Collections, CollectionsMachine)),
            Join("LogManagesRecord", ("Log", ["RecordLog"], Named("InstanceID")), ("Record", ["LogRecord"], Named("LogName"))),
            Join("UseOfLog", ("Antecedent", ["RecordLog"], LogsMachine), ("Dependent", ["ComputerSystem"], Named("Name"))),
        ];

        string CollectionsMachine(CimInstance collection) =>
            controllers.All.FirstOrDefault(c => CollectionClasses.IdOf(c).Equals(collection["InstanceID"].ToString(), StringComparison.OrdinalIgnoreCase))?.Name ?? "";

        string LogsMachine(CimInstance log) => HardwareNames.OfLog(controllers, log["InstanceID"].ToString())?.Name ?? "";

        AssociationTable Join(
            string association, (string Role, string[] Classes, Func<CimInstance, string> Key) left, (string Role, string[] Classes, Func<CimInstance, string> Key) right)
        {
            return new AssociationTable(schema, association, (left.Role, right.Role), Pairs);

            async IAsyncEnumerable<(EndpointReference, EndpointReference)> Pairs(CimNeed need, [EnumeratorCancellation] CancellationToken cancellationToken)
            {
                var lefts = new List<(string Key, EndpointReference Reference)>();
                await foreach (var instance in Of(left.Classes, cancellationToken).ConfigureAwait(false))
                {
                    lefts.Add((left.Key(instance), To(instance)));
                }

                var byKey = lefts.ToLookup(l => l.Key, l => l.Reference, StringComparer.OrdinalIgnoreCase);
                await foreach (var instance in Of(right.Classes, cancellationToken).ConfigureAwait(false))
                {
                    foreach (var reference in byKey[right.Key(instance)])
                    {
                        yield return (reference, To(instance));
                    }
                }
            }
        }

        async IAsyncEnumerable<CimInstance> Of(string[] classes, [EnumeratorCancellation] CancellationToken cancellationToken)
        {
            foreach (var provider in providers.Where(p => classes.Contains(p.Class.Name)))
            {
                await foreach (var instance in provider.EnumerateAsync(CimReference.KeysOf(provider.Class), cancellationToken).ConfigureAwait(false))
                {
                    yield return instance;
                }
            }
        }

        EndpointReference To(CimInstance instance) => new()
        {
            ResourceUri = $"{ResourceUris.Wmi}/{schema.Namespace}/{instance.Class.Name}",
            Selectors = SelectorSet.From(instance.Class.Keys.Select(k => new Selector(k.Name, instance[k.Name].ToString()))),
        };
    }

    private static Func<CimInstance, string> Named(string property) => instance => instance[property].ToString();
}
