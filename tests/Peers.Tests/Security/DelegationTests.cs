using Farwire.Peers.Tests.Accounts;

namespace Farwire.Peers.Tests.Security;

/// <summary>What a client leaves with the service, by Kerberos or CredSSP, is there for the programs of its shell, and gone with the shell.</summary>
public sealed class DelegationTests(KerberosRealm realm) : IClassFixture<KerberosRealm>
{
    private const string Look = "kvno -q HTTP/localhost && klist; printf '%s\\n' \"$KRB5CCNAME\"; stat -c %a \"${KRB5CCNAME#FILE:}\"";

    [Fact]
    [Trait("Feature", "AUT-07")]
    public async Task Pywinrm_leaves_its_tickets_to_the_shell()
    {
        realm.Need();
        await Python.NeedAsync("requests_kerberos", "python3-requests-kerberos");
        var service = await realm.FarwiredAsync();

        var outcome = await Python.RunAsync("pywinrm_delegate.py", [$"http://localhost:{new Uri(service.Http).Port}/wsman", Look], realm.Client);

        Assert.True(outcome.ExitCode == 0, outcome.Errors);
        AssertTickets(outcome.Output);
    }

    [Theory]
    [InlineData("kerberos", true)]
    [InlineData("negotiate", true)]
    [InlineData("kerberos", false)]
    [Trait("Feature", "AUT-07")]
    public async Task Our_client_leaves_tickets_when_it_is_asked_to(string method, bool delegates)
    {
        var service = await ServiceAsync();

        var outcome = await WinRsAsync([$"-r:http://localhost:{new Uri(service.Http).Port}", "-a:" + method, .. delegates ? new[] { "-allowdelegate" } : [], delegates ? Look : "test -z \"$KRB5CCNAME\" -o \"$KRB5CCNAME\" = \"" + realm.Tickets + "\""]);

        Assert.True(outcome.ExitCode == 0, outcome.Errors);
        if (delegates)
        {
            AssertTickets(outcome.Output);
        }
    }

    [Theory]
    [InlineData("alice@TEST.LOCAL", "--delegate-to")] // proved by Kerberos
    [Trait("Feature", "AUT-07")]
    public async Task A_delegated_password_gets_the_shell_its_tickets(string user, string list)
    {
        var service = await ServiceAsync();

        var outcome = await WinRsAsync([$"-r:http://localhost:{new Uri(service.Http).Port}", "-a:credssp", "-u:" + user, list, "WSMAN/localhost", Look]);

        Assert.True(outcome.ExitCode == 0, outcome.Errors);
        AssertTickets(outcome.Output);
    }

    [Fact]
    [Trait("Feature", "AUT-07")]
    public async Task The_tickets_are_those_of_the_account_that_the_principal_is_though_the_service_is_another()
    {
        realm.Need();
        var folder = Directory.CreateTempSubdirectory("farwire-delegation-").FullName;
        try
        {
            var environment = await ReadableAsync(folder);
            await using var service = new BrokeredService { Settings = environment };
            await service.InitializeAsync();
            Assert.SkipWhen(service.Missing is not null, service.Missing ?? "");

            var outcome = await WinRsAsync([
                $"-r:http://localhost:{new Uri(service.Http).Port}", "-a:kerberos", "-allowdelegate",
                $"id -un; export KRB5_CONFIG={environment["KRB5_CONFIG"]}; {Look}; stat -c %U \"${{KRB5CCNAME#FILE:}}\" >&2"]);

            Assert.True(outcome.ExitCode == 0, outcome.Errors + string.Join("\n", service.Log));
            Assert.StartsWith("alice\n", outcome.Output, StringComparison.Ordinal);
            Assert.Equal("alice\n", outcome.Errors);
            AssertTickets(outcome.Output);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    // The service in front gives root up before it reads; and alice is alice here, as on a machine of the realm.
    private async Task<IReadOnlyDictionary<string, string>> ReadableAsync(string folder)
    {
        var (configuration, keytab) = (Path.Combine(folder, "krb5.conf"), Path.Combine(folder, "keytab"));
        var text = await File.ReadAllTextAsync(realm.Configuration);
        var names = text.IndexOf("auth_to_local_names", StringComparison.Ordinal);
        await File.WriteAllTextAsync(configuration, text[..names] + text[(text.IndexOf('}', names) + 1)..]);
        File.Copy(realm.Keytab, keytab);
        Assert.Equal(0, (await Commands.RunAsync("chmod", ["-R", "a+rX", folder])).ExitCode);
        return new Dictionary<string, string> { ["KRB5_CONFIG"] = configuration, ["KRB5_KTNAME"] = keytab };
    }

    private static void AssertTickets(string output)
    {
        Assert.Contains("Default principal: alice@TEST.LOCAL", output, StringComparison.Ordinal);
        Assert.Contains("krbtgt/TEST.LOCAL@TEST.LOCAL", output, StringComparison.Ordinal);
        Assert.Contains("HTTP/localhost@TEST.LOCAL", output, StringComparison.Ordinal); // got with what was left
        var lines = output.TrimEnd().Split('\n');
        Assert.Equal("600", lines[^1].Trim());
        Assert.Matches("^FILE:(/var)?/tmp/krb5cc_farwire_", lines[^2]);
        Assert.False(File.Exists(lines[^2].Trim()["FILE:".Length..]), "the tickets outlived the shell");
    }

    private async Task<RunningService> ServiceAsync()
    {
        realm.Need();
        return await realm.FarwiredAsync();
    }

    private Task<Outcome> WinRsAsync(IEnumerable<string> arguments) => Commands.RunAsync(
        "/usr/bin/env", [.. realm.Client.Select(v => $"{v.Key}={v.Value}"), CredSspAllowed, "FARWIRE_PASSWORD=" + KerberosRealm.Password, RunningService.Program("farwire"), "winrs", .. arguments]);

    // Off unless the machine says otherwise.
    private static string CredSspAllowed => "FARWIRE_CONFIG_DIR=" + Path.Combine(AppContext.BaseDirectory, "Peers", "credssp");
}
