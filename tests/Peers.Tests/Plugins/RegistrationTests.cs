using System.Text.RegularExpressions;
using Farwire.Peers.Tests.Administration;

namespace Farwire.Peers.Tests.Plugins;

/// <summary>Plug-ins registered with winrm, and with messages of curl.</summary>
public sealed class RegistrationTests
{
    private const string Plugin = Soap.Microsoft + "/config/plugin";

    [Fact]
    [Trait("Feature", "CFG-12")]
    [Trait("Feature", "PLG-01")]
    public async Task A_plug_in_is_registered_with_its_XML_serves_after_a_restart_and_is_removed()
    {
        await using var service = await AdministeredService.StartAsync();
        var file = Written(service, Registration.Notebook());

        var created = await service.AskAsync("create", "winrm/config/plugin?Name=Notebook", "-file:" + file);
        Assert.Contains("Name = Notebook", created, StringComparison.Ordinal);
        Assert.Contains("2150858752", (await service.CurlAsync(Describe)), StringComparison.Ordinal); // from the next start

        await service.RestartAsync();
        Assert.Contains("Describe_OUTPUT", await service.CurlAsync(Describe), StringComparison.Ordinal);
        Assert.Contains(Registration.Notes, await service.AskAsync("enumerate", "winrm/config/resource"), StringComparison.Ordinal);
        Assert.Contains("PlugInConfiguration", await service.AskAsync("enumerate", "winrm/config/plugin", "-format:xml"), StringComparison.Ordinal);
        Assert.Contains("Type=\"Enumerate\"", await service.AskAsync("get", "winrm/config/plugin?Name=Notebook", "-format:xml"), StringComparison.Ordinal);

        await service.AskAsync("set", "winrm/config/plugin?Name=Notebook", "-file:" + Written(service, Registration.Notebook(attributes: "Enabled=\"false\"")));
        await service.RestartAsync();
        Assert.Contains("2150858752", await service.CurlAsync(Describe), StringComparison.Ordinal);

        await service.AskAsync("delete", "winrm/config/plugin?Name=Notebook");
        Assert.Equal(1, (await service.WinRmAsync("get", "winrm/config/plugin?Name=Notebook")).ExitCode);
        await service.RestartAsync();
        Assert.DoesNotContain("Notebook", await service.AskAsync("enumerate", "winrm/config/plugin", "-format:xml"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_the_service_brings_itself_is_listed_and_cannot_be_changed_taken_away_or_taken_over()
    {
        await using var service = await AdministeredService.StartAsync();
        var listed = await service.AskAsync("enumerate", "winrm/config/plugin", "-format:xml");
        var there = await service.AskAsync("enumerate", "winrm/config/resource");
        var resources = Regex.Matches(listed, "ResourceUri=\"([^\"]+)\"").Select(match => match.Groups[1].Value).ToList();

        Assert.Contains("Name=\"WMI Provider\"", listed, StringComparison.Ordinal);
        Assert.Contains(Soap.Microsoft + "/wmi", resources);
        Assert.All(resources, uri => Assert.Contains($"ResourceUri = {uri}\n", there, StringComparison.Ordinal));
        Assert.Contains("Resource", await service.AskAsync("get", "winrm/config/plugin?Name=WMI Provider"), StringComparison.Ordinal);

        // Who may use it is what holds now.
        await service.AskAsync("configsddl", "wmi", "O:NSG:BAD:P(A;;GA;;;BA)(A;;GR;;;WD)");
        Assert.Contains("Sddl=\"O:NSG:BAD:P(A;;GA;;;BA)(A;;GR;;;WD)\"", await service.AskAsync("get", "winrm/config/plugin?Name=WMI Provider", "-format:xml"), StringComparison.Ordinal);

        var own = Registration.Notebook("WMI Provider");
        foreach (var refused in (Outcome[])
            [
                await service.WinRmAsync("set", "winrm/config/plugin?Name=WMI Provider", "-file:" + Written(service, own)),
                await service.WinRmAsync("delete", "winrm/config/plugin?Name=WMI Provider"),
                await service.WinRmAsync("create", "winrm/config/plugin?Name=WMI Provider", "-file:" + Written(service, own)),
                await service.WinRmAsync("create", "winrm/config/plugin?Name=Notebook", "-file:" + Written(service, Registration.Notebook(resource: $"<Resource ResourceUri=\"{Soap.Microsoft}/wmi\">{Registration.All}</Resource>"))),
            ])
        {
            Assert.Equal(1, refused.ExitCode);
            Assert.Contains("WMI Provider", refused.Output + refused.Errors, StringComparison.Ordinal);
        }
    }

    [Fact]
    [Trait("Feature", "PLG-01")]
    [Trait("Feature", "PLG-15")]
    public async Task A_registration_that_breaks_schema_or_rules_is_refused()
    {
        await using var service = await AdministeredService.StartAsync();

        await RefusedAsync(Registration.Notebook(resource: ""), "2150858839");
        await RefusedAsync(Registration.Notebook(attributes: "OutputBufferingMode=\"Sometimes\""), "2150858838");
        await RefusedAsync(Registration.Notebook(attributes: "Enabled=\"perhaps\""), "2150858838");
        await RefusedAsync(Registration.Notebook(resource: $"<Resource ResourceUri=\"{Registration.Notes}\"><Capability Type=\"Paint\"/></Resource>"), "2150858838");
        await RefusedAsync(Registration.Notebook(resource: $"<Resource ResourceUri=\"{Registration.Notes}\"><Capability Type=\"Shell\"/><Capability Type=\"Get\"/></Resource>"), "2150858838");
        foreach (var type in new[] { "Delete", "Invoke", "Enumerate", "Subscribe", "Shell" })
        {
            await RefusedAsync(Registration.Notebook(resource: $"<Resource ResourceUri=\"{Registration.Notes}\"><Capability Type=\"{type}\" SupportsFragment=\"true\"/></Resource>"), "2150858838");
        }

        foreach (var type in new[] { "Get", "Put", "Create", "Delete", "Invoke", "Shell" })
        {
            await RefusedAsync(Registration.Notebook(resource: $"<Resource ResourceUri=\"{Registration.Notes}\"><Capability Type=\"{type}\" SupportsFiltering=\"true\"/></Resource>"), "2150858838");
        }

        await RefusedAsync(Registration.Notebook(file: ""), "2150858839");
        await RefusedAsync(Registration.Notebook(resource: $"<Resource ResourceUri=\"not a uri\">{Registration.All}</Resource>"), "2150858838");
        await RefusedAsync(Registration.Notebook(resource: $"<Resource ResourceUri=\"{Registration.Notes}\"/>"), "2150858839");

        foreach (var name in new[] { "SupportsOptions", "SupportOptions" })
        {
            await service.CurlAsync(Create(Registration.Notebook(resource: $"<Resource ResourceUri=\"{Registration.Notes}\" {name}=\"true\">{Registration.All}</Resource>")));
            Assert.Contains("SupportsOptions=\"true\"", await service.CurlAsync(Soap.Get(Plugin, Soap.Selectors(("Name", "Notebook")))), StringComparison.Ordinal);
            await service.AskAsync("delete", "winrm/config/plugin?Name=Notebook");
        }

        async Task RefusedAsync(string xml, string code) => Assert.Contains($"Code=\"{code}\"", await service.CurlAsync(Create(xml)), StringComparison.Ordinal);
    }

    [Fact]
    [Trait("Feature", "CFG-07")]
    public async Task Restoring_the_settings_keeps_plug_ins_and_restoring_plug_ins_removes_those_from_outside()
    {
        await using var service = await AdministeredService.StartAsync(("farwired.yaml", Registration.Yaml(Registration.EchoShell())));
        await service.AskAsync("create", "winrm/config/plugin?Name=Notebook", "-file:" + Written(service, Registration.Notebook()));
        await service.AskAsync("set", "winrm/config", "@{MaxEnvelopeSizekb=\"777\"}");

        await service.AskAsync("invoke", "restore", "winrm/config", "@{}");
        Assert.Contains("MaxEnvelopeSizekb = 500", await service.AskAsync("get", "winrm/config"), StringComparison.Ordinal);
        Assert.Contains("Notebook", await service.AskAsync("get", "winrm/config/plugin?Name=Notebook", "-format:xml"), StringComparison.Ordinal);

        await service.AskAsync("set", "winrm/config", "@{MaxEnvelopeSizekb=\"888\"}");
        await service.AskAsync("invoke", "restore", "winrm/config/plugin", "@{}");
        Assert.DoesNotMatch("Notebook|Echo", await service.AskAsync("enumerate", "winrm/config/plugin"));
        Assert.Contains("MaxEnvelopeSizekb = 888", await service.AskAsync("get", "winrm/config"), StringComparison.Ordinal);

        await service.RestartAsync();
        Assert.Contains("2150858752", await service.CurlAsync(Describe), StringComparison.Ordinal);
        Assert.Contains("Win32_OperatingSystem", await service.AskAsync("enumerate", "wmicimv2/Win32_OperatingSystem"), StringComparison.Ordinal); // what the service brings itself stays
    }

    [Fact]
    [Trait("Feature", "CFG-17")]
    public async Task The_passwords_of_RunAsUser_and_of_mappings_are_sealed_and_never_shown()
    {
        await using var service = await AdministeredService.StartAsync();
        await service.CurlAsync(Create(Registration.Notebook(attributes: "RunAsUser=\"nobody\" RunAsPassword=\"open sesame\"")));

        Assert.DoesNotContain("Password", await service.AskAsync("get", "winrm/config/plugin?Name=Notebook", "-format:xml"), StringComparison.Ordinal);
        var mapping = $"winrm/config/service/certmapping?Issuer={new string('A', 40)}+Subject=*+URI=*";
        Assert.DoesNotContain("swordfish", await service.AskAsync("create", mapping, "@{UserName=\"ann\";Password=\"swordfish\"}"), StringComparison.Ordinal);
        Assert.DoesNotContain("Password", await service.AskAsync("get", mapping, "-format:xml"), StringComparison.Ordinal);
        var kept = await File.ReadAllTextAsync(Path.Combine(service.State, "config.yaml"));
        Assert.Contains("RunAsPassword=\"sealed:", kept, StringComparison.Ordinal);
        Assert.Contains("Password: \"sealed:", kept, StringComparison.Ordinal);
        Assert.All(["open sesame", "swordfish"], secret => Assert.DoesNotContain(secret, kept + service.Log, StringComparison.Ordinal));
    }

    [Fact]
    [Trait("Feature", "CFG-11")]
    public async Task A_custom_shell_is_made_and_runs_with_its_variables_expanded_and_is_removed()
    {
        await using var service = await AdministeredService.StartAsync();
        const string uri = "http://schemas.example.com/shells/env";
        await service.AskAsync("create", $"winrm/config/winrs/customremoteshell?URI={uri}", "@{Shell=\"${HOME}/../usr/bin/printf\";Arguments=\"<%s>\"}");
        Assert.Contains(uri, await service.AskAsync("enumerate", "winrm/config/winrs/customremoteshell"), StringComparison.Ordinal);
        Assert.Contains("Shell = ", await service.AskAsync("get", $"winrm/config/winrs/customremoteshell?URI={uri}"), StringComparison.Ordinal);

        var shell = new LocalShell(service, uri);
        await shell.OpenAsync();
        Assert.Equal("<seen>", (await shell.RunAsync("seen", [])).Output);
        await shell.CloseAsync();

        await service.AskAsync("set", $"winrm/config/winrs/customremoteshell?URI={uri}", "@{Arguments=\"[%s]\"}");
        Assert.Contains("Arguments = [%s]", await service.AskAsync("get", $"winrm/config/winrs/customremoteshell?URI={uri}"), StringComparison.Ordinal);
        await service.AskAsync("delete", $"winrm/config/winrs/customremoteshell?URI={uri}");
        Assert.DoesNotContain(uri, await service.AskAsync("enumerate", "winrm/config/winrs/customremoteshell"), StringComparison.Ordinal);
        Assert.Contains("2150858752", await shell.CreateAsync(), StringComparison.Ordinal);
    }

    private static string Describe => Soap.Message(Registration.Notes + "/Describe", Registration.Notes, "");

    private static string Create(string xml) => Soap.Message(Soap.Transfer + "/Create", Plugin, xml, Soap.Selectors(("Name", "Notebook")));

    private static string Written(AdministeredService service, string xml)
    {
        var file = Path.Combine(service.Config, "registration.xml");
        File.WriteAllText(file, xml);
        return file;
    }
}
