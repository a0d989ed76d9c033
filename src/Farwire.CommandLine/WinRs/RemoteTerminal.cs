using Farwire.Client;
using Farwire.CommandLine.Grammar;

namespace Farwire.CommandLine.WinRs;

/// <summary>A terminal on the other side, by the program that every Linux has for it.</summary>
/// <remarks>script(1) of util-linux: the command's streams are a terminal's, what it writes there comes out, and what goes in is typed.</remarks>
internal static class RemoteTerminal
{
    private const string Missing = "winrs: --tty needs the program script (util-linux) on the other side; run the command without --tty.";

    /// <summary>The line that runs <paramref name="command"/> at a terminal of that size.</summary>
    public static string Around(string command, int columns, int rows) =>
        $"command -v script >/dev/null || {{ echo '{Missing}' >&2; exit 1; }}; exec script -qfec {Quoted($"stty cols {columns} rows {rows}; {command}")} /dev/null";

    /// <summary>Says plainly when the service's system has no terminals.</summary>
    public static async Task CheckAsync(WSManClient client, CancellationToken cancellationToken)
    {
        var vendor = (await client.IdentifyAsync(cancellationToken).ConfigureAwait(false)).ProductVendor;
        if (vendor.Contains("Microsoft", StringComparison.OrdinalIgnoreCase))
        {
            throw new UsageException("--tty needs a terminal on the other side, and the command shell of Windows has none; leave it out.");
        }
    }

    private static string Quoted(string text) => $"'{text.Replace("'", "'\\''", StringComparison.Ordinal)}'";
}
