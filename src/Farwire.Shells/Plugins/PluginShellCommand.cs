using System.Threading.Channels;
using Farwire.Plugins;
using Farwire.Protocol.Shell;

namespace Farwire.Shells.Plugins;

/// <summary>A command of a plug-in's shell, between the client's requests and the plug-in.</summary>
internal sealed class PluginShellCommand(int limitBytes, BufferMode mode, Action<long> dropped) : PluginCommand
{
    private const int MaxPending = 64;

    private readonly Channel<PluginStreamData> _input = Channel.CreateBounded<PluginStreamData>(MaxPending);
    private readonly Channel<string> _signals = Channel.CreateBounded<string>(MaxPending);

    /// <summary>What the client has not fetched.</summary>
    public PieceQueue Output { get; } = new(limitBytes, mode);

    /// <summary>Ends with the command.</summary>
    public CancellationTokenSource Stop { get; } = new();

    public override ChannelReader<PluginStreamData> Input => _input.Reader;

    public override ChannelReader<string> Signals => _signals.Reader;

    public override async ValueTask<long> WriteAsync(string stream, ReadOnlyMemory<byte> data, OutputFlags flags, CancellationToken cancellationToken)
    {
        var first = Output.Dropped == 0;
        var lost = await Output.AddAsync(stream, data, flags, cancellationToken).ConfigureAwait(false);
        if (first && lost > 0)
        {
            dropped(lost); // one line, not one for each piece
        }

        return lost;
    }

    /// <summary>Takes input; returns when there is room for more.</summary>
    public async ValueTask AcceptAsync(StreamData piece, CancellationToken cancellationToken)
    {
        await _input.Writer.WriteAsync(new PluginStreamData(piece.Name, piece.Data, piece.End), cancellationToken).ConfigureAwait(false);
        if (piece.End)
        {
            _input.Writer.TryComplete();
        }
    }

    /// <summary>Hands a signal to the plug-in.</summary>
    public void Raise(string code) => _signals.Writer.TryWrite(code);
}
