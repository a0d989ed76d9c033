using System.Threading.Channels;

namespace Farwire.Plugins;

/// <summary>A command of a shell: its line, what it reads and what it writes.</summary>
/// <remarks>WinRM plug-in API, "WSManPluginCommand", "WSManPluginSend", "WSManPluginSignal", "WSManPluginReceiveResult".</remarks>
public abstract class PluginCommand
{
    /// <summary>Its id.</summary>
    public required string CommandId { get; init; }

    /// <summary>The program, or the whole line.</summary>
    public required string CommandLine { get; init; }

    /// <summary>What follows it.</summary>
    public IReadOnlyList<string> Arguments { get; init; } = [];

    /// <summary>The switches of the request.</summary>
    public IReadOnlyList<PluginOption> Options { get; init; } = [];

    /// <summary>What the client sends, in order.</summary>
    public abstract ChannelReader<PluginStreamData> Input { get; }

    /// <summary>The signals that the client sends, such as <c>…/signal/ctrl_c</c>; that which ends the command comes as the end of its token.</summary>
    public abstract ChannelReader<string> Signals { get; }

    /// <summary>
    /// Gives a piece of a stream to the client, and answers how many bytes that nobody had fetched were dropped for it. It waits for room unless
    /// output may be dropped (OutputBufferingMode).
    /// </summary>
    public abstract ValueTask<long> WriteAsync(string stream, ReadOnlyMemory<byte> data, OutputFlags flags, CancellationToken cancellationToken);

    /// <summary>Gives text to the stream <c>stdout</c>.</summary>
    public async ValueTask WriteAsync(string text, CancellationToken cancellationToken) =>
        await WriteAsync("stdout", System.Text.Encoding.UTF8.GetBytes(text), OutputFlags.None, cancellationToken).ConfigureAwait(false);
}

/// <summary>A piece of an input stream.</summary>
/// <param name="Stream">The stream's name.</param>
/// <param name="Data">Its bytes.</param>
/// <param name="IsEnd">Nothing follows on this stream.</param>
public sealed record PluginStreamData(string Stream, ReadOnlyMemory<byte> Data, bool IsEnd);

/// <summary>What is particular about a piece of output; the numbers are those of WSManPluginReceiveResult.</summary>
[Flags]
public enum OutputFlags
{
    /// <summary>Nothing.</summary>
    None = 0,

    /// <summary>Nothing follows on this stream.</summary>
    NoMoreData = 1,

    /// <summary>A client that waits gets it at once.</summary>
    Flush = 2,

    /// <summary>It begins an answer of its own: a piece before it and this one never share one.</summary>
    DataBoundary = 4,
}
