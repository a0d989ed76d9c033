using Farwire.Peers.Tests.Administration;

namespace Farwire.Peers.Tests.Security;

/// <summary>What a client leaves with the service, by Kerberos or CredSSP, is there for the programs of its shell, and gone with the shell.</summary>
public sealed class DelegationTests(KerberosRealm realm) : IClassFixture<KerberosRealm>
{
    private const string Look = "klist; printf '%s\\n' \"$KRB5CCNAME\"; stat -c %a \"${KRB5CCNAME#FILE:}\"";

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

    private static void AssertTickets(string output)
    {
        Assert.Contains("Default principal: alice@TEST.LOCAL", output, StringComparison.Ordinal);
        Assert.Contains("krbtgt/TEST.LOCAL@TEST.LOCAL", output, StringComparison.Ordinal);
        var lines = output.TrimEnd().Split('\n');
        Assert.Equal("600", lines[^1].Trim());
        Assert.StartsWith("FILE:/tmp/krb5cc_farwire_", lines[^2], StringComparison.Ordinal);
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
