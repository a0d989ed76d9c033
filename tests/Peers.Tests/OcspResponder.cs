using System.Diagnostics;

namespace Farwire.Peers.Tests;

/// <summary>OpenSSL's responder of OCSP for one authority.</summary>
/// <remarks>RFC 6960. It serves one connection at a time, and waits for what that one has to ask: nobody may connect to see whether it is there.</remarks>
internal sealed class OcspResponder : IAsyncDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("farwire-ocsp-").FullName;
    private Process? _process;

    public int Port { get; } = LoopbackPort.Free();

    public string Address => $"http://127.0.0.1:{Port}/";

    /// <summary>Starts it.</summary>
    /// <param name="authority">The authority, which signs the answers.</param>
    /// <param name="index">The lines of OpenSSL's own list: state, dates, serial number.</param>
    public async Task StartAsync(RevokingAuthority authority, string index)
    {
        Commands.Need("/usr/bin/openssl");
        var (list, pem) = (Path.Combine(_folder, "index"), Path.Combine(_folder, "authority.pem"));
        await File.WriteAllTextAsync(list, index);
        await File.WriteAllTextAsync(pem, authority.Pem);
        _process = Process.Start(new ProcessStartInfo("/usr/bin/openssl", ["ocsp", "-port", $"{Port}", "-index", list, "-CA", pem, "-rkey", pem, "-rsigner", pem, "-ndays", "1"])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        })!;
        var said = "";
        while (!said.Contains("waiting for OCSP client", StringComparison.Ordinal))
        {
            said = await _process.StandardError.ReadLineAsync() ?? throw new InvalidOperationException("openssl ocsp ended: " + said);
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (_process is not null)
        {
            _process.Kill(entireProcessTree: true);
            await _process.WaitForExitAsync();
            _process.Dispose();
        }

        Directory.Delete(_folder, recursive: true);
    }
}
