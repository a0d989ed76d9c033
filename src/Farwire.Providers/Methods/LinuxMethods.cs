using Farwire.Cim.Classes;
using Farwire.Linux.DBus;
using Farwire.Processes;
using Farwire.Providers.Contract;

namespace Farwire.Providers.Methods;

/// <summary>The methods that have something behind them on Linux.</summary>
internal static class LinuxMethods
{
    public static CimCatalog AddTo(CimCatalog catalog, LinuxSources linux, SystemBus bus, IProgramStarter starter, Func<bool> allowsCommands)
    {
        var place = catalog.Namespace(CimSchema.CimV2.Namespace);
        var hive = new VirtualHive(Provider("Win32_OperatingSystem"), Provider("Win32_Product"), Provider("Win32_Service"));
        return catalog
            .AddMethods(
                CimSchema.CimV2,
                ProcessMethods.Over(CimSchema.CimV2, linux.Processes, starter),
                ServiceMethods.Over(CimSchema.CimV2, bus, starter),
                OperatingSystemMethods.Over(CimSchema.CimV2, bus, linux.Time),
                ComputerSystemMethods.Over(CimSchema.CimV2, bus),
                AdapterMethods.Over(CimSchema.CimV2, starter),
                RegistryMethods.Over(CimSchema.CimV2, hive))
            .AddMethods(CimSchema.CimV2, [.. FileMethods.Over(CimSchema.CimV2, starter)])
            .AddMethods(
                CimSchema.Linux,
                ServiceMethods.OverUnits(CimSchema.Linux, bus),
                LogFileMethods.Over(CimSchema.Linux, starter, linux.Time),
                CommandMethods.Over(CimSchema.Linux, starter, allowsCommands, linux.Time))
            .Add(CimSchema.Default)
            .AddMethods(CimSchema.Default, RegistryMethods.Over(CimSchema.Default, hive));

        ICimProvider Provider(string className) => place.ProviderOf(place.Class(className))!;
    }
}
