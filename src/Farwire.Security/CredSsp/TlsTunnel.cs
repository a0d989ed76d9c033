using System.Net.Security;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;
using Farwire.Security.Sealing;

namespace Farwire.Security.CredSsp;

/// <summary>TLS whose records travel in headers and bodies of HTTP.</summary>
/// <remarks>MS-CSSP; MS-WSMV, "Encrypted message types". TLS 1.2, which all that speak CredSSP have; 1.3 sends tickets that nobody asked for.</remarks>
internal sealed class TlsTunnel : IMessageSeal, IDisposable
{
    private const int RecordHeader = 5;
    private const byte ApplicationData = 0x17;
    private const int MaxRecordOverhead = 2048;
    private const int AuthenticatedTrailer = 16;

    private readonly MemoryDuplex _wire = new();
    private readonly SslStream _tls;
    private readonly Func<SslStream, Task> _begin;
    private Task? _handshake;

    private TlsTunnel(Func<SslStream, Task> begin)
    {
        _begin = begin;
        _tls = new SslStream(_wire, leaveInnerStreamOpen: false);
    }

    public bool IsEstablished => _handshake is { IsCompletedSuccessfully: true };

    public string Protocol => SealedProtocol.CredSsp;

    public int MaxPartBytes => 16384;

    /// <summary>The service's certificate, as the client got it.</summary>
    public X509Certificate2? ServiceCertificate =>
        _tls.RemoteCertificate is { } certificate ? X509CertificateLoader.LoadCertificate(certificate.GetRawCertData()) : null;

    public static TlsTunnel OfService(SslStreamCertificateContext certificate) => new(tls => tls.AuthenticateAsServerAsync(new SslServerAuthenticationOptions
    {
        ServerCertificateContext = certificate,
        EnabledSslProtocols = SslProtocols.Tls12,
        AllowTlsResume = false,
        AllowRenegotiation = false,
    }));

    /// <summary>The certificate is not looked at: the proof of its key, under the inner handshake, is what counts.</summary>
    public static TlsTunnel OfClient(string host) => new(tls => tls.AuthenticateAsClientAsync(new SslClientAuthenticationOptions
    {
        TargetHost = host,
        EnabledSslProtocols = SslProtocols.Tls12,
        AllowTlsResume = false,
        RemoteCertificateValidationCallback = static (_, certificate, _, _) => certificate is not null,
    }));

    /// <summary>Takes records of the handshake and gives those that answer.</summary>
    public async Task<byte[]> ShakeAsync(ReadOnlyMemory<byte> records)
    {
        _wire.Feed(records.Span);
        try
        {
            _handshake ??= _begin(_tls);
            if (await Task.WhenAny(_handshake, _wire.Starved).ConfigureAwait(false) == _handshake)
            {
                await _handshake.ConfigureAwait(false);
            }

            return _wire.Take();
        }
        catch (Exception e) when (e is AuthenticationException or IOException or InvalidOperationException)
        {
            throw new SecurityTokenException("The TLS of CredSSP failed.", e);
        }
    }

    /// <summary>Encrypts a message of the handshake inside.</summary>
    public byte[] Encrypt(ReadOnlySpan<byte> plain)
    {
        _tls.Write(plain);
        return _wire.Take();
    }

    /// <summary>Decrypts whole records.</summary>
    public byte[] Decrypt(byte[] records) => Open(records, 0).ToArray();

    public int MaxSealedBytes(int plainBytes) => plainBytes + MaxRecordOverhead;

    public SealedLength Seal(ReadOnlySpan<byte> plain, Span<byte> target)
    {
        _tls.Write(plain);
        var records = _wire.Take();
        records.CopyTo(target);
        return new SealedLength(AuthenticatedTrailer, records.Length);
    }

    // The length in front is the trailer's; the records themselves say how long they are. A boundary begins with '-', never with 0x17.
    public long PartLength(ReadOnlySpan<byte> rest, int headerBytes, int plainBytes)
    {
        var length = 0;
        while (NextRecord(rest[length..]) is > 0 and var record)
        {
            length += record;
        }

        return length;
    }

    public Span<byte> Open(Span<byte> part, int headerBytes)
    {
        var records = 0;
        for (var at = 0; NextRecord(part[at..]) is > 0 and var length; at += length)
        {
            records++;
        }

        _wire.Feed(part);
        var plain = 0;
        try
        {
            // Each record gives its bytes in one read; a record of anything else than data would leave the reader with nothing.
            while (records-- > 0)
            {
                if (_tls.Read(part[plain..]) is > 0 and var read)
                {
                    plain += read;
                }
                else
                {
                    throw new SecurityTokenException("The TLS of CredSSP has ended.");
                }
            }
        }
        catch (Exception e) when (e is IOException or AuthenticationException or InvalidOperationException)
        {
            throw new SecurityTokenException("A record of CredSSP's TLS was changed, repeated or left out.", e);
        }

        return part[..plain];
    }

    public void Dispose()
    {
        _tls.Dispose();

        // A handshake that was left lying ends in an exception that is nobody's news.
        _ = _handshake?.ContinueWith(static t => t.Exception, CancellationToken.None, TaskContinuationOptions.OnlyOnFaulted, TaskScheduler.Default);
    }

    private static int NextRecord(ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length < RecordHeader || bytes[0] != ApplicationData || bytes[1] != 3)
        {
            return 0;
        }

        var length = RecordHeader + ((bytes[3] << 8) | bytes[4]);
        return length <= bytes.Length ? length : 0;
    }
}
