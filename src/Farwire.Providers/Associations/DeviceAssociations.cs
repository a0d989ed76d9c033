using System.Globalization;
using System.Runtime.CompilerServices;
using Farwire.Cim.Classes;
using Farwire.Protocol.Addressing;
using Farwire.Providers.Contract;
using Farwire.Providers.Hardware;

namespace Farwire.Providers.Associations;

/// <summary>How devices and memory belong together: by their places on buses, and by what the firmware and the kernel say.</summary>
internal static class DeviceAssociations
{
    public static IEnumerable<ICimProvider> Over(CimSchema schema, LinuxSources linux, IReadOnlyList<ICimProvider> devices) =>
    [
        new AssociationTable(schema, "Win32_PnPDevice", ("SameElement", "SystemElement"), (_, token) => Functions(linux, devices, token)),
        Pairs(schema, "Win32_AssociatedProcessorMemory", ("Antecedent", "Dependent"), () => Win32CacheMemory.Users(linux).Select(pair => (
            CimReference.To("Win32_CacheMemory", ("DeviceID", pair.Cache)),
            CimReference.To("Win32_Processor", ("DeviceID", string.Create(CultureInfo.InvariantCulture, $"CPU{pair.Socket}")))))),
        Pairs(schema, "Win32_PhysicalMemoryLocation", ("GroupComponent", "PartComponent"), () => Win32PhysicalMemoryArray.Handles(linux)
            .Join(Win32PhysicalMemory.Places(linux), array => array.Handle, module => module.Array, (array, module) => (
                CimReference.To("Win32_PhysicalMemoryArray", ("Tag", array.Tag)), CimReference.To("Win32_PhysicalMemory", ("Tag", module.Tag))))),
    ];

    // A device's PNPDeviceID is that of the bus, or its path below /sys, in which the device of the bus is the last that is known.
    private static async IAsyncEnumerable<(EndpointReference, EndpointReference)> Functions(
        LinuxSources linux, IReadOnlyList<ICimProvider> devices, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var entities = linux.Devices.Read();
        var ids = entities.Select(e => e.Id).ToHashSet(StringComparer.Ordinal);
        var byAddress = entities.GroupBy(e => e.Address, StringComparer.Ordinal).ToDictionary(g => g.Key, g => g.First().Id, StringComparer.Ordinal);
        foreach (var provider in devices.Where(d => d.Class.Name != "Win32_PnPEntity"))
        {
            await foreach (var device in provider.EnumerateAsync(CimReference.KeysOf(provider.Class, "PNPDeviceID"), cancellationToken).ConfigureAwait(false))
            {
                if (device["PNPDeviceID"] is { IsNull: false } value && EntityOf(value.ToString()) is { } id)
                {
                    yield return (CimReference.To(device), CimReference.To("Win32_PnPEntity", ("DeviceID", id)));
                }
            }
        }

        string? EntityOf(string text) => ids.Contains(text) ? text : text.Split('/').LastOrDefault(byAddress.ContainsKey) is { } address ? byAddress[address] : null;
    }

    private static AssociationTable Pairs(
        CimSchema schema, string associationClass, (string, string) roles, Func<IEnumerable<(EndpointReference, EndpointReference)>> pairs) =>
        new(schema, associationClass, roles, (_, _) => pairs().ToAsyncEnumerable());
}
