using Farwire.Testing;

namespace TestYourClient;

/// <summary>Tests of a WinRM client against a real service, with no Windows in sight.</summary>
public sealed class InventoryTests : IAsyncLifetime
{
    private EphemeralService _service = null!;

    public async ValueTask InitializeAsync() => _service = await EphemeralService.StartAsync();

    public ValueTask DisposeAsync() => _service.DisposeAsync();

    [Fact]
    public async Task The_name_of_the_host_is_read_over_TLS_with_the_certificate_pinned()
    {
        using var inventory = new Inventory(_service.Https, _service.User, _service.Password, _service.CertificateSha256);

        Assert.Equal(Environment.MachineName, await inventory.HostNameAsync());
    }

    [Fact]
    public async Task Another_certificate_is_refused()
    {
        using var inventory = new Inventory(_service.Https, _service.User, _service.Password, new string('0', 64));

        await Assert.ThrowsAsync<HttpRequestException>(inventory.HostNameAsync);
    }

    [Fact]
    public async Task A_wrong_password_is_told_apart_from_a_broken_service()
    {
        using var inventory = new Inventory(_service.Http, _service.User, "wrong", certificateSha256: null);

        await Assert.ThrowsAsync<UnauthorizedAccessException>(inventory.HostNameAsync);
    }
}
