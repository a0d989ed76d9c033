using System.Globalization;
using Farwire.Peers.Tests.Administration;

namespace Farwire.Peers.Tests.Modules;

/// <summary>The module Farwire in PowerShell itself.</summary>
public sealed class FarwireModuleTests(RunningService service) : IDisposable
{
    private readonly string _home = Directory.CreateTempSubdirectory("farwire-module-").FullName;

    public void Dispose() => Directory.Delete(_home, recursive: true);

    [Fact]
    [Trait("Feature", "PSH-01")]
    [Trait("Peer", RealPowerShell.Name)]
    public async Task Each_cmdlet_of_WSMan_does_what_its_name_says()
    {
        await using var administered = await AdministeredService.StartIsolatedAsync();

        var remote = await RunAsync([], "module_remote.ps1", service.ConnectionFile);
        var local = await RunAsync(["nsenter", "-n", "-t", Text(administered.ProcessId), "env", "FARWIRE_SOCKET=" + administered.Socket], "module_local.ps1");

        Assert.Equal(
            [
                "cmdlets: Connect-WSMan Disable-WSManCredSSP Disconnect-WSMan Enable-WSManCredSSP Get-WSManCredSSP Get-WSManInstance Invoke-WSManAction New-WSManInstance "
                    + "New-WSManSessionOption Remove-WSManInstance Set-WSManInstance Set-WSManQuickConfig Test-WSMan",
                "unknown: OS: 0.0.0 SP: 0.0 Stack: 3.0",
                "known: Farwire",
                "no such issuer: WsManError,Test-WSMan",
                "get: XmlElement True",
                "fragment: True",
                "query: True",
                "references: EndpointReference",
                "both: Win32_OperatingSystem EndpointReference",
                "related: 0",
                "invoke: Create_OUTPUT 0",
                "set: 41",
                "what if: ",
                "fault: WsManError,Get-WSManInstance 0x80338000",
                "goes on: 0 WSManFaultException",
                "drive: localhost 127.0.0.1 True",
                "drive: localhost",
                "not there: NotConnected,Disconnect-WSMan",
            ],
            remote.Where(line => !line.StartsWith("What if: ", StringComparison.Ordinal)));
        const string refuses = "credssp: The machine is not configured to allow delegating fresh credentials. This computer is not configured to receive credentials from a remote client computer.";
        Assert.Equal(
            [
                "before: 0",
                "quick: True",
                "listens: 5985",
                "answers: http://schemas.dmtf.org/wbem/wsman/1/wsman.xsd",
                "new: ResourceCreated",
                "get: 5999",
                "set: false",
                "removed: 1",
                refuses,
                "server: true",
                "client: true",
                "credssp: The machine is configured to allow delegating fresh credentials to the following target(s): wsman/*.corp.example "
                    + "This computer is configured to receive credentials from a remote client computer.",
                refuses,
                "nobody: ArgumentException",
            ],
            local);
    }

    [Fact]
    [Trait("Feature", "PSH-02")]
    [Trait("Peer", RealPowerShell.Name)]
    public async Task The_drive_is_walked_and_its_settings_change_the_service()
    {
        await using var administered = await AdministeredService.StartAsync();

        var said = await RunAsync(["env", "FARWIRE_SOCKET=" + administered.Socket], "drive.ps1", Text(LoopbackPort.Free()));

        Assert.Equal(
            [
                "computers: localhost",
                "settings: MaxEnvelopeSizekb=System.String MaxTimeoutms=System.String MaxBatchItems=System.String MaxProviderRequests=System.String Client=Container Service=Container "
                    + "Shell=Container Listener=Container Plugin=Container ClientCertificate=Container",
                "names: NetworkDelayms URLPrefix AllowUnencrypted Auth DefaultPorts TrustedHosts",
                "item: 5985 System.String",
                "set: a.example",
                "concatenated: a.example,b.example",
                "emptied: ''",
                "not a list: -Concatenate is for TrustedHosts, which is a list.",
                "refused: WSManFaultException",
                "false: false",
                "what if:  60000",
                "asked: somebody must be asked",
                "made: Address=IP:127.0.0.1 Transport=HTTP",
                "listener: 1 True",
                "disabled: false",
                "removed: 0",
                @"path: WSMan:\localhost\Listener",
                "nothing: False ItemNotFoundException",
                "shown: True",
            ],
            said.Where(line => !line.StartsWith("What if: ", StringComparison.Ordinal)));
        Assert.Contains("Basic = false", await administered.AskAsync("get", "winrm/config/service/auth"), StringComparison.Ordinal);
    }

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);

    private async Task<string[]> RunAsync(string[] launcher, string script, params string[] arguments)
    {
        var pwsh = Path.Combine(RunningService.Root, "artifacts", "tools", "pwsh");
        Assert.SkipUnless(File.Exists(pwsh), $"{pwsh} is not installed; test.sh installs it");
        string[] words =
        [
            .. launcher, "env", "XDG_CONFIG_HOME=" + _home, "XDG_CACHE_HOME=" + Path.Combine(AppContext.BaseDirectory, "module-cache"), "POWERSHELL_TELEMETRY_OPTOUT=1",
            "FARWIRE_PROGRAM=" + RunningService.Program("farwire"), pwsh, "-NoProfile", "-NonInteractive", "-File", Path.Combine(AppContext.BaseDirectory, "Peers", "powershell", script),
            Path.Combine(RunningService.Root, "packaging", "powershell", "Farwire"), .. arguments,
        ];
        var outcome = await Commands.RunAsync(words[0], words[1..]);
        Assert.True(outcome.ExitCode == 0, outcome.Errors + outcome.Output);
        return outcome.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries);
    }
}
