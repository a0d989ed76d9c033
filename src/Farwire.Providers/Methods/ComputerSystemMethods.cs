using Farwire.Cim.Classes;
using Farwire.Linux.DBus;
using Farwire.Linux.Systemd;
using Farwire.Providers.Contract;

namespace Farwire.Providers.Methods;

/// <summary>Win32_ComputerSystem.Rename: systemd-hostnamed renames the machine, at once and for good.</summary>
internal static class ComputerSystemMethods
{
    private const int MaxName = 64; // HOST_NAME_MAX

    public static ICimMethods Over(CimSchema schema, SystemBus bus)
    {
        var settings = new MachineSettings(bus);
        return new CimMethods(schema, "Win32_ComputerSystem")
        {
            // Name and password of a domain's administrator are for machines in one, whose name the domain keeps.
            ["Rename"] = (call, token) => call.Text("Name") is { Length: > 0 and <= MaxName } name && name.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '.') && char.IsAsciiLetterOrDigit(name[0])
                ? SystemCall.RunAsync(call, () => settings.RenameAsync(name, token))
                : ValueTask.FromResult(CimOutcome.Of(SystemCall.InvalidParameter)),
        };
    }
}
