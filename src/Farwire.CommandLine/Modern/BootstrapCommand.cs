using System.Globalization;
using System.Net;
using Farwire.CommandLine.Exit;
using Farwire.CommandLine.Grammar;

namespace Farwire.CommandLine.Modern;

/// <summary><c>farwire bootstrap</c>: prints the script that makes a Windows machine reachable: HTTPS listener, certificate, firewall. It may run again and again.</summary>
/// <param name="terminal">What it reads from and writes to.</param>
public sealed class BootstrapCommand(Terminal terminal)
{
    internal static readonly IReadOnlyDictionary<string, string> Known = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase)
    {
        ["--name"] = "--name:*", ["--from"] = "--from:*", ["--port"] = "--port:", ["--thumbprint"] = "--thumbprint:", ["--local-admins"] = "--local-admins", ["--days"] = "--days:",
        ["--help"] = "help", ["?"] = "help", ["h"] = "help",
    };

    /// <summary>Runs a command line; the answer is the exit code.</summary>
    public Task<int> RunAsync(IReadOnlyList<string> arguments, CancellationToken cancellationToken) => new VerbBoundary(terminal, "bootstrap").RunAsync(
        () =>
        {
            var switches = Switches.Parse(arguments, Known);
            terminal.Output.WriteLine(switches.Has("help") ? Help
                : switches.Words.Count > 0 ? throw new UsageException($"'{switches.Words[0]}' is one word too many.")
                : Script(switches));
            return Task.FromResult(ExitCode.Done);
        },
        cancellationToken);

    private static string Script(Switches switches)
    {
        var names = switches.All("--name");
        var from = switches.All("--from").SelectMany(list => list.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)).ToList();
        if (names.FirstOrDefault(name => Uri.CheckHostName(name) == UriHostNameType.Unknown) is { } wrongName)
        {
            throw new UsageException($"--name {wrongName} is not a host's name.");
        }

        if (from.FirstOrDefault(source => !IPAddress.TryParse(source, out _) && !IPNetwork.TryParse(source, out _)) is { } wrongSource)
        {
            throw new UsageException($"--from {wrongSource} is neither an address nor a network such as 10.0.0.0/8.");
        }

        var thumbprint = switches["--thumbprint"]?.Replace(" ", "", StringComparison.Ordinal) ?? "";
        if (thumbprint.Length > 0 && (thumbprint.Length != 40 || !thumbprint.All(char.IsAsciiHexDigit)))
        {
            throw new UsageException("--thumbprint is forty hexadecimal digits.");
        }

        return Template
            .Replace("{names}", names.Count == 0 ? "@($env:COMPUTERNAME, [System.Net.Dns]::GetHostEntry('').HostName)" : $"@({string.Join(", ", names.Select(name => $"'{name}'"))})", StringComparison.Ordinal)
            .Replace("{from}", from.Count == 0 ? "'LocalSubnet'" : string.Join(", ", from.Select(source => $"'{source}'")), StringComparison.Ordinal)
            .Replace("{port}", Number(switches["--port"], "--port", 5986, ushort.MaxValue), StringComparison.Ordinal)
            .Replace("{days}", Number(switches["--days"], "--days", 397, 3650), StringComparison.Ordinal)
            .Replace("{thumbprint}", thumbprint.ToUpperInvariant(), StringComparison.Ordinal)
            .Replace("{localAdmins}", switches.Has("--local-admins") ? "$true" : "$false", StringComparison.Ordinal);
    }

    private static string Number(string? text, string name, int otherwise, int most) => text is null ? otherwise.ToString(CultureInfo.InvariantCulture)
        : int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number > 0 && number <= most ? number.ToString(CultureInfo.InvariantCulture)
        : throw new UsageException($"{name} is a number from 1 to {most}, not '{text}'.");

    // Each step looks first and changes only what is missing; nothing is opened beyond the addresses given, on every network profile.
    private const string Template = """
        # Makes this Windows machine reachable by WinRM over HTTPS. Run it as an administrator; it may run again and again.
        #Requires -RunAsAdministrator
        $ErrorActionPreference = 'Stop'
        $names = {names} | Select-Object -Unique
        $port = {port}
        $from = @({from})
        $thumbprint = '{thumbprint}'
        $localAdministrators = {localAdmins}

        # 1. The service runs, now and after a restart.
        Set-Service -Name WinRM -StartupType Automatic
        if ((Get-Service -Name WinRM).Status -ne 'Running') { Start-Service -Name WinRM }

        # 2. A certificate for server authentication: the one named, a good one that is there, or a new one.
        if (-not $thumbprint) {
            $good = Get-ChildItem Cert:\LocalMachine\My | Where-Object {
                $_.HasPrivateKey -and $_.NotAfter -gt (Get-Date).AddDays(30) -and
                $_.EnhancedKeyUsageList.ObjectId -contains '1.3.6.1.5.5.7.3.1' -and $_.DnsNameList.Unicode -contains $names[0]
            } | Sort-Object NotAfter -Descending | Select-Object -First 1
            if (-not $good) {
                $good = New-SelfSignedCertificate -DnsName $names -CertStoreLocation Cert:\LocalMachine\My -NotAfter (Get-Date).AddDays({days})
            }
            $thumbprint = $good.Thumbprint
        }

        # 3. An HTTPS listener with this certificate.
        $listener = Get-ChildItem WSMan:\localhost\Listener | Where-Object { $_.Keys -contains 'Transport=HTTPS' } | Select-Object -First 1
        $same = $listener -and
            (Get-ChildItem $listener.PSPath | Where-Object Name -eq 'CertificateThumbprint').Value -eq $thumbprint -and
            (Get-ChildItem $listener.PSPath | Where-Object Name -eq 'Port').Value -eq $port
        if ($listener -and -not $same) { Remove-Item -Path $listener.PSPath -Recurse -Force }
        if (-not $same) {
            New-Item -Path WSMan:\localhost\Listener -Transport HTTPS -Address * -Port $port -CertificateThumbPrint $thumbprint -Force | Out-Null
        }

        # 4. The firewall lets in whom we want, on every network profile.
        $rule = Get-NetFirewallRule -Name 'Farwire-WinRM-HTTPS' -ErrorAction SilentlyContinue
        if ($rule) {
            Set-NetFirewallRule -Name 'Farwire-WinRM-HTTPS' -LocalPort $port -RemoteAddress $from -Enabled True
        } else {
            New-NetFirewallRule -Name 'Farwire-WinRM-HTTPS' -DisplayName 'WinRM over HTTPS' -Direction Inbound -Protocol TCP -LocalPort $port -RemoteAddress $from -Profile Any -Action Allow | Out-Null
        }

        # 5. Local administrators keep their rights over the network, if that is wanted.
        if ($localAdministrators) {
            New-ItemProperty -Path HKLM:\SOFTWARE\Microsoft\Windows\CurrentVersion\Policies\System -Name LocalAccountTokenFilterPolicy -Value 1 -PropertyType DWord -Force | Out-Null
        }

        # What to pin: farwire run -H NAME --pin SHA256
        $sha256 = [System.BitConverter]::ToString([System.Security.Cryptography.SHA256]::Create().ComputeHash((Get-Item "Cert:\LocalMachine\My\$thumbprint").RawData)).Replace('-', '').ToLower()
        "https://$($names[0]):$port is ready; its certificate has the SHA-256 $sha256"
        """;

    internal const string Help = """
        farwire bootstrap: prints a PowerShell script that makes a Windows machine reachable by WinRM over HTTPS

        The service, a certificate, the HTTPS listener and a firewall rule; each step looks first, so that the script may run again. At the end it
        says which SHA-256 to pin. Plain HTTP stays as it is, and Basic stays off.

          --name NAME         of the machine, as clients call it; may come several times; its own when left out
          --from ADDRESS      who may come in: addresses and networks; the local subnet when left out
          --port N            5986 when left out
          --thumbprint HEX    this certificate of the machine's store, in place of a new one signed by itself
          --days N            how long a new certificate is good; 397 when left out
          --local-admins      local administrators keep their rights over the network (LocalAccountTokenFilterPolicy)

        Examples
          farwire bootstrap --name web1.example.org --from 10.0.0.0/8 > prepare.ps1
          farwire bootstrap --local-admins | ssh Administrator@web1 powershell -Command -
        """;
}
