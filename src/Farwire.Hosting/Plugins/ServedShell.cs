using System.Threading.Channels;
using Farwire.Plugins;

namespace Farwire.Hosting.Plugins;

/// <summary>A shell that is open in the process of a plug-in; its commands end before it does.</summary>
internal sealed class ServedShell(IPluginShell shell) : IAsyncDisposable
{
    private readonly CancellationTokenSource _closing = new();

    public IPluginShell Shell => shell;

    public CancellationToken Closing => _closing.Token;

    public async ValueTask DisposeAsync()
    {
        await _closing.CancelAsync().ConfigureAwait(false);
        await shell.DisposeAsync().ConfigureAwait(false);
    }
}

/// <summary>A command in the process of a plug-in: its output goes to the service, which answers when there is room.</summary>
internal sealed class ServedCommand(PluginChannel channel, int number) : PluginCommand
{
    private const int MaxPendingInput = 64;

    private readonly Channel<PluginStreamData> _input = Channel.CreateBounded<PluginStreamData>(MaxPendingInput);
    private readonly Channel<string> _signals = Channel.CreateBounded<string>(MaxPendingInput);

    public override ChannelReader<PluginStreamData> Input => _input.Reader;

    public override ChannelReader<string> Signals => _signals.Reader;

    public override async ValueTask<long> WriteAsync(string stream, ReadOnlyMemory<byte> data, OutputFlags flags, CancellationToken cancellationToken)
    {
        // command, stream, data, flags → bytes dropped
        var message = new PluginWriter();
        message.Int32(number);
        message.Text(stream);
        message.Bytes(data.Span);
        message.Byte((byte)flags);
        return new PluginReader(await channel.CallAsync(PluginCall.Output, message.ToArray(), cancellationToken).ConfigureAwait(false)).Int64();
    }

    public ValueTask AcceptAsync(PluginStreamData piece, CancellationToken cancellationToken) => _input.Writer.WriteAsync(piece, cancellationToken);

    public void Raise(string signal) => _signals.Writer.TryWrite(signal); // one who never looks loses the newest
}
