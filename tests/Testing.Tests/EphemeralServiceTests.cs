using System.Text.Json;
using Farwire.Client;
using Farwire.Client.Connection;
using Farwire.Protocol.Names;

namespace Farwire.Testing.Tests;

public sealed class EphemeralServiceTests
{
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task It_answers_on_both_addresses_as_soon_as_it_is_started(bool tls)
    {
        await using var service = await EphemeralService.StartAsync();
        await using var client = ClientOf(service, tls);

        var system = await client.GetInstanceAsync(ResourceUris.WmiCimV2 + "/Win32_OperatingSystem");

        Assert.Equal(Environment.MachineName, system["CSName"].ToString());
    }

    [Fact]
    public async Task Several_run_side_by_side_and_do_not_know_each_others_password()
    {
        await using var one = await EphemeralService.StartAsync();
        await using var other = await EphemeralService.StartAsync();
        await using var stranger = new WSManClient(new WSManConnectionOptions { Address = other.Http, AllowUnencrypted = true, User = one.User, Password = one.Password });

        Assert.NotEqual(one.Http.Port, other.Http.Port);
        Assert.NotEqual(one.Password, other.Password);
        Assert.NotEqual(one.CertificateSha256, other.CertificateSha256);
        var failure = await Assert.ThrowsAsync<WSManTransportException>(() => stranger.GetAsync(ResourceUris.WmiCimV2 + "/Win32_OperatingSystem"));
        Assert.Equal(TransportFailure.Authentication, failure.Failure);
    }

    [Fact]
    public async Task Disposed_it_no_longer_listens()
    {
        var service = await EphemeralService.StartAsync();
        var (http, https) = (service.Http.Port, service.Https.Port);
        await service.DisposeAsync();

        Assert.All([http, https], port => Assert.Throws<System.Net.Sockets.SocketException>(() => new System.Net.Sockets.TcpClient("127.0.0.1", port).Dispose()));
    }

    [Fact]
    public async Task The_connection_file_says_how_to_connect_to_its_owner_alone()
    {
        var folder = Directory.CreateTempSubdirectory("farwire-testing-");
        try
        {
            await using var service = await EphemeralService.StartAsync();
            var file = Path.Combine(folder.FullName, "connection.json");

            service.WriteConnection(file);
            service.WriteConnection(file);

            var connection = JsonDocument.Parse(await File.ReadAllBytesAsync(file)).RootElement;
            Assert.Equal(["http", "https", "user", "password", "certificateSha256", "pid"], connection.EnumerateObject().Select(p => p.Name));
            Assert.Equal(service.Https.ToString(), connection.GetProperty("https").GetString());
            Assert.Matches("^[0-9a-f]{64}$", connection.GetProperty("certificateSha256").GetString());
            Assert.Equal(Environment.ProcessId, connection.GetProperty("pid").GetInt32());
            Assert.Equal([file], Directory.GetFiles(folder.FullName));
            if (!OperatingSystem.IsWindows())
            {
                Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(file));
            }
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    private static WSManClient ClientOf(EphemeralService service, bool tls) => new(new WSManConnectionOptions
    {
        Address = tls ? service.Https : service.Http,
        AllowUnencrypted = !tls,
        User = service.User,
        Password = service.Password,
        CertificateSha256 = tls ? service.CertificateSha256 : null,
    });
}
