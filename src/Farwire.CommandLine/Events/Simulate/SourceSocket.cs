using System.Buffers;
using System.Globalization;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Text;

namespace Farwire.CommandLine.Events.Simulate;

/// <summary>One keep-alive connection of HTTP/1.1 with a buffer of its own and nothing else: thousands stand at once.</summary>
internal sealed class SourceSocket : IAsyncDisposable
{
    private const int MaxAnswerBytes = 4 * 1024 * 1024;

    private readonly Uri _address;
    private readonly string? _pin;
    private Stream _stream;
    private byte[] _buffer = new byte[1024];

    private SourceSocket(Uri address, string? pin, Stream stream) => (_address, _pin, _stream) = (address, pin, stream);

    /// <summary>Connects; with https by TLS, to exactly the certificate of <paramref name="pin"/>, or when there is none, to whom the system trusts.</summary>
    public static async Task<SourceSocket> ConnectAsync(Uri address, string? pin, CancellationToken cancellationToken) =>
        new(address, pin, await OpenAsync(address, pin, cancellationToken).ConfigureAwait(false));

    /// <summary>Connects anew, after the connection broke.</summary>
    public async Task ReconnectAsync(CancellationToken cancellationToken)
    {
        await _stream.DisposeAsync().ConfigureAwait(false);
        _stream = await OpenAsync(_address, _pin, cancellationToken).ConfigureAwait(false);
    }

    private static async Task<Stream> OpenAsync(Uri address, string? pin, CancellationToken cancellationToken)
    {
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            await socket.ConnectAsync(address.IdnHost, address.Port, cancellationToken).ConfigureAwait(false);
            Stream stream = new NetworkStream(socket, ownsSocket: true);
            if (address.Scheme == Uri.UriSchemeHttps)
            {
                var tls = new SslStream(stream, leaveInnerStreamOpen: false, (_, certificate, _, errors) =>
                    pin is null ? errors == SslPolicyErrors.None : certificate?.GetCertHashString(HashAlgorithmName.SHA256).Equals(pin, StringComparison.OrdinalIgnoreCase) == true);
                await tls.AuthenticateAsClientAsync(new SslClientAuthenticationOptions { TargetHost = address.IdnHost }, cancellationToken).ConfigureAwait(false);
                stream = tls;
            }

            return stream;
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    /// <summary>Posts, and answers status and body; the body is valid until the next call.</summary>
    public async Task<(int Status, ReadOnlyMemory<byte> Body)> PostAsync(string head, ReadOnlyMemory<byte> body, CancellationToken cancellationToken)
    {
        var message = ArrayPool<byte>.Shared.Rent(head.Length + 64 + body.Length);
        try
        {
            var length = Encoding.ASCII.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{head}Content-Length: {body.Length}\r\n\r\n"), message);
            body.CopyTo(message.AsMemory(length));
            await _stream.WriteAsync(message.AsMemory(0, length + body.Length), cancellationToken).ConfigureAwait(false);
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(message);
        }

        return await ReadAsync(cancellationToken).ConfigureAwait(false);
    }

    public ValueTask DisposeAsync() => _stream.DisposeAsync();

    // HTTP/1.1 200 OK CRLF … Content-Length: N … CRLF CRLF body. The collector always sends a length.
    private async Task<(int Status, ReadOnlyMemory<byte> Body)> ReadAsync(CancellationToken cancellationToken)
    {
        var filled = 0;
        int end;
        while ((end = _buffer.AsSpan(0, filled).IndexOf("\r\n\r\n"u8)) < 0)
        {
            filled += await ReadSomeAsync(filled, cancellationToken).ConfigureAwait(false);
        }

        var head = Encoding.ASCII.GetString(_buffer, 0, end);
        var at = head.IndexOf("Content-Length:", StringComparison.OrdinalIgnoreCase);
        var length = at < 0 ? 0 : int.Parse(head.AsSpan(at + 15, (head.IndexOf('\r', at) is > 0 and var line ? line : head.Length) - at - 15), NumberStyles.AllowLeadingWhite, CultureInfo.InvariantCulture);
        while (filled < end + 4 + length)
        {
            filled += await ReadSomeAsync(filled, cancellationToken).ConfigureAwait(false);
        }

        return (int.Parse(head.AsSpan(9, 3), CultureInfo.InvariantCulture), _buffer.AsMemory(end + 4, length));
    }

    private async Task<int> ReadSomeAsync(int filled, CancellationToken cancellationToken)
    {
        if (filled == _buffer.Length)
        {
            Array.Resize(ref _buffer, filled < MaxAnswerBytes ? filled * 2 : throw new IOException("The collector's answer has no end."));
        }

        return await _stream.ReadAsync(_buffer.AsMemory(filled), cancellationToken).ConfigureAwait(false) is > 0 and var read ? read : throw new IOException("The collector closed the connection.");
    }
}
