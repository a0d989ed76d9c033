namespace Farwire.CommandLine.WinRs;

internal static class WinRsHelp
{
    public const string Text = """
        winrs: run a command on another computer as if it were here

          winrs [SWITCHES] COMMAND…

        Output comes as it is written, input goes on as it is read, byte for byte; the exit code is the remote
        command's. Several words are joined by blanks: quote a line with pipes as one word. Switches stand before
        the command; -- ends them. Ctrl-C goes to the remote command, a second one ends winrs.

        Where and who
          -r:[http://|https://]HOST[:PORT]   default: https://localhost:5986/wsman   (-remote)
          -u:USER  --password-file FILE      else FARWIRE_PASSWORD, else the password is asked for   (-username)
          -ssl   -un                         TLS on WinRM's own port; clear text   (-usessl, -unencrypted)
          --pin SHA256      trust exactly this certificate
          --ca FILE         trust the authorities in this PEM file
          --connect FILE    address, user, password and pin from a connection.json

        What and how
          -d:PATH           start there, not in the user's home   (-directory)
          -env:NAME=VALUE   a variable for the command; may come several times   (-environment)
          -nop              without the user's profile   (-noprofile)
          -comp             compress all streams, for slow ways   (-compression)
          -noe              do not show what is typed   (-noecho)
          --tty             run at a terminal, with this one's size; for services on Linux
          --deadline SEC    end the command when it has not ended by then; the exit code is 124
          --idle-timeout SEC  end the command when it says nothing for so long; the exit code is 124
          -o json           one object a line: {"stream":…,"text":…} or {…,"base64":…}, at the end {"exitCode":…}

          winrs -r:https://web1 -u:ann uptime
          cat words | winrs --connect connection.json sort
        """;
}
