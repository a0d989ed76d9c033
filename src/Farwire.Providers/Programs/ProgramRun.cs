using System.Buffers;
using System.ComponentModel;
using System.IO.Pipelines;
using System.Runtime.CompilerServices;
using System.Text;
using System.Text.Json;
using Farwire.Cim.Naming;
using Farwire.Processes;
using Farwire.Processes.Launch;

namespace Farwire.Providers.Programs;

/// <summary>One run of a provider's program: a question goes in as one line of JSON, answers come out as one object a line, exit 0 ends them.</summary>
/// <remarks>A program that is slow, floods or dies is ended with all it started, and the question fails; the next one starts it anew.</remarks>
internal sealed class ProgramRun(IReadOnlyList<string> words, IProgramStarter starter, TimeSpan patience, TimeProvider time)
{
    private const int MaxLineBytes = 1024 * 1024;
    private const int MaxLines = 1_000_000;
    private const int MaxErrorBytes = 2048;

    public async IAsyncEnumerable<JsonElement> AskAsync(byte[] question, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        using var process = await StartAsync().ConfigureAwait(false);
        using var deadline = new CancellationTokenSource(patience, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(deadline.Token, cancellationToken);
        var errors = ReadErrorsAsync(process.StandardError);
        var whole = false;
        try
        {
            await WriteAsync(process.StandardInput, question, either.Token).ConfigureAwait(false);
            var lines = 0;
            var reader = PipeReader.Create(process.StandardOutput, new StreamPipeReaderOptions(leaveOpen: true));
            while (await NextLineAsync(reader, deadline.Token, either.Token).ConfigureAwait(false) is { } line)
            {
                if (++lines > MaxLines)
                {
                    throw CimError.QuotaViolation($"{words[0]} answered more than {MaxLines} lines");
                }

                yield return line;
            }

            var exit = await WithinTimeAsync(process.Exit, deadline.Token, either.Token).ConfigureAwait(false);
            whole = true;
            if (exit.Code != 0)
            {
                throw CimError.ProviderFailure($"{words[0]} ended with {exit.Code}: {await errors.ConfigureAwait(false)}");
            }
        }
        finally
        {
            if (!whole)
            {
                await process.EndTreeAsync().ConfigureAwait(false);
            }
        }
    }

    private async Task<RunningProcess> StartAsync()
    {
        try
        {
            return await starter.StartAsync(new ProgramStart(words[0], [.. words.Skip(1)]), Environment.UserName).ConfigureAwait(false);
        }
        catch (Win32Exception e)
        {
            throw CimError.ProviderFailure($"{words[0]} could not be started: {e.Message}");
        }
    }

    private static async Task WriteAsync(Stream input, byte[] question, CancellationToken cancellationToken)
    {
        try
        {
            await input.WriteAsync(question, cancellationToken).ConfigureAwait(false);
            await input.DisposeAsync().ConfigureAwait(false);
        }
        catch (IOException)
        {
            // It does not read what it is asked; its answer and its exit say more.
        }
    }

    private async Task<JsonElement?> NextLineAsync(PipeReader reader, CancellationToken deadline, CancellationToken either)
    {
        while (true)
        {
            var read = await WithinTimeAsync(reader.ReadAsync(either).AsTask(), deadline, either).ConfigureAwait(false);
            var buffer = read.Buffer;
            var newline = buffer.PositionOf((byte)'\n');
            if (newline is not null || (read.IsCompleted && !buffer.IsEmpty))
            {
                var parsed = Parse(buffer.Slice(0, newline ?? buffer.End));
                reader.AdvanceTo(newline is { } at ? buffer.GetPosition(1, at) : buffer.End);
                if (parsed is not null)
                {
                    return parsed;
                }

                continue;
            }

            if (buffer.Length > MaxLineBytes)
            {
                throw CimError.QuotaViolation($"{words[0]} answered a line of more than {MaxLineBytes} bytes");
            }

            reader.AdvanceTo(buffer.Start, buffer.End);
            if (read.IsCompleted)
            {
                return null;
            }
        }
    }

    // An empty line is none. {"error": "…"} is the program's own word for a failure.
    private JsonElement? Parse(ReadOnlySequence<byte> line)
    {
        if (line.Length > MaxLineBytes)
        {
            throw CimError.QuotaViolation($"{words[0]} answered a line of more than {MaxLineBytes} bytes");
        }

        var bytes = line.ToArray();
        if (bytes.AsSpan().Trim(" \r\t"u8).IsEmpty)
        {
            return null;
        }

        try
        {
            using var document = JsonDocument.Parse(bytes, new JsonDocumentOptions { MaxDepth = 16 });
            if (document.RootElement.ValueKind != JsonValueKind.Object)
            {
                throw CimError.ProviderFailure($"{words[0]} answered a line that is no JSON object");
            }

            return document.RootElement.TryGetProperty("error", out var error)
                ? throw CimError.ProviderFailure($"{words[0]}: {error}")
                : document.RootElement.Clone();
        }
        catch (JsonException e)
        {
            throw CimError.ProviderFailure($"{words[0]} answered a line that is no JSON: {e.Message}");
        }
    }

    private async Task<T> WithinTimeAsync<T>(Task<T> task, CancellationToken deadline, CancellationToken either)
    {
        try
        {
            return await task.WaitAsync(either).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (deadline.IsCancellationRequested)
        {
            throw CimError.ProviderFailure($"{words[0]} did not answer within {patience.TotalSeconds} s");
        }
    }

    // All of it is read, so that the program does not wait; the beginning is kept.
    private static async Task<string> ReadErrorsAsync(Stream errors)
    {
        var kept = new byte[MaxErrorBytes];
        var dropped = new byte[4096];
        var length = 0;
        try
        {
            while (true)
            {
                var read = length < kept.Length ? await errors.ReadAsync(kept.AsMemory(length)).ConfigureAwait(false) : await errors.ReadAsync(dropped).ConfigureAwait(false);
                if (read == 0)
                {
                    break;
                }

                length = Math.Min(kept.Length, length + read);
            }
        }
        catch (Exception e) when (e is IOException or ObjectDisposedException)
        {
            // The run is over.
        }

        return Encoding.UTF8.GetString(kept.AsSpan(0, length)).Trim();
    }
}
