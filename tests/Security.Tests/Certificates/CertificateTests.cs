using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Farwire.Security.Accounts;
using Farwire.Security.Certificates;
using Farwire.TestKit;

namespace Farwire.Security.Tests.Certificates;

public sealed class CertificateTests
{
    private readonly X509Certificate2 _authority = Authority("CN=Authority");
    private readonly ManualTime _time = new();
    private readonly UserStore _users = UserStore.InMemory();

    public CertificateTests()
    {
        foreach (var name in (string[])["ann", "bob"])
        {
            _users.Put(new StoredUser(name, name, PasswordHash.Of("x", 1)));
        }
    }

    [Theory]
    [InlineData("ann@example.org", "ann")]
    [InlineData("*@example.org", "ann")]
    [InlineData("ann@*", "ann")]
    [InlineData("*", "ann")]
    [InlineData("bob@example.org", null)]
    public async Task A_mapping_fits_by_its_subject(string subject, string? user) =>
        Assert.Equal(user, await UserOfAsync("urn:x", Mapping(subject, "*", "ann")));

    [Fact]
    public async Task The_longest_subject_wins_then_the_longest_URI()
    {
        CertificateMapping[] mappings = [Mapping("*", "urn:box/*", "bob"), Mapping("*@example.org", "*", "ann"), Mapping("*@example.org", "urn:box/red", "bob")];

        Assert.Equal("ann", await UserOfAsync("urn:box/blue", mappings));
        Assert.Equal("bob", await UserOfAsync("urn:box/red", mappings));
    }

    [Fact]
    public async Task A_tie_another_issuer_a_disabled_mapping_and_an_unknown_user_are_nobody()
    {
        Assert.Null(await UserOfAsync("urn:x", Mapping("*", "*", "ann"), Mapping("*", "*", "bob")));
        Assert.Null(await UserOfAsync("urn:x", Mapping("*", "*", "ann") with { Issuer = new string('A', 40) }));
        Assert.Null(await UserOfAsync("urn:x", Mapping("*", "*", "ann") with { IsEnabled = false }));
        Assert.Null(await UserOfAsync("urn:x", Mapping("*", "*", "carol")));
        Assert.Null(await UserOfAsync("urn:x"));
    }

    [Fact]
    public async Task Another_authority_a_wrong_purpose_a_past_date_and_too_many_bytes_are_refused()
    {
        Assert.Contains("PartialChain", await ReasonAsync(Client(Authority("CN=Other"))), StringComparison.Ordinal);
        Assert.Contains("NotValidForUsage", await ReasonAsync(Client(_authority, purpose: "1.3.6.1.5.5.7.3.1")), StringComparison.Ordinal);
        Assert.Contains("16384 are the most", await ReasonAsync(Client(_authority, bytes: 17_000)), StringComparison.Ordinal);
        Assert.Contains("no certificate", await ReasonAsync(null), StringComparison.Ordinal);
        var past = Client(_authority);
        _time.Advance(TimeSpan.FromDays(50));
        Assert.Contains("NotTimeValid", await ReasonAsync(past), StringComparison.Ordinal);
    }

    private CertificateMapping Mapping(string subject, string uri, string user) => new(_authority.Thumbprint, subject, uri, user);

    private async Task<string?> UserOfAsync(string uri, params CertificateMapping[] mappings)
    {
        var step = await StepAsync(Client(_authority), mappings);
        Assert.True(step.IsAccepted, step.Reason);
        return step.PrincipalFor!(uri)?.Identity!.Name;
    }

    private async Task<string> ReasonAsync(X509Certificate2? certificate) => (await StepAsync(certificate)).Reason!;

    private async Task<TokenStep> StepAsync(X509Certificate2? certificate, params CertificateMapping[] mappings)
    {
        var scheme = new CertificateScheme(() => mappings, new MappedUsers(_users, _time), () => [_authority], _time);
        using var acceptor = scheme.Accept(new ConnectionFacts("192.0.2.1", ClientCertificate: certificate));
        return await acceptor.StepAsync("", default);
    }

    private static X509Certificate2 Authority(string name)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest(name, key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, false, 0, true));
        return request.CreateSelfSigned(new ManualTime().GetUtcNow().AddDays(-1), new ManualTime().GetUtcNow().AddDays(900));
    }

    private X509Certificate2 Client(X509Certificate2 authority, string purpose = "1.3.6.1.5.5.7.3.2", int bytes = 0)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=Ann", key, HashAlgorithmName.SHA256);
        var names = new SubjectAlternativeNameBuilder();
        names.AddUserPrincipalName("ann@example.org");
        request.CertificateExtensions.Add(names.Build());
        request.CertificateExtensions.Add(new X509EnhancedKeyUsageExtension([new Oid(purpose)], false));
        if (bytes > 0)
        {
            request.CertificateExtensions.Add(new X509Extension("1.2.3.4", new byte[bytes], false));
        }

        var now = _time.GetUtcNow();
        return request.Create(authority, now.AddHours(-1), now.AddDays(30), [1, 2, 3]);
    }
}
