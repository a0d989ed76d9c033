using Farwire.CommandLine.Documentation;

namespace Farwire.Daemon;

internal static class Usage
{
    public const string Text = """
        farwired: the Farwire service, Windows Remote Management for this machine

          farwired run                      serve this machine as its configuration says; 'farwired run --help' says more
          farwired run --ephemeral DIR      serve on free loopback ports until SIGTERM or Ctrl-C; 'farwired run --help' says more
          farwired collector                collect events that other machines forward; 'farwired collector --help' says more
          farwired user add NAME            add a user; the password is asked for, or read from standard input
                       [--account ACCOUNT]  the Unix account the user's work runs as; default: yours
                       [--nt-hash]          keep the NT hash too, sealed, for NTLM and CredSSP
          farwired user passwd NAME         give a new password [--nt-hash]
          farwired user remove NAME         remove a user
          farwired user list                list names, accounts and the methods that need the password
                       [--file FILE]        of each: the user file, /var/lib/farwire/users
                       [--key FILE]         the key that NT hashes are sealed under; default: 'key' beside the user file
          farwired bmc seal NAME            seal the password of a controller, read from standard input, for /etc/farwire/bmc.yaml [--key FILE]
          farwired config show [--origin]   the settings in force, and with --origin the file and line that set each
          farwired config check             say whether the files of the configuration are right
          farwired check                    say what this machine lets the service do, and what of its configuration cannot work: files that are
                                            broken or cannot be read, ports taken, certificates without key or at their end; then it ends
                                            with 1. It takes --config-dir, --state-dir, --socket and --account as 'run' does
          farwired health                   say how the service and its listeners are; ends with 1 when something is amiss
          farwired metrics                  what the service counts, as Prometheus reads it
          farwired trace                    show every message as it comes and goes, without secrets, until Ctrl-C
                       [--socket PATH]      of these three: the service's socket, /run/farwire/local.sock
          farwired completion SHELL         completion for bash, zsh or fish
          farwired man                      this page for the manual
          farwired --version
        """;

    public const string Run = """
        farwired run: the service of this machine

        It reads /etc/farwire/farwired.yaml, farwired.d/*.yaml, policy.yaml, which wins over all, and /var/lib/farwire/config.yaml, where changes by
        wire are kept. They are read again when they change, and on SIGHUP; a broken one changes nothing. No port is open until a listener is
        configured. /etc/farwire/access.yaml, read at start, says who may do what,
        and bmc.yaml which management controllers are served. Commands on this machine reach it by a Unix socket. As root it serves as an account without rights, with a broker behind it.

          --config-dir DIR      instead of /etc/farwire
          --state-dir DIR       instead of /var/lib/farwire
          --socket PATH         instead of /run/farwire/local.sock
          --loopback-port PORT  a port on 127.0.0.1 that needs no listener, such as 47001
          --account NAME        the account that root serves as; farwire
          --log-level LEVEL     what the log tells: error, warning, information (the default), or debug, with every message but its secrets
          --log-format FORMAT   text, or json for those who collect logs
          --alone               as root: one process, without a broker, for root alone
          --with-collector      the event collector is part of this process; else what is meant for it is handed to 'farwired collector',
                                and answered with 503 while that does not run

        SIGTERM lets requests under way end, and ends it.

        farwired run --ephemeral DIR: a service for one run, for tests and for trying out

        It listens on two free loopback ports, HTTP and HTTPS, with a certificate and a user made for this run, and serves this machine's CIM data
        and command shells as the account that starts it, and collects events that sources bring. DIR/connection.json, readable by that account alone,
        appears once it answers:

          http, https          the addresses
          user, password       for Basic, and for Negotiate with NTLM
          certificateSha256    the certificate to pin
          page                 with --page: the page on events, for a browser; it asks for user and password
          pid                  the process to end

        DIR/certificate.pem is that certificate, for clients that want a file to trust.

        --as ACCOUNT, for root: the service itself runs as ACCOUNT, which owns DIR, and a broker with root's rights beside it checks the passwords
        of the system's users (PAM, service 'farwire') and starts their programs as them. Who may: members of the groups farwire-admin and
        remote-management.

        --page adds a page for browsers on a third port, where collected events can be searched and subscriptions made.

        --bmc NAME=USER@HOST[:PORT],PASSWORDFILE serves the machine NAME behind the management controller at HOST as root/hardware, and may be given
        several times; without it, this machine's own controller (/dev/ipmi0) is served when there is one.

        --bmc-endpoint, before any --bmc, stands in for the web service of a management controller: the hardware classes alone, no shells, and Digest
        and Basic as the only ways to authenticate.

        SIGTERM, SIGINT (Ctrl-C) or SIGHUP ends it; it then removes what it wrote, and DIR when it made it.

        Examples
          farwired run --ephemeral /tmp/farwire &
          farwire winrm identify --connect /tmp/farwire/connection.json
          farwired run --ephemeral /tmp/rack --bmc node1=admin@bmc1,/etc/farwire/bmc1.password
          farwire winrm enumerate wmi/root/hardware/NumericSensor --connect /tmp/rack/connection.json
          kill $(jq .pid /tmp/farwire/connection.json)
        """;

