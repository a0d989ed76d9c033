using Farwire.CommandLine.Grammar;

namespace Farwire.CommandLine.WinRm;

/// <summary>What winrm says about itself.</summary>
internal static class WinRmHelp
{
    public const string Overview = """
        winrm: manage a computer through WS-Management

          winrm get RESOURCE                     read one resource (short: g)
          winrm enumerate RESOURCE               list resources (short: enum, e)
          winrm set RESOURCE @{K="V";…}          change a resource (short: s, put, p)
          winrm create RESOURCE @{K="V";…}       make a resource (short: c)
          winrm delete RESOURCE                  remove a resource (short: d)
          winrm invoke METHOD RESOURCE @{K="V"}  run a method of a resource (short: i)
          winrm identify -remote:HOST            ask a service what it is (short: id)
          winrm quickconfig                      set this machine's service up to be reached (short: qc)
          winrm configsddl default               show or set who may do what
          winrm helpmsg NUMBER                   explain an error number

        winrm VERB -? explains a verb; winrm help TOPIC explains one of
          uris, aliases, config, certmapping, customremoteshell, remoting, auth, input, filters, switches, proxy
        Switches are written -name:value or /name:value, in upper or lower case; ours are --name VALUE. The exit code is 0, or 1 when anything failed.

        Examples
          winrm identify -r:https://box:5986 -u:ann
          winrm get wmicimv2/Win32_OperatingSystem -r:https://box:5986 -u:ann
          winrm enumerate wmicimv2/Win32_LogicalDisk --connect connection.json -o json
        """;

    private const string SwitchesText = """
        Where
          -remote:[http://|https://]HOST[:PORT][/PREFIX]   short -r; a bare host is port 5985, with -usessl 5986; http:// is 80, https:// is 443
          -usessl              TLS for a bare host (short: -ssl)
          -unencrypted         clear text over HTTP, which is refused otherwise (short: -un)
          -skipCAcheck         any issuer of the certificate will do
          -skipCNcheck         any name in the certificate will do
          -skipRevocationCheck the authority is not asked whether it has revoked the certificate
          --ca FILE            trust the authorities in this PEM file, not the system's
          --pin SHA256         trust exactly this certificate
          --trust-first-use    trust the certificate this host shows now, and from then on no other (known_hosts)
          --trusted-hosts LIST hosts that may be talked to over HTTP though they prove nothing: names, *, *.example.org, <local>
          --connect FILE       address, user, password and pin from a connection.json
        Who
          -username:USER       short -u; the password comes from --password-file FILE (- is standard input), FARWIRE_PASSWORD, or is asked for
          -password:TEXT       short -p; others on the machine can read it
          -authentication:none|basic|digest|negotiate|kerberos|certificate|credssp   short -auth, -a; none goes with identify. Without it: negotiate
                               with a user, kerberos with tickets
          -certificate:FILE|THUMBPRINT                     short -c; your certificate and its key in PEM
          -defaultCreds        your own tickets by negotiate, over https
          -SPNPort             the port is part of the service's name in Kerberos
        Through a proxy (HTTPS_PROXY and NO_PROXY of the environment, unless said otherwise)
          -proxyaccess:no_proxy|auto_detect|ie_settings|winhttp_settings             short -pac; the last three mean the environment
          --proxy URL          this one, such as http://proxy:3128
          -proxyauthentication:basic|digest|negotiate      short -pa; over https alone
          -proxyusername:USER  short -pu; the password comes from FARWIRE_PROXY_PASSWORD, or is asked for
        How
          -format:text|pretty|xml                          short -f
          --output json        one JSON object a line; faults as JSON on standard error (short: -o json); also csv, yaml, table
          -encoding:utf-8|utf-16                           of the requests
          -timeout:MS          how long the service may work on an operation
          -options:{K="V"}     options of the request

        Examples
          winrm get winrm/config -r:box -ssl -u:ann -f:pretty
          winrm get winrm/config /remote:https://box:5986 /username:ann --pin SHA256
        """;

    public static string Of(string topic) => topic.ToUpperInvariant() switch
    {
        "URIS" or "URI" => WinRmTopics.Uris,
        "ALIASES" or "ALIAS" => WinRmTopics.Aliases,
        "CONFIG" => WinRmTopics.Config,
        "CERTMAPPING" => WinRmTopics.CertMapping,
        "CUSTOMREMOTESHELL" => WinRmTopics.CustomRemoteShell,
        "REMOTING" or "REMOTE" => WinRmTopics.Remoting,
        "AUTH" or "AUTHENTICATION" => WinRmTopics.Auth,
        "INPUT" => WinRmTopics.Input,
        "FILTERS" or "FILTER" => WinRmTopics.Filters,
        "SWITCHES" or "SWITCH" => SwitchesText,
        "PROXY" => WinRmTopics.Proxy,
        _ => Verbs.Find(topic) is { } verb
            ? verb.Usage + "\n\n" + verb.Help + (verb.IsRemote ? "\n\nwinrm help switches lists the switches that say where, who and how." : "")
            : throw new UsageException(
                $"there is no help on '{topic}'; there is on {string.Join(", ", Verbs.All.Select(v => v.Name))}, "
                + "uris, aliases, config, certmapping, customremoteshell, remoting, auth, input, filters, switches, proxy."),
    };
}
