using Farwire.Client;
using Farwire.Client.Files;
using Farwire.CommandLine.Files;
using Farwire.CommandLine.Grammar;

namespace Farwire.CommandLine.PowerShell.Interactive;

/// <summary><c>put</c> and <c>get</c> inside of a session: files go the way the session goes, relative to where it stands.</summary>
internal sealed class SessionFiles(Terminal terminal, WSManClient client, string configuration)
{
    /// <summary>Runs the line when it is one of ours.</summary>
    /// <param name="line">The line.</param>
    /// <param name="location">Where the session stands.</param>
    /// <param name="stop">Gives up.</param>
    public async Task<bool> RunAsync(string line, Func<Task<string?>> location, CancellationToken stop)
    {
        var words = Words(line);
        if (words is not ["put" or "get", ..])
        {
            return false;
        }

        if (words.Count < 2)
        {
            terminal.Errors.WriteLine(words[0] == "put" ? "put LOCAL… [REMOTE]: copies files of this machine there." : "get REMOTE… [LOCAL]: copies files here.");
            return true;
        }

        var at = await location().ConfigureAwait(false) ?? "~";
        var (sources, target) = words.Count == 2 ? (words[1..], words[0] == "put" ? at + "/" : "./") : (words[1..^1], words[0] == "put" ? From(at, words[^1]) : words[^1]);
        var progress = new CopyProgress(terminal);
        try
        {
            var transfer = new FileTransfer(client, new FileTransferSettings { Method = FileTransferMethod.PowerShell, ConfigurationName = configuration, Progress = progress, Parallel = 1 });
            var summary = words[0] == "put"
                ? await transfer.UploadAsync(sources, target, stop).ConfigureAwait(false)
                : await transfer.DownloadAsync([.. sources.Select(s => From(at, s))], target, stop).ConfigureAwait(false);
            progress.Clear();
            foreach (var problem in summary.Problems)
            {
                terminal.Errors.WriteLine(problem.ToString());
            }

            terminal.Output.WriteLine($"{summary.Copied} copied, {summary.Kept} there already");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            progress.Clear();
            terminal.Errors.WriteLine(e.Message);
        }

        terminal.Output.Flush();
        return true;
    }

    private static string From(string at, string path) =>
        path.StartsWith('/') || path.StartsWith('\\') || path.StartsWith('~') || (path.Length > 1 && path[1] == ':') ? path : $"{at.TrimEnd('/', '\\')}/{path}";

    // Blanks part words; quotes of either kind hold them together.
    private static List<string> Words(string line)
    {
        var words = new List<string>();
        for (var at = 0; at < line.Length;)
        {
            if (char.IsWhiteSpace(line[at]))
            {
                at++;
                continue;
            }

            var quote = line[at] is '\'' or '"' ? line[at] : '\0';
            var start = quote == '\0' ? at : at + 1;
            var end = start;
            while (end < line.Length && (quote == '\0' ? !char.IsWhiteSpace(line[end]) : line[end] != quote))
            {
                end++;
            }

            words.Add(line[start..end]);
            at = quote == '\0' ? end : end + 1;
        }

        return words;
    }
}
