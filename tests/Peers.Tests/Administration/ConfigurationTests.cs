namespace Farwire.Peers.Tests.Administration;

/// <summary>The configuration of the built service: changed by wire and by files, with winrm, curl and pywinrm.</summary>
public sealed class ConfigurationTests
{
    private const string Config = Soap.Microsoft + "/config";

    [Fact]
    [Trait("Feature", "CFG-03")]
    [Trait("Feature", "CFG-04")]
    public async Task A_changed_setting_is_shown_whole_outlives_a_restart_and_keeps_to_its_range()
    {
        await using var service = await AdministeredService.StartAsync();

        var printed = await service.AskAsync("set", "winrm/config", "@{MaxEnvelopeSizekb=\"32\"}");
        Assert.StartsWith("Config\n    MaxEnvelopeSizekb = 32\n", printed, StringComparison.Ordinal);
        Assert.Contains("    Winrs\n        AllowRemoteShellAccess = true\n", printed, StringComparison.Ordinal);

        Assert.Contains("0x80338056", (await service.WinRmAsync("set", "winrm/config", "@{MaxEnvelopeSizekb=\"31\"}")).Errors, StringComparison.Ordinal);
        Assert.Contains("0x803381AE", (await service.WinRmAsync("set", "winrm/config", "@{MaxProviderRequests=\"7\"}")).Errors, StringComparison.Ordinal);
        Assert.Contains("0x80338056", (await service.WinRmAsync("set", "winrm/config/client", "@{URLPrefix=\"/wsman\"}")).Errors, StringComparison.Ordinal);

        await service.RestartAsync();
        Assert.StartsWith("Config\n    MaxEnvelopeSizekb = 32\n", await service.AskAsync("get", "winrm/config"), StringComparison.Ordinal);
    }

    [Fact]
    [Trait("Feature", "CFG-02")]
    public async Task Curl_reads_each_part_in_its_own_namespace()
    {
        await using var service = await AdministeredService.StartAsync();

        foreach (var path in (string[])["/client", "/client/auth", "/client/defaultports", "/service", "/service/auth", "/service/defaultports", "/winrs"])
        {
            Assert.Contains($"xmlns:cfg=\"{Config}{path}\"", await service.CurlAsync(Soap.Get(Config + path)), StringComparison.Ordinal);
        }
    }

    [Fact]
    [Trait("Feature", "CFG-01")]
    [Trait("Feature", "SVC-04")]
    public async Task Pywinrm_reads_the_envelope_size_as_pypsrp_does()
    {
        await using var service = await AdministeredService.StartAsync();
        var address = await service.ListenAsync();
        var probe = await Commands.RunAsync("/usr/bin/python3", ["-c", "import winrm"]);
        Assert.SkipUnless(probe.ExitCode == 0, "python3-winrm is not installed");

        var outcome = await Commands.RunAsync("/usr/bin/python3", ["-W", "ignore", "-c", """
            import sys, xmltodict
            import xml.etree.ElementTree as ET
            from winrm.protocol import Protocol
            protocol = Protocol(endpoint=sys.argv[1], transport="basic", username="ann", password=sys.argv[2])
            header = protocol._get_soap_header(action="http://schemas.xmlsoap.org/ws/2004/09/transfer/Get", resource_uri="http://schemas.microsoft.com/wbem/wsman/1/config", message_id="9a7b6c5d-0000-0000-0000-000000000001")
            answer = ET.fromstring(protocol.send_message(xmltodict.unparse({"env:Envelope": {**header, "env:Body": {}}})))
            print(answer.find(".//{http://schemas.microsoft.com/wbem/wsman/1/config}MaxEnvelopeSizekb").text)
            """, address, AdministeredService.Password]);

        Assert.True(outcome.Output == "500\n", outcome.Errors + outcome.Output);
    }

    [Fact]
    [Trait("Feature", "AUT-19")]
    public async Task Who_is_no_administrator_reads_no_configuration_neither_here_nor_from_afar()
    {
        await using var service = await AdministeredService.StartAsync();
        var address = await service.ListenAsync();
        Commands.Need("/usr/bin/setpriv");

        var here = await service.CurlAsync(Soap.Get(Config), "/usr/bin/setpriv", "--reuid=65534", "--regid=65534", "--clear-groups");
        var afar = await new Curl(address, $"bob:{AdministeredService.Password}").SendAsync(Soap.Get(Config));
        var administrator = await new Curl(address, $"ann:{AdministeredService.Password}").SendAsync(Soap.Get(Config));

        Assert.Contains("Code=\"5\"", here, StringComparison.Ordinal);
        Assert.Equal("5", afar.Code);
        Assert.Equal(200, administrator.Status);
    }

