using System.Text;
using System.Text.RegularExpressions;
using Farwire.Peers.Tests.Administration;
using Farwire.Peers.Tests.Security;

namespace Farwire.Peers.Tests.Forwarding;

/// <summary>The built collector behind TLS, with a user for every source: what one test's sources send, no other sees.</summary>
public sealed partial class ForwardingCollector : IAsyncLifetime
{
    private readonly (string File, string Yaml)[] _files;
    private AdministeredService? _service;
    private string? _address;

    public ForwardingCollector()
        : this([])
    {
    }

    /// <param name="files">Files of its configuration beside its own.</param>
    internal ForwardingCollector(params (string File, string Yaml)[] files) => _files = files;

    /// <summary>The service, such as <c>https://localhost:5986/wsman</c>.</summary>
    internal string Address => _address!;

    /// <summary>Its certificate, which is its own authority.</summary>
    internal string Certificate => CertificateListener.FileOf(Service);

    internal AdministeredService Service
    {
        get
        {
            Assert.SkipUnless(_service is not null, "systemd-journald, openssl and root are needed (packages systemd, openssl).");
            return _service;
        }
    }

    public async ValueTask InitializeAsync()
    {
        if (!Environment.IsPrivilegedProcess || !File.Exists("/usr/bin/openssl"))
        {
            return;
        }

        _service = await AdministeredService.StartAsync([("farwired.yaml", "Service: { Auth: { Basic: true, Certificate: true } }\n"), .. _files]);
        _address = await CertificateListener.OpenAsync(_service);
    }

    public async ValueTask DisposeAsync()
    {
        if (_service is not null)
        {
            await _service.DisposeAsync();
        }
    }

    /// <summary>Makes a user for a source; answers its name.</summary>
    internal async Task<string> AddUserAsync()
    {
        var user = $"src-{Guid.NewGuid():N}";
        var added = await Commands.RunAsync(
            RunningService.Program("farwired"), ["user", "add", user, "--file", Path.Combine(Service.State, "users"), "--account", "nobody"], Encoding.UTF8.GetBytes(AdministeredService.Password + "\n"));
        Assert.True(added.ExitCode == 0, added.Errors);
        return user;
    }

    /// <summary>Makes a subscription, or another version of it.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="user">Whose events it takes.</param>
    /// <param name="query">Which.</param>
    /// <param name="delivery">How they are delivered; some haste unless said otherwise.</param>
    /// <param name="more">What follows the query.</param>
    /// <param name="rules">Whom else it is for.</param>
    internal async Task SubscribeAsync(string name, string user, string query, string delivery = Hasty, string more = "<ReadExistingEvents>true</ReadExistingEvents>", string rules = "")
    {
        var file = Path.Combine(Service.State, name + ".xml");
        await File.WriteAllTextAsync(file,
            $"<Subscription xmlns=\"http://schemas.microsoft.com/2006/03/windows/events/subscription\"><SubscriptionId>{name}</SubscriptionId><SubscriptionType>SourceInitiated</SubscriptionType>"
            + $"<ConfigurationMode>Custom</ConfigurationMode><Delivery Mode=\"Push\">{delivery}</Delivery><Query><![CDATA[<QueryList><Query Id=\"0\">{query}</Query></QueryList>]]></Query>{more}"
            + $"<AllowedPrincipals xmlns=\"urn:farwire:subscription\"><Principal>{user}</Principal></AllowedPrincipals>{rules}</Subscription>");
        var known = (await Service.WecUtilAsync("es")).Output.Contains(name, StringComparison.Ordinal);
        var made = known ? await Service.WecUtilAsync("ss", $"/c:{file}") : await Service.WecUtilAsync("cs", file);
        Assert.True(made.ExitCode == 0, made.Errors);
    }

    /// <summary>Takes a subscription away.</summary>
    internal async Task UnsubscribeAsync(string name) => Assert.Equal(0, (await Service.WecUtilAsync("ds", name)).ExitCode);

    /// <summary>What came for a subscription, in the order of the store.</summary>
    internal async Task<IReadOnlyList<string>> CollectedAsync(string name)
    {
        var export = await Commands.RunAsync("env", [$"FARWIRE_SOCKET={Service.Socket}", RunningService.Program("farwire"), "events", "export", "--subscription", name, "-o", "xml"]);
        Assert.True(export.ExitCode == 0, export.Errors);
        return [.. Events().Matches(export.Output).Select(match => match.Value)];
    }

    /// <summary>The numbers in the text of what came.</summary>
    internal async Task<IReadOnlyList<int>> NumbersAsync(string name) => [.. (await CollectedAsync(name)).Select(NumberOf)];

    /// <summary>Waits until this many events came.</summary>
    internal async Task<IReadOnlyList<string>> UntilCollectedAsync(string name, int count)
    {
        IReadOnlyList<string> collected = [];
        await Waiting.UntilAsync(async () => (collected = await CollectedAsync(name)).Count >= count, () => $"{collected.Count} of {count} events came.");
        return collected;
    }

    /// <summary>The number that a test wrote into an event's text.</summary>
    internal static int NumberOf(string xml) => int.Parse(Number().Match(xml).Groups[1].Value, System.Globalization.CultureInfo.InvariantCulture);

    /// <summary>A batch after half a second, a heartbeat in an hour.</summary>
    internal const string Hasty = "<Batching><MaxLatencyTime>500</MaxLatencyTime></Batching><PushSettings><Heartbeat Interval=\"3600000\"/></PushSettings>";

    [GeneratedRegex("<Event[ >].*?</Event>", RegexOptions.Singleline)]
    private static partial Regex Events();

    [GeneratedRegex(">number (\\d+);")]
    private static partial Regex Number();
}
