using System.Globalization;
using Farwire.Peers.Tests.Security;

namespace Farwire.Peers.Tests.Accounts;

/// <summary>The built <c>farwired run</c> with an access.yaml, asked by curl: ann works as the account of the service, bob as daemon.</summary>
public sealed class AccessFileTests
{
    private const string InCimv2 = Soap.Microsoft + "/wmi/root/cimv2/Win32_OperatingSystem";
    private const string InStandardCimv2 = Soap.Microsoft + "/wmi/root/standardcimv2/MSFT_NetAdapter";

    [Fact]
    [Trait("Feature", "AUT-16")]
    public async Task Namespaces_are_closed_as_the_file_says()
    {
        await using var service = await StartAsync($$"""
            Groups: { RemoteManagementUsers: { Groups: [daemon] } }
            Namespaces: { root/cimv2: "O:BAG:BAD:P(A;CI;CCDCLCSWRPWP;;;BA)" }
            """);

        Assert.Equal((200, ""), await EnumerateAsync(service, "ann", InCimv2));
        Assert.Equal((500, "5"), await EnumerateAsync(service, "bob", InCimv2));
        Assert.Equal((200, ""), await EnumerateAsync(service, "bob", InStandardCimv2));
    }

    [Theory]
    [InlineData("false", 200, "")]
    [InlineData("true", 500, "5")]
    [Trait("Feature", "AUT-17")]
    public async Task Local_administrators_by_membership_are_filtered_as_the_file_says(string filters, int status, string code)
    {
        await using var service = await StartAsync($$"""
            FilterLocalAccounts: {{filters}}
            Groups: { Administrators: { Accounts: [root, {{Environment.UserName}}], Groups: [daemon] } }
            """);

        Assert.Equal((200, ""), await EnumerateAsync(service, "ann", InCimv2));
        Assert.Equal((status, code), await EnumerateAsync(service, "bob", InCimv2));
    }

    [Fact]
    public async Task A_resource_of_ones_own_rule_is_open_to_whom_it_names()
    {
        await using var service = await StartAsync($$"""
            Resources:
              - { Uri: "{{InStandardCimv2}}", Sddl: "O:NSG:BAD:P(A;;GR;;;AU)" }
            """);

        Assert.Equal((200, ""), await EnumerateAsync(service, "bob", InStandardCimv2));
        Assert.Equal((500, "5"), await EnumerateAsync(service, "bob", InCimv2));
    }

    [Theory]
    [InlineData("DomainSid: nonsense", "access.yaml:1: 'nonsense' is no SID.")]
    [InlineData("FilterLocalAccounts: yes please", "true or false is expected here")]
    [InlineData("\nDomain: S-1-5-21-1-2-3", "access.yaml:2: there is no 'Domain' here")]
    [InlineData("Namespaces: { root/cimv2: \"D:(A;;XX;;;BA)\" }", "access.yaml:1:")]
    public async Task A_broken_file_is_told_with_its_line_and_nothing_starts(string access, string expected)
    {
        var folder = Directory.CreateTempSubdirectory("farwire-access-").FullName;
        await File.WriteAllTextAsync(Path.Combine(folder, "access.yaml"), access);

        var outcome = await Commands.RunAsync(RunningService.Program("farwired"), ["config", "check", "--config-dir", folder, "--state-dir", folder]);
        Directory.Delete(folder, recursive: true);

        Assert.Equal(78, outcome.ExitCode);
        Assert.Contains(expected, outcome.Errors, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_file_in_the_guide_is_right()
    {
        var guide = await File.ReadAllTextAsync(Path.Combine(RunningService.Root, "docs", "guides", "security.md"));
        var folder = Directory.CreateTempSubdirectory("farwire-access-").FullName;
        await File.WriteAllTextAsync(Path.Combine(folder, "access.yaml"), guide.Split("```yaml\n")[2].Split("```")[0]);

        var outcome = await Commands.RunAsync(RunningService.Program("farwired"), ["config", "check", "--config-dir", folder, "--state-dir", folder]);
        Directory.Delete(folder, recursive: true);

        Assert.True(outcome.ExitCode == 0, outcome.Errors);
    }

    private static async Task<(int Status, string Code)> EnumerateAsync(Daemon service, string user, string uri)
    {
        var answer = await new Curl($"http://127.0.0.1:{service.Port}/wsman", user + ":secret").SendAsync(Soap.Enumerate(uri, "<w:OptimizeEnumeration/><w:MaxElements>1</w:MaxElements>"));
        return (answer.Status, answer.Code);
    }

    private static Task<Daemon> StartAsync(string access) => Daemon.StartAsync(RunningService.Program("farwired"), async (folder, port) =>
    {
        await File.WriteAllTextAsync(Path.Combine(folder, "access.yaml"), access);
        await File.WriteAllTextAsync(Path.Combine(folder, "farwired.yaml"), "Service: { AllowUnencrypted: true, Auth: { Basic: true } }\n");
        foreach (var (name, account) in new[] { ("ann", Environment.UserName), ("bob", "daemon") })
        {
            var added = await Commands.RunAsync(RunningService.Program("farwired"), ["user", "add", name, "--account", account, "--file", Path.Combine(folder, "users")], "secret\n"u8.ToArray());
            Assert.True(added.ExitCode == 0, added.Errors);
        }

        return
        [
            "run", "--alone", "--config-dir", folder, "--state-dir", folder, "--socket", Path.Combine(folder, "local.sock"), "--loopback-port", port.ToString(CultureInfo.InvariantCulture),
        ];
    });
}
