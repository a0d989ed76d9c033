namespace Farwire.CommandLine.WinRm;

/// <summary>The pages of <c>winrm help TOPIC</c> about what every verb has in common.</summary>
internal static class WinRmTopics
{
    public const string Uris = """
        RESOURCE is a resource URI, with keys behind '?', several joined by '+':

          wmicimv2/CLASS            a class of root/cimv2
          wmi/root/NAMESPACE/CLASS  a class of another namespace
          cimv2/CLASS               a class by its DMTF name
          winrm/config              how the service is set up; 'winrm help config' lists what lies below
          shell                     the open shells
          http://…                  any URI as it is

        wmicimv2/* with a WQL filter asks all classes of the namespace. A class of which there is one instance needs no keys. URIs do not depend on the
        case of letters; names of properties and what stands in -fragment and -file do.

        Examples
          winrm get wmicimv2/Win32_OperatingSystem -r:https://box:5986 -u:ann
          winrm get 'wmicimv2/Win32_Process?Handle=1' -r:https://box:5986 -u:ann
          winrm get 'winrm/config/listener?Address=*+Transport=HTTPS'
          winrm enumerate wmi/root/hardware/CIM_NumericSensor -r:https://box:5986 -u:ann
        """;

    public const string Aliases = """
        The short beginnings of a resource URI, and what they stand for:

          wmi         http://schemas.microsoft.com/wbem/wsman/1/wmi
          wmicimv2    http://schemas.microsoft.com/wbem/wsman/1/wmi/root/cimv2
          cimv2       http://schemas.dmtf.org/wbem/wscim/1/cim-schema/2
          winrm       http://schemas.microsoft.com/wbem/wsman/1
          wsman       http://schemas.microsoft.com/wbem/wsman/1
          shell       http://schemas.microsoft.com/wbem/wsman/1/windows/shell

        An alias counts on the command line alone, at the beginning of RESOURCE; inside XML the whole URI must stand.

        Examples
          winrm get wmicimv2/Win32_ComputerSystem -r:https://box:5986 -u:ann
          winrm get http://schemas.microsoft.com/wbem/wsman/1/wmi/root/cimv2/Win32_ComputerSystem -r:https://box:5986 -u:ann
        """;

    public const string Config = """
        The service's settings are resources below winrm/config:

          winrm/config                  everything but what is listed below
          winrm/config/client           this side: NetworkDelayms, URLPrefix, AllowUnencrypted, TrustedHosts; .../client/auth, .../client/defaultports
          winrm/config/service          the service: RootSDDL, limits, filters of addresses; .../service/auth, .../service/defaultports
          winrm/config/winrs            remote shells: AllowRemoteShellAccess, IdleTimeout, and how much of each kind a user may have
          winrm/config/listener         where it listens; the keys are Address and Transport
          winrm/config/service/certmapping       which account a client certificate stands for; 'winrm help certmapping'
          winrm/config/winrs/customremoteshell   programs that serve as shells; 'winrm help customremoteshell'
          winrm/config/plugin           what serves which resources

        A value that policy sets is shown with [Source="GPO"] and cannot be changed. Address is *, IP:ADDRESS or MAC:ADDRESS; Transport is HTTP or HTTPS.
        TrustedHosts is a list with commas: names, *, *.example.org, <local>, IPv6 addresses in brackets.

        Examples
          winrm get winrm/config
          winrm get winrm/config/service/auth
          winrm set winrm/config/winrs '@{MaxShellsPerUser="7"}'
          winrm set winrm/config/client '@{TrustedHosts="box,[2001:db8::1]"}'
          winrm enumerate winrm/config/listener
          winrm create 'winrm/config/listener?Address=*+Transport=HTTP' '@{Port="5985"}'
          winrm delete 'winrm/config/listener?Address=*+Transport=HTTP'
          winrm invoke restore winrm/config '@{}'            everything as it was at first
        """;

    public const string CertMapping = """
        A certificate mapping says which account a client certificate stands for. Its keys are

          URI        the resources it is good for; * at the end means all that begin so
          Subject    the name in the certificate (UPN or DNS); * at the beginning or the end means any
          Issuer     the thumbprint of the authority's certificate, which this machine must trust

        Its values are UserName, Password and Enabled; the password is never shown again. Of several that fit, the longest Subject counts, then the longest
        URI. The service must take certificates: winrm set winrm/config/service/auth '@{Certificate="true"}'.

        Examples
          winrm create 'winrm/config/service/certmapping?Issuer=THUMBPRINT+Subject=*@example.org+URI=*' '@{UserName="ann";Password="…"}' -r:localhost
          winrm enumerate winrm/config/service/certmapping
          winrm set 'winrm/config/service/certmapping?Issuer=THUMBPRINT+Subject=*@example.org+URI=*' '@{Enabled="false"}'
          winrm delete 'winrm/config/service/certmapping?Issuer=THUMBPRINT+Subject=*@example.org+URI=*'
        """;

