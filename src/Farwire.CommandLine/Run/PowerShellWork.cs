using Farwire.Client;
using Farwire.CommandLine.PowerShell;
using Farwire.Protocol.Shell;

namespace Farwire.CommandLine.Run;

/// <summary>A pipeline of PowerShell on each of the hosts; nobody is there to answer prompts.</summary>
internal sealed class PowerShellWork(PowerShellLine line) : IHostWork
{
    public async Task<int> RunAsync(WSManClient client, Action<StreamData> heard, CancellationToken cancellationToken)
    {
        await using var output = new PieceWriter("stdout", heard);
        await using var errors = new PieceWriter("stderr", heard);
        var terminal = new Terminal(TextReader.Null, output, errors) { InputIsTerminal = false, OutputIsTerminal = false, ErrorsAreTerminal = false };
        var code = await new PowerShellRun(terminal, client).RunAsync(line, CancellationToken.None, cancellationToken).ConfigureAwait(false);
        await output.FlushAsync(CancellationToken.None).ConfigureAwait(false);
        await errors.FlushAsync(CancellationToken.None).ConfigureAwait(false);
        return code;
    }
}
