namespace Farwire.CommandLine.Cim;

internal static class CimHelp
{
    public const string Text = """
        farwire cim: classes and instances of a computer, in the words of CIM

          farwire cim classes [BASE]              the classes, or those below one
          farwire cim describe CLASS              a class as MOF: properties, methods, keys
          farwire cim list CLASS                  all instances
          farwire cim query "select …"            WQL: data, associators of, references of, meta_class
          farwire cim watch "select …"            events of instances as they come, until Ctrl-C
          farwire cim get CLASS[?KEY=VALUE+…]     one instance
          farwire cim invoke METHOD CLASS[?KEY=VALUE+…] [PARAMETER=VALUE …]
          farwire cim compile FILE.mof …          checks MOF, here; each file may build on those before it

        Where: --host HOST or --connect FILE; --user, --password-file, --pin, --ca, --unencrypted
               -n NAMESPACE (root/cimv2 unless said)
        Form:  -o text|table|json|jsonl|csv|xml|pretty|yaml

        Examples
          farwire cim query "select Name,State from Win32_Service where State='Running'" --host web1 --user ann -o json
          farwire cim query "associators of {Win32_Service='ssh'}" --connect c.json
          farwire cim invoke StartService "Win32_Service?Name=ssh" --connect c.json
          farwire cim watch "select * from __InstanceCreationEvent within 2 where TargetInstance isa 'Win32_Process'" --connect c.json -o json
          farwire cim describe Win32_Process --connect c.json

        Exit: 0, or 64 usage, 65 wrong MOF, 69 not reached, 70 fault, 77 not allowed, 130 Ctrl-C
        """;
}
