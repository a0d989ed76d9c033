using Farwire.Client;
using Farwire.Client.Shells;
using Farwire.Protocol.Shell;

namespace Farwire.CommandLine.Run;

/// <summary>A command line for the host's own shell, without input.</summary>
internal sealed class CommandWork(ShellSettings settings, string command) : IHostWork
{
    public async Task<int> RunAsync(WSManClient client, Action<StreamData> heard, CancellationToken cancellationToken)
    {
        await using var shell = await client.OpenShellAsync(settings, cancellationToken).ConfigureAwait(false);
        var running = await shell.StartAsync(command, cancellationToken: cancellationToken).ConfigureAwait(false);
        await running.StandardInput.DisposeAsync().ConfigureAwait(false);
        await foreach (var piece in running.ReadOutputAsync(cancellationToken).ConfigureAwait(false))
        {
            heard(piece);
        }

        var code = await running.Exit.ConfigureAwait(false);
        await shell.CloseAsync(cancellationToken).ConfigureAwait(false);
        return code;
    }
}
