using System.Text.RegularExpressions;

namespace Farwire.Peers.Tests.Administration;

/// <summary>The configuration of the built service: changed by wire and by files, with winrm, curl and pywinrm.</summary>
public sealed partial class ConfigurationTests
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
    [Trait("Feature", "CFG-13")]
    public async Task Every_resource_is_listed_and_what_is_listed_is_there()
    {
        await using var service = await AdministeredService.StartAsync();
        const string own = "http://schemas.example.com/shell/own";
        await service.AskAsync("create", $"winrm/config/winrs/customremoteshell?URI={own}", "@{Shell=\"/bin/sh\"}");

        var listed = Uris().Matches(await service.AskAsync("e", "winrm/config/resource")).Select(match => match.Groups[1].Value).ToList();

        string[] sections = ["", "/client", "/client/auth", "/client/defaultports", "/service", "/service/auth", "/service/defaultports", "/winrs"];
        string[] tables = ["/listener", "/service/certmapping", "/winrs/customremoteshell", "/security", "/resource"];
        Assert.All(sections.Concat(tables).Select(path => Config + path), uri => Assert.Contains(uri, listed));
        string[] others = [Soap.Microsoft + "/wmi", "http://schemas.dmtf.org/wbem/wscim/1/cim-schema/2", Soap.Microsoft + "/windows/shell", Soap.Microsoft + "/windows/shell/cmd", "http://schemas.microsoft.com/powershell", Soap.Microsoft + "/SubscriptionManager"];
        Assert.All(others, uri => Assert.Contains(listed, one => one.StartsWith(uri, StringComparison.OrdinalIgnoreCase)));
        Assert.Contains(own, listed);
        Assert.Equal(listed.Distinct().Count(), listed.Count);

        // Nothing is listed that nobody answers for. Families, which have a class or channel behind their URI, are asked for one.
        foreach (var uri in listed)
        {
            var answers = new[] { uri, uri + "/root/cimv2/Win32_OperatingSystem", uri + "/Win32_OperatingSystem" }.Select(one => service.CurlAsync(Soap.Get(one)));
            Assert.Contains(await Task.WhenAll(answers), answer => !answer.Contains("Code=\"2150858752\"", StringComparison.Ordinal));
        }

        Assert.Contains("Code=\"2150858752\"", await service.CurlAsync(Soap.Get("http://schemas.example.com/nobody")), StringComparison.Ordinal);
    }

    [Fact]
    [Trait("Feature", "CFG-05")]
    public async Task What_has_no_effect_cannot_be_set_and_what_has_a_form_must_have_it()
    {
        await using var service = await AdministeredService.StartAsync();
        const string listener = "winrm/config/Listener?Address=IP:127.0.0.1+Transport=HTTP";
        await service.AskAsync("create", listener, $"@{{Port=\"{LoopbackPort.Free()}\";Enabled=\"false\"}}");

        await RefusedAsync("0x803381AE", "winrm/config", "@{MaxProviderRequests=\"7\"}");
        await RefusedAsync("0x803381AE", "winrm/config/winrs", "@{MaxShellRunTime=\"7\"}");
        await RefusedAsync("0x803381AE", "winrm/config/service", "@{MaxConcurrentOperations=\"7\"}");
        Assert.Contains("MaxShellRunTime = 2147483647\n", await service.AskAsync("get", "winrm/config/winrs"), StringComparison.Ordinal);

        foreach (var prefix in (string[])["/wsman", "wsman/", "a//b", "a b", "a?b", "\u00e4"])
        {
            await RefusedAsync("0x80338056", "winrm/config/client", $"@{{URLPrefix=\"{prefix}\"}}");
            await RefusedAsync("0x80338056", listener, $"@{{URLPrefix=\"{prefix}\"}}");
        }

        foreach (var name in (string[])["http://box", "box/x", "a..b", "-box.example.com.", "box example", "256.1.1.1:80", "*box", "a.*.b"])
        {
            await RefusedAsync("0x80338056", listener, $"@{{Hostname=\"{name}\"}}");
        }

        foreach (var name in (string[])["box.example.com", "10.0.0.1", "fe80::1", "[2001:db8::1]", "*.example.com"])
        {
            Assert.Contains($"Hostname = {name}\n", await service.AskAsync("set", listener, $"@{{Hostname=\"{name}\"}}"), StringComparison.Ordinal);
        }

        foreach (var thumbprint in (string[])["12", new string('g', 40), new string('a', 39), new string('a', 41)])
        {
            await RefusedAsync("0x80338056", listener, $"@{{CertificateThumbprint=\"{thumbprint}\"}}");
            await RefusedAsync("0x80338056", "winrm/config/service", $"@{{CertificateThumbprint=\"{thumbprint}\"}}");
        }

        await service.AskAsync("set", "winrm/config/service", $"@{{CertificateThumbprint=\"{new string('A', 40)}\"}}");

        async Task RefusedAsync(string code, string resource, string input)
        {
            var outcome = await service.WinRmAsync("set", resource, input);
            Assert.True(outcome.ExitCode == 1 && outcome.Errors.Contains(code, StringComparison.Ordinal), $"{resource} {input}: {outcome.ExitCode} {outcome.Errors}");
        }
    }

    [Fact]
    [Trait("Feature", "CFG-16")]
    public async Task Listeners_and_methods_change_by_wire_and_by_file_while_the_service_and_its_shells_run_on()
    {
        await using var service = await AdministeredService.StartAsync();
        var first = await service.ListenAsync();
        var ann = new Curl(first, $"ann:{AdministeredService.Password}");
        var shell = await ann.SendAsync(Soap.Message(Soap.Transfer + "/Create", Soap.Microsoft + "/windows/shell/cmd", $"<rsp:Shell xmlns:rsp=\"{Soap.Microsoft}/windows/shell\"><rsp:OutputStreams>stdout</rsp:OutputStreams></rsp:Shell>"));
        Assert.Equal(200, shell.Status);
        var process = service.ProcessId;

        // By file: a listener comes, moves, and goes.
        var (one, two) = (LoopbackPort.Free(), LoopbackPort.Free());
        service.Write("farwired.d/10-listener.yaml", $"Listener:\n- {{ Address: 'IP:127.0.0.2', Transport: HTTP, Port: {one} }}\n");
        await AdministeredService.UntilAsync(async () => await OffersAsync($"http://127.0.0.2:{one}/wsman") is not "");
        service.Write("farwired.d/10-listener.yaml", $"Listener:\n- {{ Address: 'IP:127.0.0.2', Transport: HTTP, Port: {two} }}\n");
        await AdministeredService.UntilAsync(async () => await OffersAsync($"http://127.0.0.2:{two}/wsman") is not "" && await OffersAsync($"http://127.0.0.2:{one}/wsman") is "");
        service.Write("farwired.d/10-listener.yaml", "\n");
        await AdministeredService.UntilAsync(async () => await OffersAsync($"http://127.0.0.2:{two}/wsman") is "");

        // By wire: a method comes and goes with the next connection; by file the same.
        Assert.Contains("Basic", await OffersAsync(first), StringComparison.Ordinal);
        await service.AskAsync("set", "winrm/config/service/auth", "@{Basic=\"false\";Negotiate=\"false\"}");
        Assert.DoesNotContain("Basic", await OffersAsync(first), StringComparison.Ordinal);
        Assert.DoesNotContain("Negotiate", await OffersAsync(first), StringComparison.Ordinal);
        service.Write("policy.yaml", "Service:\n  Auth: { Basic: true }\n");
        await AdministeredService.UntilAsync(async () => (await OffersAsync(first)).Contains("Basic", StringComparison.Ordinal));

        // The listener moves by wire; the shell of before is still there.
        var moved = LoopbackPort.Free();
        await service.AskAsync("set", "winrm/config/listener?Address=IP:127.0.0.1+Transport=HTTP", $"@{{Port=\"{moved}\"}}");
        var shells = await new Curl($"http://127.0.0.1:{moved}/wsman", $"ann:{AdministeredService.Password}").SendAsync(Soap.Enumerate(Soap.Microsoft + "/windows/shell", "<w:OptimizeEnumeration/>"));
        Assert.Contains("<rsp:Owner>ann</rsp:Owner>", shells.Body, StringComparison.Ordinal);
        Assert.Equal("", await OffersAsync(first));
        Assert.Equal(process, service.ProcessId);

        static async Task<string> OffersAsync(string address) =>
            (await Commands.RunAsync("/usr/bin/curl", ["-s", "-o", "/dev/null", "-D", "-", "-X", "POST", address])).Output;
    }

    [Fact]
    public async Task What_was_changed_by_wire_can_be_taken_back()
    {
        await using var service = await AdministeredService.StartAsync(("farwired.yaml", "Winrs:\n  MaxShellsPerUser: 3\n"));
        Assert.Contains("MaxShellsPerUser = 9\n", await service.AskAsync("set", "winrm/config/winrs", "@{MaxShellsPerUser=\"9\"}"), StringComparison.Ordinal);

        Assert.Contains("MaxShellsPerUser = 3\n", await service.AskAsync("set", "winrm/config/winrs", "@{MaxShellsPerUser=$null}"), StringComparison.Ordinal);

        Assert.DoesNotContain("MaxShellsPerUser", await File.ReadAllTextAsync(Path.Combine(service.State, "config.yaml")), StringComparison.Ordinal);
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

    [GeneratedRegex("ResourceUri = (.+)\n")]
    private static partial Regex Uris();
}