    public const string Collector = """
        farwired collector: collects the events that other machines forward, as a process of its own

        Machines and commands reach it through the ports of 'farwired run', which hands over what is meant for it. Killed, it takes nothing else
        along. /etc/farwire/collector.yaml says how long events are kept and where they go on to; all else is as for 'farwired run'. Subscriptions
        and events lie in /var/lib/farwire/collector.

          --config-dir DIR      instead of /etc/farwire
          --state-dir DIR       instead of /var/lib/farwire
          --socket PATH         the local socket of 'farwired run', /run/farwire/local.sock; collector.sock lies beside it
          --account NAME        the account that root serves as; farwire
          --alone               as root: one process, without a broker

        collector-local.sock, beside collector.sock, answers also while 'farwired run' does not: FARWIRE_SOCKET=… wecutil gr NAME, and measurements of
        sources, store and outputs by 'farwired metrics --socket'.

        SIGTERM lets what is under way be stored, and ends it.

        collector.yaml
          PublicAddress: https://wec.corp.example:5986/wsman     the address that machines are told; else the one they asked at
          Subscriptions: [/etc/farwire/subscriptions]            folders of subscription files, beside those that commands made
          Store: { MaxAge: 90d, MaxBytes: 100GB, MinFreeBytes: 1GB }
          Sources: { TrustedHosts: "*.lab", AllowUnencrypted: false, Authorities: ca.pem, Keytab: /etc/krb5.keytab }
          MinRetry: 1m    MaxRetry: 1h                           waits before a source that did not answer is tried again
          Page: { Address: 127.0.0.1, Port: 5983 }               a page for browsers: search, live events, sources, subscriptions; beyond loopback
                                                                 it needs a Certificate, as a listener has one
          Listeners:                                             ports of its own, which outlive 'farwired run'
            - { Address: 0.0.0.0, Port: 5987, Certificate: /etc/farwire/certificates/wec.pem }
            - { Address: 0.0.0.0, Port: 5985, Balancers: [10.0.0.5] }    connections from there say first where they come from (PROXY protocol)
          Nodes: { Connection: Host=db;Database=events;Username=farwire, PasswordFile: /etc/farwire/db.password }
                                                                 everything is in PostgreSQL, for several collectors behind a balancer
          Outputs:
            - { Name: siem, Type: Syslog, Host: siem.corp.example, Tls: true, Format: Ecs }
            - { Name: lake, Type: PostgreSql, Connection: Host=db;Database=events;Username=farwire, PasswordFile: /etc/farwire/db.password }
          Types: File (Path MaxBytes), Syslog and Tcp (Host Port Tls Authorities), Http, Splunk and Elasticsearch (Address AuthorizationFile Index),
          PostgreSql (Connection PasswordFile Table), RabbitMq (Address PasswordFile Exchange RoutingKey),
          Collector (Address Subscription, User PasswordFile Basic or Keytab). All take Format: Json, Ecs or Xml;
          Policy: Buffer, DropOldest or Block, with MaxLag; BatchEvents; MinRetry, MaxRetry; DeadLetterFile; and Events, which ones:
          { Channel, Computer, Provider, Source, Subscription, EventId, Level, Text, XPath, Query }.
        """;

