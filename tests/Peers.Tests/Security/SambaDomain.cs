using System.Diagnostics;

namespace Farwire.Peers.Tests.Security;

/// <summary>The tests of one domain: to make one takes a while.</summary>
[CollectionDefinition(nameof(SambaDomain))]
public sealed class SambaDomainTests : ICollectionFixture<SambaDomain>;

/// <summary>A domain of Samba's domain controller: its Kerberos on a loopback port, users in groups, and a service with its keytab.</summary>
public sealed class SambaDomain : IAsyncLifetime
{
    public const string Realm = "AD.TEST.LOCAL";
    public const string Group = "sources";

    /// <summary>An account of a computer, a member of the group that all have.</summary>
    public const string Computer = "BOX1$";

    private const string Password = "Passw0rd!";

    private static readonly string[] Programs = ["/usr/sbin/samba", "/usr/bin/samba-tool", "/usr/bin/kinit"];

    private readonly string _folder = Directory.CreateTempSubdirectory("farwire-domain-").FullName;
    private Process? _controller;

    public string Keytab => Path.Combine(_folder, "http.keytab");

    /// <summary>The domain's identifier.</summary>
    public string Sid { get; private set; } = "";

    /// <summary>The identifier of <see cref="Group"/>, which alice is in and mallory is not.</summary>
    public string GroupSid { get; private set; } = "";

    public async ValueTask InitializeAsync()
    {
        if (!Environment.IsPrivilegedProcess || !Programs.All(File.Exists) || !Directory.Exists("/usr/share/samba/setup"))
        {
            return;
        }

        var settings = Path.Combine(_folder, "dc", "etc", "smb.conf");
        await SambaAsync([
            "domain", "provision", "--realm=" + Realm, "--domain=ADTEST", "--server-role=dc", "--dns-backend=NONE", "--adminpass=" + Password, "--targetdir=" + Path.Combine(_folder, "dc"),
            "--host-name=dc1", "--host-ip=127.0.0.1", "--option=bind interfaces only=yes", "--option=interfaces=lo",
        ]);
        var (kerberos, passwords) = (LoopbackPort.Free(), LoopbackPort.Free());
        var lines = (await File.ReadAllLinesAsync(settings)).TakeWhile(line => line.Length == 0 || line[0] != '[' || line == "[global]").Where(line => !line.Contains("server services", StringComparison.Ordinal) && !line.Contains("log file", StringComparison.Ordinal));
        await File.WriteAllLinesAsync(settings, [
            .. lines, "\tserver services = kdc", $"\tkrb5 port = {kerberos}", $"\tkpasswd port = {passwords}", $"\tpid directory = {_folder}", $"\tlog file = {_folder}/log", $"\tncalrpc dir = {_folder}/ncalrpc",
        ]);
        foreach (var user in (string[])["alice", "mallory"])
        {
            await SambaAsync(["user", "create", user, Password, "-s", settings]);
        }

        await SambaAsync(["computer", "create", Computer.TrimEnd('$'), "-s", settings]);
        await SambaAsync(["user", "setpassword", Computer, "--newpassword=" + Password, "-s", settings]);
        await SambaAsync(["group", "add", Group, "-s", settings]);
        await SambaAsync(["group", "addmembers", Group, "alice", "-s", settings]);
        GroupSid = (await SambaAsync(["group", "show", Group, "--attributes=objectSid", "-s", settings])).Split("objectSid: ")[1].Split('\n')[0].Trim();
        Sid = GroupSid[..GroupSid.LastIndexOf('-')];

        // The controller's own account has keys of every kind; those of users are RC4 unless somebody changes it.
        await SambaAsync(["spn", "add", "HTTP/localhost", "DC1$", "-s", settings]);
        await SambaAsync(["domain", "exportkeytab", Keytab, "--principal=HTTP/localhost", "-s", settings]);
        await File.WriteAllTextAsync(Path.Combine(_folder, "krb5.conf"), $$"""
            [libdefaults]
              default_realm = {{Realm}}
              dns_lookup_kdc = false
              dns_canonicalize_hostname = false
              rdns = false
              udp_preference_limit = 1
            [realms]
              {{Realm}} = {
                kdc = 127.0.0.1:{{kerberos}}
              }
            [domain_realm]
              localhost = {{Realm}}

            """);
        _controller = Process.Start(new ProcessStartInfo("/usr/sbin/samba", ["-i", "-M", "single", "-s", settings]) { RedirectStandardOutput = true, RedirectStandardError = true, RedirectStandardInput = true })!;
        _ = _controller.StandardOutput.ReadToEndAsync();
        var errors = _controller.StandardError.ReadToEndAsync();
        while (!await LoopbackPort.IsOpenAsync(kerberos))
        {
            Assert.False(_controller.HasExited, _controller.HasExited ? await errors : "");
            await Task.Delay(20);
        }
    }

    /// <summary>What a service of the domain finds in its environment.</summary>
    public IReadOnlyDictionary<string, string> Service => new Dictionary<string, string> { ["KRB5_CONFIG"] = Path.Combine(_folder, "krb5.conf"), ["KRB5_KTNAME"] = Keytab };

    /// <summary>Skips the test when there is no domain controller on this machine.</summary>
    public void Need() => Assert.SkipUnless(_controller is not null, "samba-ad-dc, samba-ad-provision and krb5-user are not installed, or this is not root");

    /// <summary>The environment of a client with the tickets of <paramref name="user"/>.</summary>
    public async Task<IReadOnlyDictionary<string, string>> ClientAsync(string user)
    {
        var environment = new Dictionary<string, string> { ["KRB5_CONFIG"] = Path.Combine(_folder, "krb5.conf"), ["KRB5CCNAME"] = "FILE:" + Path.Combine(_folder, "tickets-" + user) };
        var outcome = await Commands.RunAsync("/usr/bin/env", [.. environment.Select(v => $"{v.Key}={v.Value}"), "/usr/bin/kinit", user], System.Text.Encoding.UTF8.GetBytes(Password + "\n"));
        Assert.True(outcome.ExitCode == 0, outcome.Errors);
        return environment;
    }

    public async ValueTask DisposeAsync()
    {
        if (_controller is not null)
        {
            _controller.Kill(entireProcessTree: true);
            await _controller.WaitForExitAsync();
            _controller.Dispose();
        }

        Directory.Delete(_folder, recursive: true);
    }

    private static async Task<string> SambaAsync(string[] arguments)
    {
        var outcome = await Commands.RunAsync("/usr/bin/samba-tool", arguments);
        Assert.True(outcome.ExitCode == 0, outcome.Errors);
        return outcome.Output;
    }
}
