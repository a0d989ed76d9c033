using System.Diagnostics;
using System.Net;
using System.Net.Sockets;

namespace Farwire.Peers.Tests.Security;

/// <summary>Our client against a service that offers Digest alone: lighttpd, with a script behind it that knows one answer.</summary>
public sealed class DigestTests
{
    private const string Answer =
        "<s:Envelope xmlns:s=\"http://www.w3.org/2003/05/soap-envelope\"><s:Header/><s:Body><i:IdentifyResponse xmlns:i=\"http://schemas.dmtf.org/wbem/wsman/identity/1/wsmanidentity.xsd\">"
        + "<i:ProtocolVersion>http://schemas.dmtf.org/wbem/wsman/1/wsman.xsd</i:ProtocolVersion><i:ProductVendor>Theirs</i:ProductVendor><i:ProductVersion>1</i:ProductVersion></i:IdentifyResponse></s:Body></s:Envelope>";

    [Theory]
    [InlineData("MD5", "secret", 0)]
    [InlineData("SHA-256", "secret", 0)]
    [InlineData("SHA-256", "wrong", 1)]
    public async Task Our_client_proves_itself_by_Digest(string algorithm, string password, int exitCode)
    {
        Commands.Need("/usr/sbin/lighttpd");
        var folder = Directory.CreateTempSubdirectory("farwire-digest-").FullName;
        var port = FreePort();
        using var server = await StartAsync(folder, port, algorithm);
        try
        {
            var outcome = await Commands.RunAsync(
                "/usr/bin/env",
                ["FARWIRE_PASSWORD=" + password, RunningService.Program("farwire"), "winrm", "id", $"-r:http://127.0.0.1:{port}", "-a:digest", "-u:ann", "-unencrypted"]);

            Assert.Equal(exitCode, outcome.ExitCode);
            Assert.Contains(exitCode == 0 ? "ProductVendor = Theirs" : "refused the user name or the password (Digest)", outcome.Output + outcome.Errors, StringComparison.Ordinal);
        }
        finally
        {
            server.Kill();
            await server.WaitForExitAsync();
            Directory.Delete(folder, recursive: true);
        }
    }

    private static async Task<Process> StartAsync(string folder, int port, string algorithm)
    {
        Directory.CreateDirectory(Path.Combine(folder, "www"));
        await File.WriteAllTextAsync(Path.Combine(folder, "www", "wsman"), $"#!/bin/sh\ncat > /dev/null\nprintf 'Content-Type: application/soap+xml;charset=UTF-8\\r\\n\\r\\n%s' '{Answer}'\n");
        var hash = algorithm == "MD5" ? Hash("md5sum") : Hash("sha256sum");
        await File.WriteAllTextAsync(Path.Combine(folder, "users"), $"ann:realm:{(await hash).Split(' ')[0]}\n");
        await File.WriteAllTextAsync(Path.Combine(folder, "lighttpd.conf"), $$"""
            server.modules = ("mod_auth", "mod_authn_file", "mod_cgi")
            server.document-root = "{{folder}}/www"
            server.bind = "127.0.0.1"
            server.port = {{port}}
            cgi.assign = ("wsman" => "/bin/sh")
            auth.backend = "htdigest"
            auth.backend.htdigest.userfile = "{{folder}}/users"
            auth.require = ("" => ("method" => "digest", "algorithm" => "{{algorithm}}", "realm" => "realm", "require" => "valid-user"))

            """);
        var server = Process.Start(new ProcessStartInfo("/usr/sbin/lighttpd", ["-D", "-f", Path.Combine(folder, "lighttpd.conf")]) { RedirectStandardError = true })!;
        while (!await CanConnectAsync(port))
        {
            Assert.False(server.HasExited, server.HasExited ? await server.StandardError.ReadToEndAsync() : "");
            await Task.Delay(20);
        }

        return server;

        static async Task<string> Hash(string program) => (await Commands.RunAsync(program, [], "ann:realm:secret"u8.ToArray())).Output;
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    private static async Task<bool> CanConnectAsync(int port)
    {
        using var socket = new TcpClient();
        try
        {
            await socket.ConnectAsync(IPAddress.Loopback, port);
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }
}