    public const string Source = """
        farwired source: forwards the events of this machine to collectors, as a process of its own

        It reads the journal as channels of Windows events, asks every collector that /etc/farwire/source.yaml names for its subscriptions, and sends
        what they ask for: batch by batch, the next only after the one before was acknowledged. Collectors may also subscribe by themselves, through
        the ports of 'farwired run'. Where each subscription is lies in /var/lib/farwire/source.

          --config-dir DIR      instead of /etc/farwire
          --state-dir DIR       instead of /var/lib/farwire
          --socket PATH         the local socket of 'farwired run', /run/farwire/local.sock; source.sock and source-local.sock lie beside it
          --account NAME        the account that root serves as; farwire. It must be able to read the journal (group systemd-journal)
          --alone               as root: one process, without a broker

        'farwire events forward status' tells how everything stands, and what helps where something does not. SIGTERM tells the collectors that this
        machine stops, and ends it. A changed source.yaml is taken up at once, SIGHUP reads it again with certificates and passwords.

        source.yaml
          Collectors:                                            one policy line each, as Windows has them; all are served at once
            - Server=https://wec.corp.example:5986/wsman/SubscriptionManager/WEC,Refresh=900,IssuerCA=THUMBPRINT
          Keytab: /etc/krb5.keytab                               http and https: a machine of a Kerberos realm; readable by the account
          Certificates: [/etc/farwire/certificates/box.pem]      https: certificate and key; IssuerCA chooses among several
          User: box1    PasswordFile: /etc/farwire/wec.password  https: a user of the collector, where there is neither realm nor certificate
          Authorities: /etc/farwire/authorities/wec.pem          who signed the collectors' certificates; else whom the system trusts
          MachineId: box1.corp.example                           the name that collectors are told; else that of this machine
          MaxEventsPerSecond: 500                                all subscriptions together; without it there is no limit
          Journal: { Directory: /var/log/journal/…, Socket: /run/systemd/journal.NAME/socket }
                                                                 another journal than the machine's own, to read and for the forwarder's own events

          Syslog:                                                messages of other machines; they go into the journal and are the channel Linux-Syslog
            - { Protocol: udp, Address: 0.0.0.0, Port: 514, Senders: [10.0.0.0/8] }
            - { Protocol: tls, Address: 0.0.0.0, Port: 6514, Certificate: /etc/farwire/certificates/log.pem, Authorities: /etc/farwire/authorities/log.pem }

        event-rules.yaml, beside it and read at start, says what becomes of what is logged. Of each property the first rule that fits and says it
        counts; the built-in rules follow.
          rules:
            - when: { SYSLOG_IDENTIFIER: [nginx, apache2] }      fields of the journal that must have one of these values
              matches: { MESSAGE: '^(?<Client>\S+) .* (?<Status>5\d\d) ' }   patterns; what named groups take becomes data of the event
              channel: Web-Server
              eventId: 500                                       or $FIELD
              level: 2                                           0 to 5; else by the priority
              keywords: audit-failure                            classic, audit-success or audit-failure
              provider: Web
          aliases: { Security: [Linux-Auth, Linux-Audit], System: [Linux-Kernel, Linux-Journal] }   other names of channels
          channels: { Web-Server: { security: "O:BAG:SYD:(A;;0x1;;;ER)" } }                        who may read; else administrators, adm, systemd-journal
        """;

    public static string Number => typeof(Usage).Assembly.GetName().Version?.ToString(3) ?? "";

    public static string Version => $"farwired {Number}";

    public static ProgramGrammar Grammar { get; } = new(
        "farwired",
        "Windows Remote Management, the service of a machine",
        ["run", "collector", "source", "user", "config", "check", "health", "metrics", "trace", "completion", "man", "--help", "--version"],
        ["--ephemeral", "--config-dir", "--state-dir", "--socket", "--loopback-port", "--account", "--alone", "--with-collector", "--page", "--log-level", "--log-format", "--as", "--bmc", "--nt-hash", "--file", "--key", "--origin"],
        [
            ("Description", Text),
            ("farwired run", Run),
            ("farwired collector", Collector),
            ("farwired source", Source),
            ("Files", """
                /etc/farwire/farwired.yaml, farwired.d/*.yaml   settings, yours
                /etc/farwire/policy.yaml                        settings that win over all
                /etc/farwire/access.yaml                        who may do what
                /etc/farwire/collector.yaml                     how collected events are kept, and where they go on to
                /etc/farwire/certificates/NAME.pem, NAME.key    certificates of HTTPS
                /etc/default/farwired                           options of the service
                /var/lib/farwire                                what was changed by wire, users, keys, collected events
                /run/farwire/local.sock                         the service, for callers of this machine
                """),
            ("Exit status", "0; 1 health or check found something amiss, 64 usage, 65 data, 69 no service runs, 70 the broker is gone, 77 not allowed, 78 configuration."),
        ])
    {
        Section = 8,
        SeeAlso = ["winrm(1)", "farwire(1)"],
    };
}
