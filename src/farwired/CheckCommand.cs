using Farwire.Processes.Limits;
using Farwire.Security.Kerberos;
using Farwire.Security.Ntlm;

namespace Farwire.Daemon;

/// <summary><c>farwired check</c>: what this machine lets the service do.</summary>
internal static class CheckCommand
{
    public static int Run(TextWriter output)
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
        return 0;

        void Say(string what, bool there, string yes, string no) => output.WriteLine($"{(there ? "yes" : "no "),-4} {what,-11} {(there ? yes : no)}");
    }
}
