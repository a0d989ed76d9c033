using Farwire.Cim.Classes;
using Farwire.Linux.Files;
using Farwire.Providers.Contract;
using Farwire.Providers.Host;

namespace Farwire.Providers;

/// <summary>The CIM classes that Farwire serves on Linux.</summary>
public static class CimProviders
{
    /// <summary>The classes of <c>root/cimv2</c>, live from the system at <paramref name="paths"/>.</summary>
    public static CimCatalog Linux(LinuxPaths? paths = null, TimeProvider? time = null)
    {
        paths ??= new LinuxPaths();
        time ??= TimeProvider.System;
        var schema = CimSchema.CimV2;
        return new CimCatalog().Add(
            schema,
            new OperatingSystemProvider(schema, paths, time),
            new ComputerSystemProvider(schema, paths, time),
            new ProcessProvider(schema, paths),
            new LogicalDiskProvider(schema, paths));
    }
}
