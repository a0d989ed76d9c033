namespace Farwire.CommandLine.Run;

internal static class RunHelp
{
    public const string Text = """
        farwire run: a command on one computer as if it were here, or on many at the same time

          farwire run -H HOST[,HOST…] [OPTIONS] COMMAND…

        Of one host the streams and the exit code are those of the command. Of many, each line has its host in front, a table sums up
        on standard error, and the exit code is 0 when all went well, 1 when some failed, 2 when all did. Options stand before the
        command; -- ends them.

        Which hosts
          -H, --host LIST      names, @FILE with one a line, web[01:20], inventory.ini or inventory.ini:GROUP of Ansible; commas between.
                               Without http:// or https:// it is HTTPS on 5986, else HTTP on 5985 with sealed messages
          --limit LIST         only these of them
          --connect FILE       one host, by a connection.json
        Who
          -u, --user USER      the password comes from --password-file FILE (- is standard input), FARWIRE_PASSWORD, or is asked for once
          -a, --auth METHOD    negotiate, kerberos, credssp, certificate, basic, digest
          --pin SHA256, --ca FILE, --trust-first-use           how to trust the service's certificate
        How many
          --parallel N         so many at a time; 32 when left out
          --fail-fast          the first failure ends the run
          --retry-file FILE    the names of the hosts that failed; go on with --limit @FILE
        PowerShell, in place of the host's own shell
          --powershell CODE    runs it; words behind it are its arguments
          --file SCRIPT.ps1    the same with a script of this machine; - is standard input. -Name VALUE and -Switch go to its param()
          --configuration NAME another endpoint (JEA); with bare words as the command no code is sent, so it needs no language there
          --stdin              the lines of standard input are the pipeline's input
          -o table, list, json, csv    objects, shown here; without it the text that PowerShell makes of them
        How
          -d, --directory DIR  start there
          -e, --env NAME=VALUE a variable; may come several times
          --no-profile  --compress  --tty  --delegate
          --deadline SEC       all must be over by then; the exit code is 124
          --idle-timeout SEC   a command that says nothing for so long is ended
          -o json              an object a line: {"host":…,"stream":…,"text":…}, at the end {"host":…,"exitCode":…}
          --nagios             the exit code is 0, 1, 2 or 3, and a failure of ours is a line UNKNOWN
          -q, --quiet          no table      -v, --verbose        says which way was taken

        Examples
          farwire run -H web1 -u ann uptime
          farwire run -H web1,web2 -u ann -- df -h /
          farwire run -H @hosts.txt --parallel 100 --retry-file failed.txt -u ann 'systemctl is-active nginx'
          farwire run -H @hosts.txt --limit @failed.txt -u ann 'systemctl restart nginx'
          farwire run -H inventory.ini:web -o json hostname
          farwire run -H win1 -u ann -o table --powershell 'Get-Service | Select-Object Name, Status'
          farwire run -H win1 -u ann --file deploy.ps1 -- -Version 1.2 -Force

        Exit: of one host the command's; of PowerShell 1 after an error that ends the pipeline, the code of exit, else $LASTEXITCODE; 64 usage, 69 not reached, 70 fault, 77 not allowed, 124 deadline, 130 Ctrl-C
        """;
}
