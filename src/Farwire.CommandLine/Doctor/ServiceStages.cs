using System.Globalization;
using System.Xml.Linq;
using Farwire.Client;
using Farwire.Client.Connection;
using Farwire.CommandLine.Grammar;
using Farwire.Protocol.Addressing;
using Farwire.Protocol.Faults;
using Farwire.Protocol.Names;

namespace Farwire.CommandLine.Doctor;

/// <summary>What the service does for the user: believes, allows, runs, and how much of it.</summary>
internal sealed class ServiceStages(Patient patient, Func<WSManConnectionOptions, WSManClient> connect) : IAsyncDisposable
{
    private WSManClient? _client;

    public async Task<Finding> AuthenticationAsync(CancellationToken cancellationToken)
    {
        if (!patient.HasCredentials)
        {
            return Finding.Skipped(Stage.Authentication, "No user is given: --user USER goes on from here.");
        }

        WSManConnectionOptions? options = null;
        try
        {
            options = patient.Options;
            _client = connect(options);

            // A resource, for identify is answered to strangers too.
            await _client.GetAsync(ResourceUris.WmiCimV2 + "/Win32_OperatingSystem", SelectorSet.Empty, cancellationToken).ConfigureAwait(false);
            return Finding.Good(Stage.Authentication, Believed(options));
        }
        catch (WSManFaultException)
        {
            // It refuses what is asked, and knows who asks: the next stage tells.
            return Finding.Good(Stage.Authentication, Believed(options!));
        }
        catch (WSManTransportException e)
        {
            return AuthenticationCauses.Of(patient, options, e);
        }
    }

    public async Task<Finding> AuthorizationAsync(CancellationToken cancellationToken)
    {
        try
        {
            await _client!.GetAsync(ResourceUris.WmiCimV2 + "/Win32_OperatingSystem", SelectorSet.Empty, cancellationToken).ConfigureAwait(false);
            return Finding.Good(Stage.Authorization, "The user may read Win32_OperatingSystem.");
        }
        catch (WSManFaultException e) when (e.Fault.Code == FaultCatalog.AccessDenied.Code)
        {
            return Finding.Failed(
                Stage.Authorization, $"The user may not read Win32_OperatingSystem: {e.Fault.Message}",
                "The user is in neither Administrators nor Remote Management Users; or is a local administrator of Windows, who over the network has no rights (LocalAccountTokenFilterPolicy); or RootSDDL or the namespace forbid it.") with
            {
                There =
                [
                    $"net localgroup \"Remote Management Users\" {patient.User} /add", $"usermod -aG remote-management {patient.User}",
                    "reg add HKLM\\SOFTWARE\\Microsoft\\Windows\\CurrentVersion\\Policies\\System /v LocalAccountTokenFilterPolicy /t REG_DWORD /d 1 /f",
                    "winrm configsddl default",
                ],
            };
        }
        catch (Exception e) when (e is WSManFaultException or WSManTransportException)
        {
            // A service without this class may still be one that runs commands.
            return Finding.Warning(Stage.Authorization, $"Win32_OperatingSystem cannot be read: {e.Message}", "The service has no such class, or its provider failed.");
        }
    }

    public async Task<Finding> ShellAsync(CancellationToken cancellationToken)
    {
        try
        {
            await using var shell = await _client!.OpenShellAsync(cancellationToken: cancellationToken).ConfigureAwait(false);
            var outcome = await shell.RunAsync("hostname", cancellationToken: cancellationToken).ConfigureAwait(false);
            return outcome.ExitCode == 0
                ? Finding.Good(Stage.Shell, $"A command ran: hostname says {outcome.StandardOutput.Trim()}.")
                : Finding.Warning(Stage.Shell, $"hostname ended with {outcome.ExitCode}: {outcome.StandardError.Trim()}", "The program is not there, or may not be run.");
        }
        catch (Exception e) when (e is WSManFaultException or WSManTransportException)
        {
            var code = (e as WSManFaultException)?.Fault.Code ?? 0;
            var symbol = FaultCodes.Symbol(code) ?? "";
            var cause = code == FaultCatalog.AccessDenied.Code ? "The user may read and may not run commands (Execute is missing in RootSDDL, or AllowRemoteShellAccess is false)."
                : symbol.Contains("QUOTA", StringComparison.Ordinal) ? "The user has as many shells as may be: shells of broken connections wait for their idle time."
                : "Remote shells are switched off (AllowRemoteShellAccess), or the shell cannot start.";
            return Finding.Failed(Stage.Shell, $"No shell: {e.Message}", cause) with
            {
                Here = symbol.Contains("QUOTA", StringComparison.Ordinal) ? ["winrm enumerate shell -r:HOST", "winrm delete shell?ShellId=… -r:HOST"] : [],
                There = ["winrm get winrm/config/winrs", "winrm set winrm/config/winrs '@{AllowRemoteShellAccess=\"true\"}'"],
            };
        }
    }

    public async Task<Finding> QuotasAsync(CancellationToken cancellationToken)
    {
        XElement config;
        try
        {
            config = XElement.Parse(await _client!.GetAsync(Namespaces.Config, SelectorSet.Empty, cancellationToken).ConfigureAwait(false));
        }
        catch (Exception e) when (e is WSManFaultException or WSManTransportException)
        {
            return Finding.Skipped(Stage.Quotas, $"winrm/config can be read by administrators alone: {e.Message}");
        }

        var small = new List<string>();
        var commands = new List<string>();
        foreach (var (name, path, least) in new[] { ("MaxEnvelopeSizekb", "config", 500L), ("MaxShellsPerUser", "config/winrs", 10), ("MaxMemoryPerShellMB", "config/winrs", 512), ("MaxProcessesPerShell", "config/winrs", 25) })
        {
            var value = config.Descendants().FirstOrDefault(e => e.Name.LocalName == name)?.Value;
            if (long.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number > 0 && number < least)
            {
                small.Add($"{name} is {number}");
                commands.Add($"winrm set winrm/{path} '@{{{name}=\"{least}\"}}'");
            }
        }

        return small.Count == 0
            ? Finding.Good(Stage.Quotas, "Envelope, shells, memory and processes have room.")
            : Finding.Warning(Stage.Quotas, $"{string.Join(", ", small)}.", "Large answers, many shells or installers will hit that.") with { There = commands };
    }

    private static string Believed(WSManConnectionOptions options) =>
        $"The service believes that this is {options.User ?? "the holder of the ticket or certificate"} ({options.Authentication ?? AuthenticationMethod.Basic}).";

    public ValueTask DisposeAsync() => _client?.DisposeAsync() ?? ValueTask.CompletedTask;
}
