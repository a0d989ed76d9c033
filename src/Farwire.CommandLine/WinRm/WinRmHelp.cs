namespace Farwire.CommandLine.WinRm;

internal static class WinRmHelp
{
    public const string Text = """
        winrm: manage a computer through WS-Management

          winrm get RESOURCE                     read one resource
          winrm enumerate RESOURCE               list resources (short: enum, e)
          winrm set RESOURCE @{K="V";…}          change a resource (or -file:INPUT.xml)
          winrm create RESOURCE @{K="V";…}       make a resource (or -file:INPUT.xml)
          winrm delete RESOURCE                  remove a resource
          winrm invoke METHOD RESOURCE @{K="V"}  run a method of a resource
          winrm identify                         ask the service what it is (short: id)
          winrm helpmsg NUMBER                   explain an error number

        A RESOURCE is a URI, with keys after '?', several joined by '+':
          wmicimv2/Win32_Process?Handle=1        wmicimv2/*  with -filter:"select * from Win32_Process"
          wmi/root/NAMESPACE/CLASS  cimv2/CLASS  winrm/config  shell

        Where and who
          -r:[http://|https://]HOST[:PORT][/PREFIX]   default: https://localhost:5986/wsman
          -u:USER  --password-file FILE               else FARWIRE_PASSWORD, else the password is asked for
          -usessl   -unencrypted   -timeout:MS   -a:basic|none
          --pin SHA256      trust exactly this certificate
          --ca FILE         trust the authorities in this PEM file
          --connect FILE    address, user, password and pin from a connection.json

        What and how
          -filter:TEXT -dialect:wql|selector     which items
          -returntype:object|epr|objectandepr    what each item is
          -shallow  -basepropertiesonly          how derived classes come
          -options:{K="V"}                       options of the request
          -format:text|pretty|xml   -o json      how it is shown
        """;
}
