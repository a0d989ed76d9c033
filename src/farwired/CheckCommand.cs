using System.Globalization;
using System.Net;
using System.Net.Sockets;
using Farwire.Hosting.Configuration;
using Farwire.Hosting.Listeners;
using Farwire.Linux.Accounts;
using Farwire.Linux.Files;
using Farwire.Processes.Limits;
using Farwire.Security.Kerberos;
using Farwire.Security.Ntlm;
using Farwire.Service.Configuration;

namespace Farwire.Daemon;

/// <summary><c>farwired check</c>: what this machine lets the service do, and what of its configuration cannot work.</summary>
/// <remarks>A line begins with <c>yes</c>, with <c>no</c> for what is missing and can be done without, or with <c>BAD</c> for what must be mended; then the exit code is 1.</remarks>
internal sealed class CheckCommand(TextWriter output, RunOptions options)
{
    private static readonly TimeSpan SoonExpired = TimeSpan.FromDays(30);

    private static readonly string[] StateFileNames = ["users", "key", "config.yaml"];

    private bool _isBad;

    public static int Run(string[] words, TextWriter output, TextWriter errors)
    {
        if (RunOptions.Parse(words, out var problem) is not { } options)
        {
            errors.WriteLine($"farwired: {problem}. check takes --config-dir DIR, --state-dir DIR, --socket PATH and --account NAME.");
            return 64;
        }

        return new CheckCommand(output, options).Run();
    }

    private int Run()
    {
        CheckMachine();
        CheckBroker();
        if (CheckFiles() is { } configuration)
        {
            CheckListeners(configuration);
        }

        return _isBad ? 1 : 0;
    }

    private void CheckMachine()
    {
        Say("proc", Directory.Exists("/proc/self"), "processes, memory and mounts can be read", "mount proc on /proc: processes, memory and mounts cannot be read without it");
        Say("systemd", Directory.Exists("/run/systemd/system"), "services are those of systemd", "no systemd runs here: there are no services to list");
        Say("machine-id", File.Exists("/etc/machine-id"), "the system has an identity", "no /etc/machine-id: SerialNumber stays empty; 'systemd-machine-id-setup' makes one");
        Say("dmi", File.Exists("/sys/class/dmi/id/product_name"), "maker and model are known", "no DMI data: Manufacturer and Model stay empty");
        Say("root", Environment.IsPrivilegedProcess, "all processes can be seen whole", "not root: details of other users' processes stay empty");
        Say("ntlm", NtlmService.IsAvailable, "NTLM and CredSSP can be offered", "this machine's policy forbids MD5 (FIPS): no NTLM, and CredSSP with Kerberos alone");
        Say("kerberos", KerberosService.IsAvailable, "Kerberos can be offered, when there is a keytab", "no libgssapi_krb5.so.2: Kerberos is not offered; on Debian 'apt install libgssapi-krb5-2'");
        Say("cgroup", ProcessLimits.HasControlGroups, "a command and all it started are ended in one step", "no control group can be made (cgroup v2, Linux 5.14, 'Delegate=yes' in the unit): commands are ended process by process");
        Say("limits", ProcessLimits.AreKeptByKernel, "the kernel keeps to MaxProcessesPerShell and MaxMemoryPerShellMB", "no controllers pids and memory here: a watcher ends what exceeds MaxProcessesPerShell and MaxMemoryPerShellMB");
        using var keys = KerberosService.TryOpen();
        Say("keytab", keys is not null, "there are keys for Kerberos services", "no keytab that can be read (KRB5_KTNAME or /etc/krb5.keytab): Kerberos is not offered");
    }

    // Who serves, who starts programs, and whether passwords of the system can be asked.
    private void CheckBroker()
    {
        var account = AccountDirectory.Find(options.Account);
        Say("account", account is { Uid: not 0 }, $"'{options.Account}' serves the network, without root's rights", $"there is no account '{options.Account}' without root's rights: 'useradd --system {options.Account}'");
        Say("broker", Environment.IsPrivilegedProcess && account is not null, "programs run as their callers", "without root there is no broker: programs run as the account that starts the service, and passwords of others cannot be asked");
        Say("pam", File.Exists("/etc/pam.d/farwire"), "the system's users can come with their password (/etc/pam.d/farwire)", "no /etc/pam.d/farwire: PAM decides by its service 'other', which mostly refuses");
    }

