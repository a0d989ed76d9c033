namespace Farwire.Peers.Tests.Administration;

/// <summary>Who may do what, shown and set by <c>winrm configsddl</c>, and felt by curl.</summary>
public sealed class ConfigSddlTests
{
    private const string Cim = Soap.Microsoft + "/wmi/root/cimv2/Win32_OperatingSystem";

    [Fact]
    [Trait("Feature", "CLI-15")]
    public async Task Configsddl_shows_and_sets_the_default_and_single_resources_and_both_count_at_once()
    {
        await using var service = await AdministeredService.StartAsync();
        var bob = new Curl(await service.ListenAsync(), $"bob:{AdministeredService.Password}");
        const string everybodyReads = "O:NSG:BAD:P(A;;GA;;;BA)(A;;GR;;;AU)";

        // The root: shown, set, refused.
        Assert.Contains("(A;;GX;;;RM)", await service.AskAsync("configsddl", "default"), StringComparison.Ordinal);
        Assert.Equal("O:NSG:BAD:P(A;;GA;;;BA)\n", await service.AskAsync("configSDDL", "default", "O:NSG:BAD:P(A;;GA;;;BA)"));
        Assert.Contains("RootSDDL = O:NSG:BAD:P(A;;GA;;;BA)\n", await service.AskAsync("get", "winrm/config/service"), StringComparison.Ordinal);
        Assert.Equal(1, (await service.WinRmAsync("configsddl", "default", "nonsense")).ExitCode);

        // The line of the portal as it stands there shows the rule that decides about that namespace.
        var families = await service.AskAsync("configSDDL", "http://schemas.microsoft.com/wbem/wsman/1/wmi/", "WmiNamespace");
        Assert.Equal("O:NSG:BAD:P(A;;GA;;;BA)(A;;GA;;;RM)S:P(AU;FA;GA;;;WD)(AU;SA;GXGW;;;WD)\n", families);

        // Set for one namespace, it counts there alone, with the next request.
        Assert.Equal("5", (await bob.SendAsync(Soap.Get(Cim))).Code);
        Assert.Equal(everybodyReads + "\n", await service.AskAsync("configsddl", "http://schemas.microsoft.com/wbem/wsman/1/wmi/", "root/cimv2", everybodyReads));
        Assert.Equal(200, (await bob.SendAsync(Soap.Get(Cim))).Status);
        Assert.Equal(everybodyReads + "\n", await service.AskAsync("configsddl", "wmicimv2"));
        Assert.Equal(families, await service.AskAsync("configsddl", "wmi/root/other"));
        Assert.Contains("0x80338056", (await service.WinRmAsync("configsddl", "wmicimv2", "D:(A;;GA")).Errors, StringComparison.Ordinal);
        Assert.Contains("URI = http://schemas.microsoft.com/wbem/wsman/1/wmi/root/cimv2\n    Sddl = " + everybodyReads, await service.AskAsync("e", "winrm/config/security"), StringComparison.Ordinal);

        // It outlives a restart, and can be taken back.
        await service.RestartAsync();
        Assert.Equal(200, (await bob.SendAsync(Soap.Get(Cim))).Status);
        await service.AskAsync("delete", "winrm/config/security?URI=http://schemas.microsoft.com/wbem/wsman/1/wmi/root/cimv2");
        Assert.Equal("5", (await bob.SendAsync(Soap.Get(Cim))).Code);
    }
}
