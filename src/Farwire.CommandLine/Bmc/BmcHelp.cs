namespace Farwire.CommandLine.Bmc;

/// <summary>What <c>--help</c> says, at each level.</summary>
internal static class BmcHelp
{
    private const string Common = """

        Where and who
          -H, --host LIST        HOST[:PORT], several with commas; without it this machine's own controller (/dev/ipmi0)
          -u, --user NAME        the controller's user
          --password-file FILE   its password, first line; '-' is standard input; else FARWIRE_PASSWORD, else it is asked for
          --kg-file FILE         the controller's own key (K_g), when it has one
          -L, --privilege LEVEL  user, operator or administrator; by default the lowest that does
        By WS-Management, at a controller that serves it itself (Intel AMT, openwsman, 'farwired … --bmc-endpoint')
          --protocol wsman       sensors, sel and power by its CIM classes; fru, users, raw, --set and --boot through Microsoft_IPMI, where it is served.
                                 HOST is [https://|http://]HOST[:PORT][/PREFIX] then: https and port 5986 unless written out
          --authentication NAME  digest, basic, negotiate or kerberos (--spn-port: the port is part of its name)
          --namespace NS         the CIM namespace, such as root/dcim; the controller's own when left out
          --pin SHA256, --ca FILE                what to trust instead of the system's authorities
          --unencrypted, --trusted-hosts LIST    plain http on purpose, and to whom
        How
          -o, --output FORM      table, json, jsonl or csv
          --deadline SECONDS     give up after that long (exit code 124)
          --no-cache             do not keep sensor data records in ~/.cache/farwire/sdr
        """;

    private const string Overview = """
        farwire bmc: sensors, event log, power, inventory and users of a baseboard management controller (IPMI 2.0)

          farwire bmc sensors [NAME …]          readings, states, thresholds; live and as a plot
          farwire bmc sel [list|info|clear]     the system event log
          farwire bmc power [status|on|off|soft|cycle|reset|diag]
          farwire bmc fru [ID]                  what the machine is made of
          farwire bmc users                     who may come in
          farwire bmc raw FUNCTION COMMAND [BYTE …]

        'farwire bmc VERB --help' says more about each.

        Examples
          farwire bmc sensors -H bmc1 -u ann
          farwire bmc sel list -H bmc1,bmc2 -u ann -o json
          farwire bmc power status
        """;

    private const string Codes = """

        Exit codes: 0 done, 1 an alarm or some hosts failed, 2 all hosts failed, 64 usage, 69 unreachable, 70 the controller refused,
        77 authentication or privilege, 124 deadline, 130 Ctrl-C.
        """;

    /// <summary>The verbs that there is help on.</summary>
    public static IReadOnlyList<string> Verbs { get; } = ["sensors", "sel", "power", "fru", "users", "raw"];

    public static string Of(string? verb) => verb switch
    {
        "sensors" => """
            farwire bmc sensors [NAME …]: readings, states and thresholds; names may hold * and ?

              --thresholds           show the thresholds: lnr, lcr, lnc, unc, ucr, unr
              --set THRESHOLD=VALUE  set a threshold of the one named sensor, in its unit
              --watch                read again and again; --interval SECONDS (5), --count ROUNDS (no end)
              --plot                 draw the history while watching
              --svg FILE             write the history with its thresholds as a picture when the watch ends
              --alarm LEVEL          exit with 1 when a sensor is at warning, critical or fatal

            Examples
              farwire bmc sensors -H bmc1 -u viewer --password-file pw
              farwire bmc sensors "FAN*" -H bmc1,bmc2 -u viewer --password-file pw -o json
              farwire bmc sensors "CPU1 Temp" -H bmc1 -u viewer --password-file pw --watch --plot
              farwire bmc sensors "CPU1 Temp" -H bmc1 -u operator --password-file pw --set unc=80
              farwire bmc sensors -H bmc1 -u viewer --password-file pw --alarm critical || page-somebody
              farwire bmc sensors -H https://amt1:16993 -u admin --password-file pw --protocol wsman --ca ca.pem
            """ + Common + Codes,
        "sel" => """
            farwire bmc sel [list|info|clear]: the system event log

              list                   the records, oldest first
              info                   how full it is, and its clock
              clear                  erase all records
              --watch                list, then go on with what is new; --interval SECONDS (5), --count ROUNDS (no end)
              --alarm LEVEL          exit with 1 when a record says warning, critical or fatal

            Examples
              farwire bmc sel -H bmc1 -u viewer --password-file pw
              farwire bmc sel --watch -H bmc1,bmc2 -u viewer --password-file pw -o jsonl
              farwire bmc sel clear -H bmc1 -u operator --password-file pw
            """ + Common + Codes,
        "power" => """
            farwire bmc power [status|on|off|soft|cycle|reset|diag]: power of the machine

              off                    at once; soft asks the operating system
              diag                   a diagnostic interrupt, for a crash dump
              --wait                 until the power is as asked for
              --boot DEVICE          start from network, disk, safe, diagnostic, optical, setup or removable the next time; none forgets it
              --persistent           … every time
              --uefi                 … by UEFI
              --watch                status again and again; --interval SECONDS (5), --count ROUNDS (no end)

            Examples
              farwire bmc power -H bmc1 -u viewer --password-file pw
              farwire bmc power on -H bmc1 -u operator --password-file pw --wait --deadline 60
              farwire bmc power cycle -H bmc1 -u operator --password-file pw --boot network --uefi
            """ + Common + Codes,
        "fru" => """
            farwire bmc fru [ID]: the inventory; 0 is the controller's own board

            Examples
              farwire bmc fru -H bmc1 -u viewer --password-file pw
              farwire bmc fru 3 -H bmc1 -u viewer --password-file pw -o csv
            """ + Common + Codes,
        "users" => """
            farwire bmc users: the users that have a name or may open sessions

            Example
              farwire bmc users -H bmc1 -u operator --password-file pw
            """ + Common + Codes,
        "raw" => """
            farwire bmc raw FUNCTION COMMAND [BYTE …]: any command, numbers decimal or 0x…

              --responder ADDRESS    the controller passes it on to the one with this address on its bus (IPMB)

            Example: Get Device ID
              farwire bmc raw 6 1 -H bmc1 -u admin --password-file pw
            """ + Common + Codes,
        _ => Overview + Common + Codes,
    };
}
