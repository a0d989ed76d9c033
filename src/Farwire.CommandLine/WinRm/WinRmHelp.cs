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
          winrm helpmsg NUMBER                   explain an error number

        winrm VERB -? explains a verb; winrm help TOPIC explains uris, input, filters, switches.
        Switches are written -name:value or /name:value, in upper or lower case; ours are --name VALUE. The exit code is 0, or 1 when anything failed.

        Examples
          winrm identify -r:https://box:5986 -u:ann
          winrm get wmicimv2/Win32_OperatingSystem -r:https://box:5986 -u:ann
          winrm enumerate wmicimv2/Win32_LogicalDisk --connect connection.json -o json
        """;

    private const string Uris = """
        RESOURCE is a resource URI, with keys behind '?', several joined by '+':

          wmicimv2/CLASS            a class of root/cimv2
          wmi/root/NAMESPACE/CLASS  a class of another namespace
          cimv2/CLASS               a class by its DMTF name
          winrm/PATH, wsman/PATH    below http://schemas.microsoft.com/wbem/wsman/1, such as winrm/config
          shell                     the open shells
          http://…                  any URI as it is

        wmicimv2/* with a WQL filter asks all classes of the namespace. URIs do not depend on the case of letters.

          wmicimv2/Win32_Process?Handle=1
          winrm/config/listener?Address=*+Transport=HTTPS
        """;

    private const string InputText = """"
        set, create and invoke take properties as @{NAME="VALUE";NAME="VALUE"}, or a file with one XML element as -file:INPUT.xml.

          @{Port="5985";Hostname='box'}   quotes of either kind, or none where the value has no ';'
          @{Name="say ""hi"""}            a quote inside is doubled, or comes after a backslash
          @{Owner=$null}                  no value
          @{Tags="a";Tags="b"}            an array (create, invoke)
          @{cfg:Port="1"}                 a prefix counts for nothing

        In bash and zsh put it in single quotes: '@{Owner=$null}'.
        """";

    private const string Filters = """
        enumerate takes -filter:TEXT in one of these dialects; wql is the default.

          -dialect:wql          "select Name from Win32_Process where ProcessId < 100", with the resource wmicimv2/*
          -dialect:selector     {State="Running";StartMode="Auto"}: instances with these values
          -dialect:association  {Object=Win32_Service?Name=cron;ResultClassName=Win32_Process}: what is associated with an instance; also
                                AssociationClassName, Role, ResultRole. -associations lists the associations themselves.
          -dialect:URI          any other, its text as it is
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
          --output json        one JSON object a line; faults as JSON on standard error (short: -o json)
          -encoding:utf-8|utf-16                           of the requests
          -timeout:MS          how long the service may work on an operation
          -options:{K="V"}     options of the request
        """;

    public static string Of(string topic) => topic.ToUpperInvariant() switch
    {
        "URIS" or "URI" or "ALIASES" or "ALIAS" => Uris,
        "INPUT" => InputText,
        "FILTERS" or "FILTER" => Filters,
        "SWITCHES" or "SWITCH" or "AUTH" => SwitchesText,
        _ => Verbs.Find(topic) is { } verb
            ? verb.Usage + "\n\n" + verb.Help + (verb.IsRemote ? "\n\nwinrm help switches lists the switches that say where, who and how." : "")
            : throw new UsageException($"there is no help on '{topic}'; there is on {string.Join(", ", Verbs.All.Select(v => v.Name))}, uris, input, filters, switches."),
    };
}
