using System.Buffers;
using System.IO.Pipelines;
using System.Text;
using Farwire.Client.Connection;
using Farwire.Client.Shells;
using Farwire.Protocol.Faults;
using Farwire.Protocol.Shell;

namespace Farwire.CommandLine.WinRs;

/// <summary>The streams of this process joined to those of a remote command: every byte as it comes; what is shown at a terminal, as text.</summary>
/// <param name="terminal">The streams of this process.</param>
/// <param name="command">The remote command.</param>
/// <param name="heard">Called for every piece of output.</param>
/// <param name="name">What to call ourselves in messages.</param>
/// <param name="oemCodePage">The code page of what is not UTF-8, at a terminal; null leaves the bytes to the terminal.</param>
internal sealed class CommandStreams(Terminal terminal, RemoteCommand command, Action heard, string name, int? oemCodePage = OutputText.DefaultOemCodePage)
{
    private const int ReadBytes = 64 * 1024;
    private const int SendBytes = 360 * 1024; // with base64 just under the usual MaxEnvelopeSizekb of 500

    /// <summary>Runs until the command has ended, and answers its code.</summary>
    public async Task<int> RunAsync(bool json, CancellationToken stop)
    {
        // Reading from a terminal cannot be called off: what still waits there when the command has ended is left to the process's end.
        _ = Task.Run(() => FeedAsync(stop), CancellationToken.None);
        using var output = terminal.OpenOutput();
        using var errors = terminal.OpenErrors();
        var pieces = json ? new JsonPieces(output) : null;
        var records = new ClixmlErrors();
        var outputText = Text(terminal.OutputIsTerminal);
        var errorText = Text(terminal.ErrorsAreTerminal);
        await foreach (var piece in command.ReadOutputAsync(stop).ConfigureAwait(false))
        {
            heard();
            await ShowAsync(IsErrors(piece) ? piece with { Data = records.Add(piece.Data) } : piece).ConfigureAwait(false);
        }

        await ShowAsync(new StreamData("stderr", records.Rest())).ConfigureAwait(false);
        await WriteAsync(output, Encoding.UTF8.GetBytes(outputText?.Rest() ?? "")).ConfigureAwait(false);
        await WriteAsync(errors, Encoding.UTF8.GetBytes(errorText?.Rest() ?? "")).ConfigureAwait(false);
        var code = await command.Exit.ConfigureAwait(false);
        pieces?.End(code);
        return code;

        async ValueTask ShowAsync(StreamData piece)
        {
            if (piece.Data.IsEmpty)
            {
                return;
            }

            if (pieces is not null)
            {
                pieces.Write(piece);
                return;
            }

            var (to, text) = IsErrors(piece) ? (errors, errorText) : (output, outputText);
            await WriteAsync(to, text is null ? piece.Data : Encoding.UTF8.GetBytes(text.Add(piece.Data.Span))).ConfigureAwait(false);
        }

        async ValueTask WriteAsync(Stream to, ReadOnlyMemory<byte> bytes)
        {
            if (!bytes.IsEmpty)
            {
                await to.WriteAsync(bytes, stop).ConfigureAwait(false);
                await to.FlushAsync(stop).ConfigureAwait(false);
            }
        }

        OutputText? Text(bool isShown) => isShown && !json && oemCodePage is { } page ? new OutputText(page) : null;
    }

    private static bool IsErrors(StreamData piece) => piece.Name.Equals("stderr", StringComparison.OrdinalIgnoreCase);

    /// <summary>Passes Ctrl-C on.</summary>
    public async Task InterruptAsync(CancellationToken stop)
    {
        try
        {
            await command.SignalAsync(ShellSignal.CtrlC, stop).ConfigureAwait(false);
        }
        catch (Exception e) when (e is WSManFaultException or WSManTransportException)
        {
            terminal.Errors.WriteLine($"{name}: the remote command could not be told of Ctrl-C: {e.Message} Press it again to end {name}.");
        }
        catch (OperationCanceledException)
        {
            // The second Ctrl-C came first.
        }
    }

    // What is read while one Send is under way goes with the next: few messages for a pipe, no waiting at a terminal.
    private async Task FeedAsync(CancellationToken stop)
    {
        var pipe = new Pipe(new PipeOptions(pauseWriterThreshold: 2 * SendBytes, resumeWriterThreshold: SendBytes, useSynchronizationContext: false));
        var reading = ReadAsync(pipe.Writer, stop);
        try
        {
            var buffer = new byte[SendBytes];
            while (await pipe.Reader.ReadAsync(stop).ConfigureAwait(false) is { } read && !(read.IsCompleted && read.Buffer.IsEmpty))
            {
                var piece = read.Buffer.Slice(0, Math.Min(read.Buffer.Length, SendBytes));
                piece.CopyTo(buffer);
                var count = (int)piece.Length;
                pipe.Reader.AdvanceTo(piece.End);
                await command.StandardInput.WriteAsync(buffer.AsMemory(0, count), stop).ConfigureAwait(false);
            }

            await command.StandardInput.DisposeAsync().ConfigureAwait(false);
            await reading.ConfigureAwait(false);
        }
        catch (Exception e) when (e is WSManFaultException or WSManTransportException or IOException or OperationCanceledException)
        {
            // The command has ended, or the way to it is broken, and then its output ends with the reason.
        }
        finally
        {
            await pipe.Reader.CompleteAsync().ConfigureAwait(false);
        }
    }

    private async Task ReadAsync(PipeWriter writer, CancellationToken stop)
    {
        using var input = terminal.OpenInput();
        try
        {
            while (await input.ReadAsync(writer.GetMemory(ReadBytes), stop).ConfigureAwait(false) is > 0 and var count)
            {
                writer.Advance(count);
                if ((await writer.FlushAsync(stop).ConfigureAwait(false)).IsCompleted)
                {
                    break;
                }
            }
        }
        finally
        {
            await writer.CompleteAsync().ConfigureAwait(false);
        }
    }
}
