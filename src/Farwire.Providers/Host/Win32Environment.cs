using Farwire.Cim.Classes;
using Farwire.Linux.Files;
using Farwire.Providers.Contract;

namespace Farwire.Providers.Host;

/// <summary>Win32_Environment: the variables that every session finds, from <c>/etc/environment</c>.</summary>
internal static class Win32Environment
{
    public static ICimProvider Over(CimSchema schema, LinuxSources linux) =>
        new CimTable<Variable>(schema, "Win32_Environment", _ => (KeyValueFile.Read(linux.Paths.Etc + "/environment") ?? []).Select(v => new Variable(v.Key, v.Value)))
        {
            ["Caption"] = v => $"<SYSTEM>\\{v.Name}",
            ["Description"] = v => $"<SYSTEM>\\{v.Name}",
            ["Name"] = v => v.Name,
            ["Status"] = _ => "OK",
            ["SystemVariable"] = _ => true,
            ["UserName"] = _ => "<SYSTEM>",
            ["VariableValue"] = v => v.Value,
        };

    private sealed record Variable(string Name, string Value);
}
