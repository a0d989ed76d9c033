namespace Farwire.CommandLine.WinRm;

/// <summary>The verbs of winrm.</summary>
internal static class Verbs
{
    public static readonly Verb[] All =
    [
        new("get", ["g"], "RESOURCE", GetVerb.RunAsync)
        {
            Switches = ["fragment", "dialect", "options"],
            Help = """
                Reads one resource. Its keys stand behind '?'; what there is only one of needs none.

                  -fragment:PATH    a part of it, such as Name or Tags[2]; -dialect:URI says in which language, XPath when left out

                Examples
                  winrm get wmicimv2/Win32_OperatingSystem -r:https://box:5986 -u:ann
                  winrm get wmicimv2/Win32_Process?Handle=1 --connect connection.json -format:pretty
                  winrm get winrm/config -r:https://box:5986 -u:ann -o json
                """,
        },
        new("enumerate", ["enum", "e"], "RESOURCE", EnumerateVerb.RunAsync)
        {
            Switches = ["filter", "dialect", "associations", "returntype", "shallow", "basepropertiesonly", "options"],
            Help = """
                Lists the instances of a resource, as they arrive.

                  -filter:TEXT -dialect:wql|selector|association|URI    which of them; 'winrm help filters' says more
                  -associations                         with an association filter: the associations, not what they lead to
                  -returntype:object|epr|objectandepr   instances, references to them, or both
                  -shallow                              of the class itself, not of those derived from it
                  -basepropertiesonly                   derived instances with the properties of the class alone

                Examples
                  winrm enumerate wmicimv2/Win32_LogicalDisk --connect connection.json
                  winrm e wmicimv2/* -filter:"select Name from Win32_Process where ProcessId < 100" -r:https://box:5986 -u:ann
                  winrm e shell -r:https://box:5986 -u:ann -returntype:epr
                """,
        },
        new("set", ["s", "put", "p"], "RESOURCE @{NAME=\"VALUE\";…}", SetVerb.RunAsync)
        {
            Switches = ["fragment", "dialect", "options", "file"],
            Help = """
                Changes a resource, and shows it as it is then. The properties given are put into what the service has now; -file:INPUT.xml sends a
                whole representation as it is.

                  -fragment:PATH    only a part of it, such as Name; -dialect:URI says in which language, XPath when left out

                Examples
                  winrm set winrm/config/winrs @{MaxShellsPerUser="100"} -r:https://box:5986 -u:ann
                  winrm set winrm/config/listener?Address=*+Transport=HTTP @{Enabled="false"} -r:https://box:5986 -u:ann
                In bash and zsh quote what holds ? * { } $: '@{MaxShellsPerUser="100"}'.
                """,
        },
        new("create", ["c"], "RESOURCE @{NAME=\"VALUE\";…}", CreateVerb.RunAsync)
        {
            Switches = ["file", "options"],
            Help = """
                Makes a resource, and shows the reference to it.

                Examples
                  winrm create 'winrm/config/listener?Address=*+Transport=HTTPS' '@{Hostname="box";CertificateThumbprint="…"}' -r:https://box:5986 -u:ann
                  winrm create winrm/config/listener?Address=*+Transport=HTTP -file:listener.xml -r:https://box:5986 -u:ann
                """,
        },
        new("delete", ["d"], "RESOURCE", DeleteVerb.RunAsync)
        {
            Switches = ["options"],
            Help = """
                Removes a resource, and shows nothing.

                Example
                  winrm delete 'winrm/config/listener?Address=*+Transport=HTTP' -r:https://box:5986 -u:ann
                """,
        },
        new("invoke", ["i"], "METHOD RESOURCE @{NAME=\"VALUE\";…}", InvokeVerb.RunAsync)
        {
            Switches = ["file", "options"],
            Help = """
                Runs a method of a resource, and shows what it answers. @{}, or nothing, is for methods without parameters.

                Examples
                  winrm invoke StartService wmicimv2/Win32_Service?Name=cron -r:https://box:5986 -u:ann
                  winrm invoke Create wmicimv2/Win32_Process '@{CommandLine="sleep 60"}' -r:https://box:5986 -u:ann
                """,
        },
        new("identify", ["id"], "-remote:HOST", IdentifyVerb.RunAsync)
        {
            Help = """
                Asks a service which protocol it speaks, whose product it is, and which version. -authentication:none asks without a user; the
                service then tells less.

                Examples
                  winrm identify -r:https://box:5986 -u:ann
                  winrm identify -r:box -auth:none -unencrypted
                  winrm identify --connect connection.json -o json
                """,
        },
        new("quickconfig", ["qc"], "", QuickConfigVerb.RunAsync)
        {
            Switches = ["quiet", "force", "transport", "--dry-run", "--certificates"],
            Help = """
                Sets the service of this machine up to be reached from others: it runs and starts with the machine, listens on all addresses, has
                a certificate for HTTPS, and the firewall (firewalld, ufw or nftables, whichever is active) lets it through. It lists what is
                missing, asks, does it, and looks whether it worked.

                  -quiet                does not ask
                  -transport:http|https http when left out
                  -force                does not ask, and leaves the firewall alone
                  --dry-run             lists what is missing, and changes nothing
                  --certificates DIR    where a certificate is made; /etc/farwire/certificates when left out

                Examples
                  winrm quickconfig
                  winrm quickconfig -q -transport:https
                  winrm qc --dry-run
                """,
        },
        new("configsddl", [], "default|URI [NAMESPACE] [SDDL]", ConfigSddlVerb.RunAsync)
        {
            Help = """
                Shows who may do what at a resource and those below it, or sets it. 'default' is for all that have no rule of their own
                (RootSDDL). A CIM namespace may be given after the URI that it belongs to. 'winrm enumerate winrm/config/security' lists all
                rules; deleting one of them there takes back what was set.

                Examples
                  winrm configsddl default
                  winrm configsddl default "O:NSG:BAD:P(A;;GA;;;BA)(A;;GX;;;RM)"
                  winrm configsddl http://schemas.microsoft.com/wbem/wsman/1/wmi/ root/cimv2
                  winrm configsddl wmicimv2 "O:NSG:BAD:P(A;;GA;;;BA)(A;;GR;;;AU)"
                """,
        },
        new("helpmsg", [], "NUMBER", HelpMessageVerb.RunAsync)
        {
            IsRemote = false,
            Help = """
                Explains an error number, written in decimal, with its sign as Windows prints it, or in hexadecimal with 0x.

                Examples
                  winrm helpmsg 5
                  winrm helpmsg 0x80338012
                  winrm helpmsg -2144108526
                """,
        },
    ];

    public static Verb? Find(string word) => Array.Find(All, verb => verb.IsCalled(word));
}