    [Fact]
    [Trait("Feature", "CFG-14")]
    public async Task The_policy_wins_says_so_and_cannot_be_overruled()
    {
        await using var service = await AdministeredService.StartAsync(
            ("farwired.yaml", "Service: { Auth: { Basic: true } }\n"), ("policy.yaml", "Service:\n  Auth:\n    Basic: false\n"));

        Assert.Contains("    Basic = false [Source=\"GPO\"]\n", await service.AskAsync("get", "winrm/config/service/auth"), StringComparison.Ordinal);
        Assert.Contains("0x8033808A", (await service.WinRmAsync("set", "winrm/config/service/auth", "@{Basic=\"true\"}")).Errors, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_changed_file_counts_at_once_and_a_broken_one_changes_nothing()
    {
        await using var service = await AdministeredService.StartAsync();
        service.Write("farwired.yaml", "Winrs:\n  MaxShellsPerUser: 3\n");
        await AdministeredService.UntilAsync(async () => (await service.AskAsync("get", "winrm/config/winrs")).Contains("MaxShellsPerUser = 3\n", StringComparison.Ordinal));

        service.Write("farwired.d/10-broken.yaml", "Winrs:\n  MaxShellsPerUser: many\n");
        await AdministeredService.UntilAsync(() => Task.FromResult(service.Log.Contains("10-broken.yaml:2: MaxShellsPerUser is a whole number", StringComparison.Ordinal)));

        Assert.Contains("MaxShellsPerUser = 3\n", await service.AskAsync("get", "winrm/config/winrs"), StringComparison.Ordinal);
        var check = await Commands.RunAsync(RunningService.Program("farwired"), ["config", "check", "--config-dir", service.Config, "--state-dir", service.State]);
        Assert.Equal(78, check.ExitCode);
        Assert.Contains("10-broken.yaml:2:", check.Errors, StringComparison.Ordinal);
    }

    [Fact]
    [Trait("Feature", "CFG-06")]
    public async Task The_profile_of_older_hosts_has_their_defaults()
    {
        await using var service = await AdministeredService.StartAsync(("farwired.yaml", "Compat: \"2.0\"\n"));

        var winrs = await service.AskAsync("get", "winrm/config/winrs");

        Assert.Contains("    IdleTimeout = 180000\n    MaxConcurrentUsers = 10\n", winrs, StringComparison.Ordinal);
        Assert.Contains("    MaxProcessesPerShell = 25\n    MaxMemoryPerShellMB = 1024\n    MaxShellsPerUser = 30\n", winrs, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_password_of_a_mapping_stands_sealed_in_the_file_and_in_no_answer()
    {
        await using var service = await AdministeredService.StartAsync();
        var mapping = $"winrm/config/service/certmapping?URI=*+Subject=alice@example.com+Issuer={new string('A', 40)}";

        await service.AskAsync("create", mapping.Replace("certmapping", "CertMapping", StringComparison.Ordinal), "@{UserName=\"alice\";Password=\"s3cret-of-alice\"}");
        var shown = await service.AskAsync("e", "winrm/config/service/certmapping") + await service.AskAsync("get", mapping, "-format:xml");
        var kept = File.ReadAllText(Path.Combine(service.State, "config.yaml"));
        await service.AskAsync("set", mapping, "@{Enabled=\"false\"}");
        await service.AskAsync("delete", mapping);

        Assert.Contains("UserName = alice", shown, StringComparison.Ordinal);
        Assert.DoesNotContain("Password", shown, StringComparison.Ordinal);
        Assert.Contains("sealed:", kept, StringComparison.Ordinal);
        Assert.DoesNotContain("s3cret-of-alice", kept, StringComparison.Ordinal);
        Assert.Equal("", await service.AskAsync("e", "winrm/config/service/certmapping"));
    }

    [Fact]
    public async Task Every_resource_is_listed()
    {
        await using var service = await AdministeredService.StartAsync();

        var listed = await service.AskAsync("e", "winrm/config/resource");

        Assert.Contains($"ResourceUri = {Config}/listener\n", listed, StringComparison.Ordinal);
        Assert.Contains($"ResourceUri = {Soap.Microsoft}/wmi\n", listed, StringComparison.Ordinal);
        Assert.Contains($"ResourceUri = {Soap.Microsoft}/windows/shell/cmd\n", listed, StringComparison.Ordinal);
    }

    [Fact]
    [Trait("Feature", "CFG-15")]
    public async Task Another_RootSDDL_holds_for_the_next_request_and_a_wrong_one_never()
    {
        await using var service = await AdministeredService.StartAsync();
        var bob = new Curl(await service.ListenAsync(), $"bob:{AdministeredService.Password}");
        var shells = Soap.Enumerate(Soap.Microsoft + "/windows/shell", "");
        Assert.Equal("5", (await bob.SendAsync(shells)).Code);

        Assert.Contains("0x80338056", (await service.WinRmAsync("set", "winrm/config/service", "@{RootSDDL=\"O:NSG:BA\"}")).Errors, StringComparison.Ordinal);
        await service.AskAsync("set", "winrm/config/service", "@{RootSDDL=\"O:NSG:BAD:P(A;;GA;;;BA)(A;;GXGR;;;AU)\"}");

        Assert.Equal(200, (await bob.SendAsync(shells)).Status);
    }

    [Fact]
    public async Task Restore_brings_the_defaults_back_and_keeps_the_listeners()
    {
        await using var service = await AdministeredService.StartAsync();
        await service.ListenAsync();

        await service.AskAsync("invoke", "restore", "winrm/config", "@{}");

        Assert.Contains("AllowUnencrypted = false\n", await service.AskAsync("get", "winrm/config/service"), StringComparison.Ordinal);
        Assert.Contains("Address = IP:127.0.0.1", await service.AskAsync("e", "winrm/config/listener"), StringComparison.Ordinal);
    }
}
