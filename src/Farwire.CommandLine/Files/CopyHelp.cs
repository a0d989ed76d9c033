namespace Farwire.CommandLine.Files;

internal static class CopyHelp
{
    public const string Text = """
        farwire cp: copy files and folders to and from another computer

          farwire cp [OPTIONS] SRC… HOST:DST        there
          farwire cp [OPTIONS] HOST:SRC… DST        here

        Folders go with all that is in them, links as links, times and permissions stay. * and ? stand for many on
        either side. A relative path there begins in the user's home folder. A file takes its name only when it is
        whole and its SHA-256 is the same on both ends. What is there already is kept, and what was cut goes on:
        the same command again finishes a copy that was interrupted.

          --parallel N            shells that work side by side; default 4
          --fresh                 copy all, whatever is there
          --dry-run               say how much there is to copy
          --method shell|powershell   the way; else PowerShell for Windows and the shell for all others
          --configuration NAME    the PowerShell endpoint
          -q, --quiet             no progress, no summary
          -o json                 the summary as an object
          --host, --connect …     where, when the path begins with a colon; and all switches of 'farwire winrm'

        Exit code: 0 all is there, 1 something could not be copied, 64 usage, 69 unreachable, 70 fault, 77 refused.
        """;
}
