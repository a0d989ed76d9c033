using System.Buffers;
using System.Globalization;
using Farwire.Collector.Store;

namespace Farwire.Collector.Outputs;

/// <summary>Appends events to a file, a line each, and begins a new one at a size.</summary>
/// <param name="path">The file; full ones get the time before their extension.</param>
/// <param name="format">How events are written.</param>
/// <param name="maxBytes">The size at which a new file begins.</param>
/// <param name="time">The clock for the names of full files.</param>
public sealed class FileOutput(string path, EventFormat format = EventFormat.Json, long maxBytes = 256L * 1024 * 1024, TimeProvider? time = null) : IEventOutput
{
    private readonly TimeProvider _time = time ?? TimeProvider.System;

    /// <inheritdoc/>
    public async Task<IReadOnlyList<(StoredEvent Event, string Reason)>> SendAsync(IReadOnlyList<StoredEvent> events, CancellationToken cancellationToken)
    {
        var lines = new ArrayBufferWriter<byte>(events.Count * 1024);
        foreach (var stored in events)
        {
            EventLine.Write(lines, stored, format);
            lines.Write("\n"u8);
        }

        try
        {
            // Opened each time: whoever moved the file away finds nothing written behind its back.
            await using var file = new FileStream(path, FileMode.Append, FileAccess.Write, FileShare.Read);
            await file.WriteAsync(lines.WrittenMemory, cancellationToken).ConfigureAwait(false);
            file.Flush(flushToDisk: true);
            if (file.Length >= maxBytes)
            {
                File.Move(path, FullName());
            }

            return [];
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new OutputException($"{path} cannot be written: {e.Message}", e);
        }
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    private string FullName()
    {
        var stem = Path.Combine(Path.GetDirectoryName(path) ?? "", Path.GetFileNameWithoutExtension(path));
        var stamp = _time.GetUtcNow().ToString("yyyyMMdd'T'HHmmssfff'Z'", CultureInfo.InvariantCulture);
        var name = $"{stem}-{stamp}{Path.GetExtension(path)}";
        for (var i = 2; File.Exists(name); i++)
        {
            name = $"{stem}-{stamp}-{i}{Path.GetExtension(path)}";
        }

        return name;
    }
}
