namespace Farwire.CommandLine.WecUtil;

internal static class WecUtilHelp
{
    public const string Text = """
        wecutil: the subscriptions of an event collector

          wecutil es                        list subscriptions
          wecutil gs ID [/f:XML|Terse]      show one
          wecutil gr ID [SOURCE ...]        show how it and its sources fare
          wecutil cs FILE [/cun:USER /cup:PASSWORD|*]
                                            create one from a file
          wecutil ss ID SWITCHES            change one
          wecutil ss /c:FILE [/cun: /cup:]  replace one by a file
          wecutil ds ID                     delete one
          wecutil rs ID [SOURCE ...]        try now: all its sources, or these; what is disabled stays so
          wecutil qc [/q]                   set the collector up on this machine: its log on, its service started with each
                                            start of the system, a while after it; /q asks nothing

        Where: this machine's collector; or /r:HOST, or --connect FILE of an ephemeral service; --user, --password-file, --pin,
        --ca, --unencrypted. gs /u:true writes UTF-16.

        Switches of ss (short names; the long ones of Windows work too)
          /e[:true|false]  /d:TEXT  /ex:TIME  /uri:URI  /q:QUERYLIST  /dia:URI  /ree[:true|false]  /lf:LOG  /pn:PUBLISHER
          /cm:Normal|Custom|MinLatency|MinBandwidth      with Custom: /dm:Push|Pull  /dmi:ITEMS  /dmlt:MS  /hi:MS
          /cf:RenderedText|Events                        with RenderedText: /l:LANGUAGE
          /tn:http|https  /tp:PORT  /hn:NAME (push)
          source-initiated: /ica:THUMBPRINTS  /as:NAMES  /ds:NAMES (commas between)  /adc:SDDL
          collector-initiated: /esa:ADDRESS with /aes /res /ese[:true|false] /un:USER /up:PASSWORD|*
                               /essp[:true|false] (the port in Kerberos names)
                               /ct:Default|Negotiate|Digest|Basic|LocalMachine  /cun:USER /cup:PASSWORD|*
        """;
}
