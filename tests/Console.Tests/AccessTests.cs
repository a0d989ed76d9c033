using System.Net;
using System.Net.Http.Headers;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;

namespace Farwire.Console.Tests;

public sealed class AccessTests
{
    private static readonly string[] Pages = ["/", "/events", "/tail", "/tail/events", "/sources", "/subscriptions", "/subscriptions/edit", "/assets/page.css", "/assets/tail.js", "/nothing"];

    [Fact]
    public async Task Nothing_is_shown_to_whoever_does_not_say_who_he_is()
    {
        await using var service = await PageService.StartAsync();

        foreach (var page in Pages)
        {
            using var answer = await GetAsync(service, page, user: null);

            Assert.Equal(HttpStatusCode.Unauthorized, answer.StatusCode);
            Assert.Contains("Basic", answer.Headers.WwwAuthenticate.ToString(), StringComparison.Ordinal);
            Assert.Empty(await answer.Content.ReadAsStringAsync());
        }
    }

    [Fact]
    public async Task Whoever_may_not_read_events_sees_none_of_it()
    {
        await using var service = await PageService.StartAsync();

        foreach (var page in Pages)
        {
            using var answer = await GetAsync(service, page, PageService.Nobody);

            Assert.Equal(HttpStatusCode.Forbidden, answer.StatusCode);
            Assert.Contains("needs the right to read urn:farwire:collector/", await answer.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task Whoever_may_only_read_changes_nothing()
    {
        await using var service = await PageService.StartAsync();
        service.Subscribe("baseline");
        using var client = new HttpClient { BaseAddress = service.Address, DefaultRequestHeaders = { Authorization = Basic(PageService.Reader) } };
        using var page = await client.GetAsync("/subscriptions/edit?id=baseline");

        using var answer = await client.PostAsync("/subscriptions/edit?id=baseline", Form(await page.Content.ReadAsStringAsync(), ("do", "remove")));

        Assert.Equal(HttpStatusCode.OK, page.StatusCode);
        Assert.Equal(HttpStatusCode.Forbidden, answer.StatusCode);
        Assert.NotNull(service.Collector.Subscriptions.Find("baseline"));
    }

    [Fact]
    public async Task A_form_of_another_site_does_nothing_though_the_browser_sends_the_password_along()
    {
        await using var service = await PageService.StartAsync();
        service.Subscribe("baseline");
        using var client = new HttpClient { BaseAddress = service.Address, DefaultRequestHeaders = { Authorization = Basic(PageService.Administrator) } };

        using var forged = await client.PostAsync("/subscriptions/edit?id=baseline", Form("", ("_handler", "subscription"), ("do", "remove")));

        Assert.Equal(HttpStatusCode.BadRequest, forged.StatusCode);
        Assert.NotNull(service.Collector.Subscriptions.Find("baseline"));

        // The same with the mark that the page itself gives out is taken: the refusal above is about the mark alone.
        using var page = await client.GetAsync("/subscriptions/edit?id=baseline");
        using var own = await client.PostAsync("/subscriptions/edit?id=baseline", Form(await page.Content.ReadAsStringAsync(), ("do", "remove")));
        Assert.Null(service.Collector.Subscriptions.Find("baseline"));
    }

    [Fact]
    public async Task Every_answer_forbids_what_is_not_the_pages_own()
    {
        await using var service = await PageService.StartAsync();

        foreach (var page in Pages.Where(page => page != "/tail/events"))
        {
            using var answer = await GetAsync(service, page, PageService.Administrator);
            var policy = answer.Headers.GetValues("Content-Security-Policy").Single();

            Assert.StartsWith("default-src 'none';", policy, StringComparison.Ordinal);
            Assert.DoesNotContain("unsafe", policy, StringComparison.Ordinal);
            Assert.Equal("nosniff", answer.Headers.GetValues("X-Content-Type-Options").Single());
            Assert.True(answer.Headers.CacheControl!.NoStore);
        }
    }

    [Fact]
    public async Task In_clear_it_listens_on_loopback_alone()
    {
        var problem = await Assert.ThrowsAsync<ArgumentException>(() => PageService.StartAsync(address: IPAddress.Any));

        Assert.Contains("certificate", problem.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task With_a_certificate_it_is_there_over_TLS()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        using var certificate = new CertificateRequest("CN=localhost", key, HashAlgorithmName.SHA256).CreateSelfSigned(DateTimeOffset.UtcNow.AddDays(-1), DateTimeOffset.UtcNow.AddDays(1));
        await using var service = await PageService.StartAsync(certificate: certificate);

        using var answer = await GetAsync(service, "/events", PageService.Administrator, certificate);

        Assert.Equal("https", service.Address.Scheme);
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
    }

    private static async Task<HttpResponseMessage> GetAsync(PageService service, string path, string? user, X509Certificate2? certificate = null)
    {
        using var handler = new SocketsHttpHandler { SslOptions = { RemoteCertificateValidationCallback = (_, shown, _, _) => shown?.GetCertHashString() == certificate?.Thumbprint } };
        using var client = new HttpClient(handler);
        client.DefaultRequestHeaders.Authorization = user is null ? null : Basic(user);
        return await client.GetAsync(new Uri(service.Address, path));
    }

    private static AuthenticationHeaderValue Basic(string user) => new("Basic", Convert.ToBase64String(Encoding.UTF8.GetBytes($"{user}:{PageService.Password}")));

    // What a browser sends: the hidden fields of the page's form, and the button.
    private static FormUrlEncodedContent Form(string html, params (string Name, string Value)[] fields) => new(
    [
        .. System.Text.RegularExpressions.Regex.Matches(html, "<input type=\"hidden\" name=\"([^\"]+)\" value=\"([^\"]*)\"")
            .Where(field => field.Groups[1].Value is "_handler" or "__RequestVerificationToken")
            .Select(field => KeyValuePair.Create(field.Groups[1].Value, WebUtility.HtmlDecode(field.Groups[2].Value))),
        .. fields.Select(field => KeyValuePair.Create(field.Name, field.Value)),
    ]);
}
