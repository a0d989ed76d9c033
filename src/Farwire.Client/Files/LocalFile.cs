using System.Buffers;
using System.Security.Cryptography;

namespace Farwire.Client.Files;

/// <summary>A file of this machine that is sent.</summary>
/// <param name="Entry">What it was when it was found.</param>
/// <param name="FullPath">Where it is.</param>
internal sealed record LocalFile(FileEntry Entry, string FullPath)
{
    private const int ReadBytes = 1024 * 1024;

    /// <summary>Opens it to be read from its beginning to its end.</summary>
    public FileStream Open() => new(FullPath, new FileStreamOptions
    {
        Mode = FileMode.Open, Access = FileAccess.Read, Share = FileShare.ReadWrite | FileShare.Delete, BufferSize = 0, Options = FileOptions.SequentialScan,
    });

    /// <summary>Reads all of a small one.</summary>
    public async Task<byte[]> ReadAsync(CancellationToken cancellationToken)
    {
        await using var from = Open();
        var bytes = new byte[Entry.Length];
        var read = await from.ReadAtLeastAsync(bytes, bytes.Length, throwOnEndOfStream: false, cancellationToken).ConfigureAwait(false);
        return read == bytes.Length && IsUnchanged(from) ? bytes : throw Changed();
    }

    /// <summary>Reads all of it, in pieces, and hashes them; exactly as many bytes as it had.</summary>
    public async Task<string> CopyToAsync(FileStream from, IncrementalHash hash, Func<ReadOnlyMemory<byte>, ValueTask> write, CancellationToken cancellationToken)
    {
        var buffer = ArrayPool<byte>.Shared.Rent(ReadBytes);
        try
        {
            while (from.Position < Entry.Length)
            {
                var wanted = (int)Math.Min(ReadBytes, Entry.Length - from.Position);
                var read = await from.ReadAsync(buffer.AsMemory(0, wanted), cancellationToken).ConfigureAwait(false);
                if (read == 0)
                {
                    throw Changed();
                }

                hash.AppendData(buffer.AsSpan(0, read));
                await write(buffer.AsMemory(0, read)).ConfigureAwait(false);
            }

            return IsUnchanged(from) ? Convert.ToHexStringLower(hash.GetHashAndReset()) : throw Changed();
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    private FileTransferException Changed() => new(FullPath, "it changed while it was copied; copy it again.");

    private bool IsUnchanged(FileStream from) => from.Length == Entry.Length && File.GetLastWriteTimeUtc(from.SafeFileHandle) == Entry.Modified.UtcDateTime;

    /// <summary>Hashes the first <paramref name="length"/> bytes.</summary>
    public static async Task HashAsync(Stream from, long length, IncrementalHash hash, CancellationToken cancellationToken)
    {
        var buffer = ArrayPool<byte>.Shared.Rent(ReadBytes);
        try
        {
            while (length > 0 && await from.ReadAsync(buffer.AsMemory(0, (int)Math.Min(buffer.Length, length)), cancellationToken).ConfigureAwait(false) is > 0 and var read)
            {
                hash.AppendData(buffer.AsSpan(0, read));
                length -= read;
            }
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }
}
