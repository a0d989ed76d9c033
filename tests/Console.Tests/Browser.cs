using Microsoft.Playwright;

[assembly: AssemblyFixture(typeof(Farwire.Console.Tests.Browser))]

namespace Farwire.Console.Tests;

/// <summary>Debian's Chromium, started once for all tests.</summary>
public sealed class Browser : IAsyncLifetime
{
    private const string Chromium = "/usr/bin/chromium";

    private IPlaywright? _playwright;
    private IBrowser? _browser;

    public async ValueTask InitializeAsync()
    {
        Assertions.SetDefaultExpectTimeout(60_000);
        if (File.Exists(Chromium))
        {
            _playwright = await Playwright.CreateAsync();
            _browser = await _playwright.Chromium.LaunchAsync(new BrowserTypeLaunchOptions { ExecutablePath = Chromium });
        }
    }

    /// <summary>A window of a user of <paramref name="service"/>.</summary>
    internal async Task<Window> OpenAsync(PageService service, string user = PageService.Administrator)
    {
        Assert.SkipWhen(_browser is null, $"{Chromium} is not there: apt-get install chromium");
        var context = await _browser!.NewContextAsync(new BrowserNewContextOptions
        {
            BaseURL = service.Address.ToString(),
            HttpCredentials = new HttpCredentials { Username = user, Password = PageService.Password },
            IgnoreHTTPSErrors = true, // the certificate is made for the test; that it is shown at all is what counts
            ReducedMotion = ReducedMotion.Reduce,
        });
        context.SetDefaultTimeout(60_000);
        context.SetDefaultNavigationTimeout(60_000);
        return new Window(context, await context.NewPageAsync());
    }

    public async ValueTask DisposeAsync()
    {
        if (_browser is not null)
        {
            await _browser.DisposeAsync();
        }

        _playwright?.Dispose();
    }
}

/// <summary>A page in the browser, and what it complained about.</summary>
internal sealed class Window : IAsyncDisposable
{
    private readonly IBrowserContext _context;

    public Window(IBrowserContext context, IPage page)
    {
        (_context, Page) = (context, page);
        page.Console += (_, message) => Complaints.Add($"{message.Type}: {message.Text}");
        page.PageError += (_, error) => Complaints.Add(error);
        page.Dialog += (_, dialog) =>
        {
            Complaints.Add($"dialog: {dialog.Message}");
            _ = dialog.DismissAsync();
        };
        page.Request += (_, request) => Requests.Add(new Uri(request.Url));
    }

    public IPage Page { get; }

    public List<string> Complaints { get; } = [];

    public List<Uri> Requests { get; } = [];

    public ValueTask DisposeAsync() => _context.DisposeAsync();
}
