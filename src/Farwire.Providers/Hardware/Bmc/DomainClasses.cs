using Farwire.Cim.Classes;
using Farwire.Providers.Contract;

namespace Farwire.Providers.Hardware.Bmc;

/// <summary>AdminDomain: all that this service manages.</summary>
internal static class AdminDomainClass
{
    public static ICimProvider Over(CimSchema schema, Controllers controllers) => new CimTable<Controllers>(schema, "AdminDomain", _ => controllers.All.Count > 0 ? [controllers] : [])
    {
        Invoke = static (_, _, _) => ValueTask.FromResult(MethodResult.NotSupported),
        ["Name"] = _ => Environment.MachineName,
        ["ElementName"] = _ => Environment.MachineName,
        ["Caption"] = _ => "IPMI domain",
        ["Description"] = c => $"{c.All.Count} managed machines",
        ["NameFormat"] = _ => "Other",
        ["EnabledState"] = _ => 5u, // not applicable
        ["RequestedState"] = _ => 12u,
        ["EnabledDefault"] = _ => 7u,
        ["HealthState"] = _ => 0u,
        ["OperationalStatus"] = _ => (uint[])[0],
    };
}

/// <summary>SystemSpecificCollection and ConcreteCollection: the sensors of one machine.</summary>
internal static class CollectionClasses
{
    public static string IdOf(Controller controller) => $"IPMI:{controller.Name} Sensors";

    public static IEnumerable<ICimProvider> Over(CimSchema schema, Controllers controllers) =>
        ((string[])["SystemSpecificCollection", "ConcreteCollection"]).Select(className => new CimTable<Controller>(schema, className, _ => controllers.All)
        {
            ["InstanceID"] = c => IdOf(c),
            ["Caption"] = _ => "IPMI sensors",
            ["Description"] = c => $"All sensors of {c.Name}",
            ["ElementName"] = c => $"Sensors of {c.Name}",
        });
}

/// <summary>RegisteredProfile: after what the classes are made.</summary>
internal static class RegisteredProfileClass
{
    public static ICimProvider Over(CimSchema schema, Controllers controllers) => new CimTable<Controllers>(schema, "RegisteredProfile", _ => controllers.All.Count > 0 ? [controllers] : [])
    {
        ["InstanceID"] = _ => "IPMI:CIM Mapping 0.60",
        ["RegisteredName"] = _ => "IPMI CIM Mapping",
        ["RegisteredVersion"] = _ => "0.60",
        ["RegisteredOrganization"] = _ => 1u, // other
        ["OtherRegisteredOrganization"] = _ => "IPMI promoters",
        ["AdvertiseTypes"] = _ => (uint[])[2], // not advertised
        ["Caption"] = _ => "IPMI CIM Mapping",
        ["ElementName"] = _ => "IPMI CIM Mapping",
        ["Description"] = _ => "The classes follow the guideline IPMI CIM Mapping",
    };
}
