namespace Farwire.CommandLine.PowerShell.Interactive;

internal static class ShellHelp
{
    public const string Text = """
        farwire shell: a session on another computer

          farwire shell -H HOST [OPTIONS]

        PowerShell, as if its window stood here: lines are edited here, with the history of the host (arrows), and
        completed by the other side (Tab). Ctrl-C stops what runs; exit or Ctrl-D ends the session. Where PowerShell
        is not installed it is the command shell: on Linux with a terminal of its own, on Windows line by line.

          put LOCAL… [REMOTE]     copies files there, from where this session stands
          get REMOTE… [LOCAL]     copies files here

          --configuration NAME    another endpoint, such as one for few commands (JEA)
          --no-profile            without the user's profile
          --cmd                   the command shell, also where PowerShell is
          and all switches of 'farwire winrm' that say where and who: --user, --pin, --ca, --connect …

        The history is kept in ~/.local/state/farwire/history; a line that begins with a blank is not.
        Programs that paint the whole screen cannot run in a PowerShell session: there is no screen.
        """;
}