    public const string CustomRemoteShell = """
        A custom remote shell is a program that serves as a shell under a URI of its own, beside the command shell. Its key is URI; its values are Shell,
        the program, in which $NAME and %NAME% are variables of the environment, and Arguments.

        Examples
          winrm create 'winrm/config/winrs/customremoteshell?URI=http://example.org/python' '@{Shell="/usr/bin/python3";Arguments="-i"}'
          winrm enumerate winrm/config/winrs/customremoteshell
          winrm delete 'winrm/config/winrs/customremoteshell?URI=http://example.org/python'
        """;

    public const string Remoting = """
        Every verb works on this machine, and with -remote on another; quickconfig sets up this one alone.

          -remote:HOST                  HTTP, port 5985; messages are sealed, or the host is not talked to
          -remote:HOST -usessl          HTTPS, port 5986
          -remote:http://HOST           port 80, as everywhere; https://HOST is 443
          -remote:https://HOST:PORT/PREFIX   the prefix is wsman when left out; IPv6 stands in brackets

        Over HTTP a host must prove itself by Kerberos, or be among the trusted hosts; over HTTPS its certificate does. Without -username the tickets of
        kinit are used.

        Examples
          winrm get winrm/config -r:box.example.org
          winrm identify -r:box.example.org -usessl -u:EXAMPLE\ann
          winrm enumerate shell -r:https://[2001:db8::1]:5986 -u:ann
        """;

    public const string Auth = """
        How one proves who one is: -authentication:METHOD.

          none          not at all; identify only
          basic         user and password, over HTTPS, or in the clear where both sides allow that
          digest        a hash of the password; for management controllers and others, not for Windows' service
          negotiate     Kerberos where it can be had, else NTLM: the default with a user. DOMAIN\USER or HOST\USER
          kerberos      by name only, not by address: the default without a user, with the tickets of kinit
          certificate   -certificate:FILE or THUMBPRINT, over HTTPS, mapped to an account there
          credssp       hands the password on, so that the service can go to a third machine

        -username:USER names the user; the password comes from --password-file FILE, FARWIRE_PASSWORD, or is asked for. Each method can be switched off on
        either side in winrm/config/client/auth and winrm/config/service/auth.

        Examples
          winrm get winrm/config -r:https://box:5986 -a:basic -u:ann
          winrm get winrm/config -r:box.example.org -a:kerberos
          winrm get winrm/config -r:https://box:5986 -a:certificate -certificate:ann.pem
          winrm identify -r:https://box:5986 -a:none
        """;

    public const string Input = """"
        set, create and invoke take properties as @{NAME="VALUE";NAME="VALUE"}, or a file with one XML element as -file:INPUT.xml.

          @{Port="5985";Hostname='box'}   quotes of either kind, or none where the value has no ';'
          @{Name="say ""hi"""}            a quote inside is doubled, or comes after a backslash
          @{Owner=$null}                  no value
          @{Tags="a";Tags="b"}            an array (create, invoke)
          @{cfg:Port="1"}                 a prefix counts for nothing

        In bash and zsh put it in single quotes, or the shell eats quotes, $null and what stands behind ';'.

        Examples
          winrm set winrm/config/winrs '@{MaxShellsPerUser="7";IdleTimeout="60000"}'
          winrm create 'winrm/config/listener?Address=*+Transport=HTTP' -file:listener.xml
          winrm invoke restore winrm/config '@{}'
        """";

    public const string Filters = """
        enumerate takes -filter:TEXT in one of these dialects; wql is the default.

          -dialect:wql          "select Name from Win32_Process where ProcessId < 100", with the resource wmicimv2/*
          -dialect:selector     {State="Running";StartMode="Auto"}: instances with these values
          -dialect:association  {Object=Win32_Service?Name=cron;ResultClassName=Win32_Process}: what is associated with an instance; also
                                AssociationClassName, Role, ResultRole. -associations lists the associations themselves.
          -dialect:URI          any other, its text as it is

        get and set take -fragment:PATH, a part of the resource in XPath: Name, Tags[2]; the first of an array is 1.

        Examples
          winrm enumerate 'wmicimv2/*' -filter:"select * from Win32_Service where State='Running'" -r:https://box:5986 -u:ann
          winrm enumerate wmicimv2/Win32_Service -dialect:selector -filter:'{State="Running"}' -r:https://box:5986 -u:ann
          winrm enumerate 'wmicimv2/*' -dialect:association -filter:'{Object=Win32_Service?Name=cron}' -r:https://box:5986 -u:ann
          winrm get wmicimv2/Win32_OperatingSystem -fragment:FreePhysicalMemory -r:https://box:5986 -u:ann
        """;

    public const string Proxy = """
        Through a proxy the way must be https, unless the proxy asks for no user.

          -proxyaccess:no_proxy                            go without
          -proxyaccess:ie_settings|winhttp_settings|auto_detect    what the system says: HTTPS_PROXY and NO_PROXY of the environment
          --proxy URL                                      this one: http://proxy:3128
          -proxyauthentication:basic|digest|negotiate      how to prove oneself there
          -proxyusername:USER                              who to be there; the password comes from FARWIRE_PROXY_PASSWORD, or is asked for

        The proxy's user has nothing to do with the service's.

        Examples
          winrm identify -r:https://box:5986 -u:ann --proxy http://proxy:3128
          winrm identify -r:https://box:5986 -u:ann -pac:auto_detect -pa:negotiate -pu:EXAMPLE\ann
        """;
}
