using System.Diagnostics;
using System.Globalization;
using System.Runtime.InteropServices;

namespace Farwire.Peers.Tests.Security;

/// <summary>A realm of MIT Kerberos for the tests: its KDC on a loopback port, a user, a service with its keytab, and the user's tickets.</summary>
public sealed partial class KerberosRealm : IAsyncLifetime
{
    public const string Name = "TEST.LOCAL";
    public const string User = "alice";
    public const string Stranger = "mallory";
    public const string Password = "Passw0rd!";

    private static readonly string[] Programs = ["/usr/sbin/krb5kdc", "/usr/sbin/kdb5_util", "/usr/sbin/kadmin.local", "/usr/bin/kinit"];

    private readonly string _folder = Directory.CreateTempSubdirectory("farwire-realm-").FullName;
    private Process? _kdc;
    private RunningService? _farwired;

    public string Keytab => Path.Combine(_folder, "http.keytab");

    public string Configuration => Path.Combine(_folder, "krb5.conf");

    public string Tickets => "FILE:" + Path.Combine(_folder, "tickets");

    /// <summary>What a client of the realm finds in its environment.</summary>
    public IReadOnlyDictionary<string, string> Client => new Dictionary<string, string> { ["KRB5_CONFIG"] = Configuration, ["KRB5CCNAME"] = Tickets };

    /// <summary>What a service of the realm finds in its environment.</summary>
    public IReadOnlyDictionary<string, string> Service => new Dictionary<string, string> { ["KRB5_CONFIG"] = Configuration, ["KRB5_KTNAME"] = Keytab };

    /// <summary>Skips the test when there is no KDC on this machine.</summary>
    public void Need() => Assert.SkipUnless(_kdc is not null, "krb5-kdc, krb5-admin-server and krb5-user are not installed");

    public async ValueTask InitializeAsync()
    {
        if (!Programs.All(File.Exists))
        {
            return;
        }

        var port = LoopbackPort.Free().ToString(CultureInfo.InvariantCulture);
        await File.WriteAllTextAsync(Configuration, $$"""
            [libdefaults]
              default_realm = {{Name}}
              dns_lookup_kdc = false
              dns_canonicalize_hostname = false
              rdns = false
              udp_preference_limit = 1
            [realms]
              {{Name}} = {
                kdc = 127.0.0.1:{{port}}
                auth_to_local_names = {
                  {{User}} = {{Environment.UserName}}
                }
              }
            [domain_realm]
              localhost = {{Name}}

            """);
        await File.WriteAllTextAsync(Path.Combine(_folder, "kdc.conf"), $$"""
            [kdcdefaults]
              kdc_listen = 127.0.0.1:{{port}}
              kdc_tcp_listen = 127.0.0.1:{{port}}
            [realms]
              {{Name}} = {
                database_name = {{_folder}}/principal
                key_stash_file = {{_folder}}/stash
              }

            """);
        await RunAsync("/usr/sbin/kdb5_util", ["create", "-s", "-P", "master", "-r", Name]);
        await AdministerAsync($"addprinc -pw {Password} {User}");
        await AdministerAsync($"addprinc -pw {Password} {Stranger}");
        await AddServiceAsync("HTTP/localhost");

        var start = new ProcessStartInfo("/usr/sbin/krb5kdc", ["-n"]) { RedirectStandardOutput = true, RedirectStandardError = true };
        SetEnvironment(start.Environment);
        _kdc = Process.Start(start)!;
        _ = _kdc.StandardOutput.ReadToEndAsync();
        _ = _kdc.StandardError.ReadToEndAsync();
        while (await LoopbackPort.IsOpenAsync(int.Parse(port, CultureInfo.InvariantCulture)) is false)
        {
            Assert.False(_kdc.HasExited, "krb5kdc ended before it was ready");
            await Task.Delay(20);
        }

        await KinitAsync(User, Tickets);

        // The library in this process reads the environment of C, which .NET does not write.
        SetVariable("KRB5_CONFIG", Configuration, 1);
    }

    /// <summary>Our service in this realm, started once.</summary>
    public async Task<RunningService> FarwiredAsync()
    {
        if (_farwired is null)
        {
            _farwired = new RunningService { Settings = Service };
            await _farwired.InitializeAsync();
        }

        return _farwired;
    }

    /// <summary>Makes a service known, and puts its keys into the keytab.</summary>
    public async Task AddServiceAsync(string principal)
    {
        await AdministerAsync($"addprinc -randkey {principal}");
        await AdministerAsync($"ktadd -k {Keytab} {principal}");
    }

    /// <summary>Gives a service that is known new keys, and puts them into a keytab of their own.</summary>
    public async Task<string> RekeyAsync(string principal, string name)
    {
        var keytab = Path.Combine(_folder, name);
        await AdministerAsync($"ktadd -k {keytab} {principal}");
        return keytab;
    }

    /// <summary>Gets tickets of a user into a cache.</summary>
    public async Task<string> KinitAsync(string user, string? cache = null)
    {
        cache ??= "FILE:" + Path.Combine(_folder, "tickets-" + user);
        await RunAsync("/usr/bin/kinit", ["-f", "-c", cache, user], Password + "\n");
        return cache;
    }

    public async ValueTask DisposeAsync()
    {
        if (_farwired is not null)
        {
            await _farwired.DisposeAsync();
        }

        if (_kdc is not null)
        {
            _kdc.Kill();
            await _kdc.WaitForExitAsync();
            _kdc.Dispose();
        }

        Directory.Delete(_folder, recursive: true);
    }

    private Task AdministerAsync(string query) => RunAsync("/usr/sbin/kadmin.local", ["-q", query]);

    private async Task RunAsync(string program, string[] arguments, string? input = null)
    {
        var variables = new Dictionary<string, string?>();
        SetEnvironment(variables);
        var outcome = await Commands.RunAsync(
            "/usr/bin/env", [.. variables.Select(v => $"{v.Key}={v.Value}"), program, .. arguments], input is null ? null : System.Text.Encoding.UTF8.GetBytes(input));
        Assert.True(outcome.ExitCode == 0, outcome.Errors);
    }

    private void SetEnvironment(IDictionary<string, string?> environment)
    {
        environment["KRB5_CONFIG"] = Configuration;
        environment["KRB5_KDC_PROFILE"] = Path.Combine(_folder, "kdc.conf");
    }

    [LibraryImport("libc", EntryPoint = "setenv", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int SetVariable(string name, string value, int overwrite);
}
