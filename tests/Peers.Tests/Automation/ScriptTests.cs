using System.Xml.Linq;
using Farwire.Peers.Tests.Administration;
using Farwire.Peers.Tests.Cim;

namespace Farwire.Peers.Tests.Automation;

/// <summary>The twins of the documentation's scripts, run: one service of this computer and one far away, both with the units of a real systemd.</summary>
public sealed class ScriptTests(SystemdInNamespaces systemd) : IClassFixture<SystemdInNamespaces>
{
    // However many timers this systemd has, the last line counts them.
    private const string Jobs = "jobs";

    // Script, and what begins its output; at the service of this computer where it names none.
    private static readonly (string Script, string Begins)[] Remote =
    [
        ("connectionoptions-1", "<cfg:Config "),
        ("connectionoptions-password-1", "The password is set"),
        ("connectionoptions-username-1", "IdentifyResponse\n"),
        ("connectionoptions-username-2", "IdentifyResponse\n"),
        ("detecting-whether-a-remote-computer-supports-ws-management-protocol-1", "<"),
        ("detecting-whether-a-remote-computer-supports-ws-management-protocol-2", "<"),
        ("displaying-xml-output-from-winrm-scripts-2", "Win32_LogicalDisk\n"),
        ("enumerating-or-listing-all-instances-of-a-resource-1", Jobs),
        ("enumerator-1", "Item\n    Win32_OperatingSystem\n"),
        ("enumerator-atendofstream-1", "Win32_OperatingSystem\n"),
        ("enumerator-readitem-1", Jobs),
        ("obtaining-data-from-a-remote-computer-1", "Win32_OperatingSystem\n"),
        ("obtaining-data-from-a-remote-computer-2", "Win32_OperatingSystem\n"),
        ("querying-for-specific-instances-of-a-resource-1", "Win32_NetworkAdapterConfiguration\n"),
        ("session-enumerate-1", "Win32_LogicalDisk\n"),
        ("session-get-2", "Response message: \n<p:Win32_Service "),
        ("session-identify-1", "<"),
        ("windows-remote-management-and-wmi-1", "There is no such share."),
        ("wsman-createsession-1", "IdentifyResponse\n"),
        ("wsman-createsession-2", "IdentifyResponse\n"),
    ];

    private static readonly (string Script, string Begins)[] Local =
    [
        ("displaying-xml-output-from-winrm-scripts-1", "Win32_Service\n"),
        ("obtaining-data-from-the-local-computer-1", "<p:Win32_Service "),
        ("obtaining-data-from-the-local-computer-2", "Win32_Service\n"),
        ("resource-uris-2", "<w:XmlFragment "),
        ("resourcelocator-1", "XmlFragment\n    NumberOfCores = "),
        ("scripting-in-windows-remote-management-2", "Win32_Service\n"),
        ("session-1", "A session, with 20 items a batch."),
        ("session-error-1", "An error has occurred.\nError Info\n-----------\nNumber      : 0x803380FA\n"),
        ("session-get-1", "Response message: \n<p:Win32_Service "),
        ("session-invoke-1", "Create_OUTPUT\n"),
        ("session-invoke-2", "StopService_OUTPUT\n    ReturnValue = 0\n\n\nStartService_OUTPUT\n    ReturnValue = 0\n"),
        ("session-put-1", "Response message: \n<cfg:Winrs "),
        ("session-timeout-1", "Create_OUTPUT\n"),
        ("windows-remote-management-and-wmi-2", "Win32_Processor\n"),
        ("wsman-1", "Win32_OperatingSystem\n"),
        ("wsman-createresourcelocator-1", "<w:XmlFragment "),
    ];

    [Fact]
    [Trait("Feature", "API-11")]
    public async Task Every_script_of_the_documentation_runs()
    {
        var far = systemd.Service;
        await systemd.RunAsync("systemctl", "start", "demo");
        await using var here = await AdministeredService.StartIsolatedAsync(systemd.Settings);
        string[] surroundings =
        [
            "FARWIRE_SOCKET=" + here.Socket, $"FARWIRE_REMOTE={new Uri(far.Https).Authority}", "FARWIRE_USER=" + far.User, "FARWIRE_PASSWORD=" + far.Password, "FARWIRE_PIN=" + far.CertificateSha256,
            "FARWIRE_SAMPLE_STOPPABLE=demo",
        ];

        foreach (var (script, begins) in Remote.Concat(Local))
        {
            var output = await RunAsync(script);
            if (begins == Jobs)
            {
                Assert.EndsWith($"There are {output.Split('\n').Count(line => line == "Win32_ScheduledJob")} jobs scheduled.\n", output, StringComparison.Ordinal);
            }
            else
            {
                Assert.StartsWith(begins, output, StringComparison.Ordinal);
            }
        }

        var raw = (await RunAsync("scripting-in-windows-remote-management-1")).Trim();
        Assert.Equal("Win32_Service", XElement.Load(raw).Name.LocalName);
        File.Delete(raw);

        // A listener is made, seen, and gone again.
        Assert.StartsWith("Response message: \n<x:ResourceCreated ", await RunAsync("session-create-1"), StringComparison.Ordinal);
        Assert.Contains("Transport = HTTP\n", await here.AskAsync("enumerate", "winrm/config/Listener"), StringComparison.Ordinal);
        Assert.Equal("", await RunAsync("session-delete-1"));
        Assert.DoesNotContain("Transport = HTTP\n", await here.AskAsync("enumerate", "winrm/config/Listener"), StringComparison.Ordinal);

        // The page shows this one for the error it ends in: the case of a fragment counts.
        var wrong = await Commands.RunAsync("env", [.. surroundings, RunningService.Program("scripting"), "resource-uris-1"]);
        Assert.Equal(1, wrong.ExitCode);
        Assert.StartsWith("0x8033", wrong.Errors, StringComparison.Ordinal);

        var listed = await Commands.RunAsync(RunningService.Program("scripting"), []);
        var known = listed.Errors.Split('\n', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries)[1..].Except(["prompt", "proxy"]).Order();
        Assert.Equal(
            known, Remote.Concat(Local).Select(s => s.Script).Concat(["scripting-in-windows-remote-management-1", "session-create-1", "session-delete-1", "resource-uris-1"]).Order());

        async Task<string> RunAsync(string script)
        {
            var outcome = await Commands.RunAsync("env", [.. surroundings, RunningService.Program("scripting"), script]);
            Assert.True(outcome.ExitCode == 0, $"{script}: {outcome.Errors}{outcome.Output}");
            return outcome.Output;
        }
    }
}