    private ServiceConfiguration? CheckFiles()
    {
        ServiceConfiguration? configuration = null;
        try
        {
            configuration = options.Files.Read();
            _ = AccessFile.Read(options.Files.AccessFile);
            Good("config", $"the files in {options.Files.ConfigFolder} and {options.Files.StateFolder} are right");
        }
        catch (ConfigurationFileException e)
        {
            Bad("config", e.Message);
        }

        // What belongs to root alone is closed to the service in front, which then does not start.
        if (Environment.IsPrivilegedProcess && AccountDirectory.Find(options.Account) is { Uid: not 0 } account)
        {
            foreach (var file in StateFiles().Where(file => !Ownership.MayRead(file, account)))
            {
                Bad("files", $"'{options.Account}' cannot read {file}: 'chown {options.Account} {file}'");
            }
        }

        return configuration;
    }

    private IEnumerable<string> StateFiles() =>
        StateFileNames.Select(name => Path.Combine(options.Files.StateFolder, name)).Where(File.Exists)
            .Concat(Directory.Exists(options.Files.CertificateFolder) ? Directory.EnumerateFiles(options.Files.CertificateFolder) : [])
            .Concat(options.Files.PeoplesFiles);

    private void CheckListeners(ServiceConfiguration configuration)
    {
        var listeners = configuration.EntriesOf(ConfigurationTable.Listeners).Where(entry => entry.IsTrue("Enabled")).ToList();
        Say("listeners", listeners.Count > 0, $"{listeners.Count} of them are configured", "none: nothing is open to the network; 'winrm quickconfig' makes one");
        var certificates = new CertificateStore(options.Files.CertificateFolder, TimeProvider.System);
        var isRunning = IsRunning();
        foreach (var listener in listeners)
        {
            if (listener["Transport"] == "HTTPS")
            {
                CheckCertificate(listener, certificates);
            }

            if (!isRunning)
            {
                CheckPort(listener, int.Parse(configuration.PortOf(listener), CultureInfo.InvariantCulture));
            }
        }

        Say("service", isRunning, $"it runs, and answers at {options.Socket}; 'farwired health' says how its listeners are", "it does not run");
        if (configuration.IsTrue("Service/AllowUnencrypted"))
        {
            Note("clear", "AllowUnencrypted is true: passwords and messages can be read on the way");
        }
    }

    private void CheckCertificate(ConfigurationEntry listener, CertificateStore certificates)
    {
        if (certificates.Find(listener["CertificateThumbprint"], listener["Hostname"], out var missing) is not { } certificate)
        {
            Bad("certificate", $"{listener.Id}: {missing}");
        }
        else if (certificate.NotAfter - DateTime.Now < SoonExpired)
        {
            Note("certificate", $"{listener.Id}: {certificate.Subject} ends on {certificate.NotAfter:yyyy-MM-dd}; put a renewed one into {certificates.Folder}, it counts at once");
        }
        else
        {
            Good("certificate", $"{listener.Id}: {certificate.Subject}, until {certificate.NotAfter:yyyy-MM-dd}");
        }
    }

    private void CheckPort(ConfigurationEntry listener, int port)
    {
        try
        {
            using var probe = new TcpListener(IPAddress.IPv6Any, port);
            probe.Server.DualMode = true;
            probe.Start();
            Good("port", $"{listener.Id}: {port} is free");
        }
        catch (SocketException e)
        {
            Bad("port", $"{listener.Id}: {port} cannot be had: {e.Message}; 'ss -ltnp sport = :{port}' says who has it");
        }
    }

    private bool IsRunning()
    {
        using var probe = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        try
        {
            probe.Connect(new UnixDomainSocketEndPoint(options.Socket));
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }

    private void Say(string what, bool there, string yes, string no) => Line(there ? "yes" : "no", what, there ? yes : no);

    private void Good(string what, string text) => Line("yes", what, text);

    private void Note(string what, string text) => Line("no", what, text);

    private void Bad(string what, string text)
    {
        _isBad = true;
        Line("BAD", what, text);
    }

    private void Line(string state, string what, string text) => output.WriteLine($"{state,-4} {what,-11} {text}");
}
