using Farwire.Cim.Classes;
using Farwire.Providers.Contract;

namespace Farwire.Providers.Hardware.Bmc;

/// <summary>The classes of management controllers.</summary>
public static class HardwareProviders
{
    /// <summary>Adds <c>root/hardware</c> and <c>root/wmi</c> where there is a controller; without one the namespaces are not there.</summary>
    public static CimCatalog AddHardware(this CimCatalog catalog, Controllers controllers) => controllers.All.Count == 0
        ? catalog
        : catalog.Add(CimSchema.Hardware, Hardware(CimSchema.Hardware, controllers)).Add(CimSchema.Wmi, MicrosoftIpmiClass.Over(CimSchema.Wmi, controllers));

    private static IEnumerable<ICimProvider> Hardware(CimSchema schema, Controllers controllers)
    {
        var things = Things(schema, controllers).ToList();
        return [.. things, .. HardwareAssociations.Over(schema, controllers, things)];
    }

    private static IEnumerable<ICimProvider> Things(CimSchema schema, Controllers controllers) =>
    [
        ComputerSystemClass.Over(schema, controllers),
        AdminDomainClass.Over(schema, controllers),
        NumericSensorClass.Over(schema, controllers),
        SensorClass.Over(schema, controllers),
        RecordLogClass.Over(schema, controllers),
        LogRecordClass.Over(schema, controllers),
        .. CollectionClasses.Over(schema, controllers),
        AccountClass.Over(schema, controllers),
        AuthorizedPrivilegeClass.Over(schema, controllers),
        PrivilegeGroupClass.Over(schema, controllers),
        RegisteredProfileClass.Over(schema, controllers),
    ];
}
