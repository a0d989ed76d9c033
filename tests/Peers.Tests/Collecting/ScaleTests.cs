using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text.Json;
using Farwire.Peers.Tests.Administration;
using Farwire.Security.Accounts;

namespace Farwire.Peers.Tests.Collecting;

/// <summary>Many sources at the built collector.</summary>
public sealed class ScaleTests
{
    private const int Silent = 500;
    private const int Fleet = 10_000;

    [Fact]
    [Trait("Feature", "WEC-12")]
    public async Task Five_hundred_sources_that_never_answer_hold_no_thread_and_keep_nobody_waiting()
    {
        await using var both = await TwoProcesses.StartAsync();
        using var deaf = new TcpListener(IPAddress.Any, 0);
        deaf.Start(backlog: 1024); // the kernel takes the connections; nobody ever reads from them
        var before = Threads(both);
        await CreateAsync(both, "deaf", ((IPEndPoint)deaf.LocalEndpoint).Port, string.Concat(Enumerable.Range(0, Silent).Select(i => $"<EventSource><Address>127.0.{(i / 200) + 1}.{(i % 200) + 1}</Address></EventSource>")));
        await AdministeredService.UntilAsync(async () => (await both.RunAsync("wecutil", "gr", "deaf")).Output.Split("RunTimeStatus: Trying").Length == Silent + 1);

        await using var source = new SourceDouble();
        await CreateAsync(both, "good", source.Port, "<EventSource><Address>127.0.0.1</Address></EventSource>");
        await AdministeredService.UntilAsync(() => Task.FromResult(!source.Subscribed.IsEmpty));
        source.Happens(1, "on time");
        await AdministeredService.UntilAsync(async () => (await both.StoredAsync("good")).Count == 1);

        // A thread for each would be five hundred; a few serve them all.
        Assert.InRange(Threads(both) - before, -before, 40);
        Assert.Equal(0, (await both.RunAsync("wecutil", "ds", "deaf")).ExitCode);
    }

    [Fact]
    [Trait("Feature", "WEC-12")]
    public async Task Ten_thousand_sources_push_at_once_and_nothing_that_was_acknowledged_is_missing()
    {
        await using var both = await TwoProcesses.StartAsync();
        var users = Path.Combine(both.State, "users");
        await both.StopAsync("collector");

        // The same hash for all, and a cheap one: what is measured is the collector.
        var hash = PasswordHash.Of("secret", 1000).ToString();
        await File.WriteAllLinesAsync(users, Enumerable.Range(1, Fleet).Select(n => $"src{n.ToString(CultureInfo.InvariantCulture)}:{Environment.UserName}:{hash}"));
        await both.StartAsync("collector");
        var file = Path.Combine(both.Config, "fleet.xml");
        await File.WriteAllTextAsync(file, EventSender.Subscription("fleet", "src*"));
        Assert.Equal(0, (await both.RunAsync("wecutil", "cs", file)).ExitCode);
        var (password, ledger) = (Path.Combine(both.Config, "password"), Path.Combine(both.Config, "ledger"));
        await File.WriteAllTextAsync(password, "secret\n");

        var clock = Stopwatch.StartNew();
        var outcome = await Commands.RunAsync(
            RunningService.Program("farwire"),
            ["events", "simulate", "--host", both.Own, "--unencrypted", "--user", "src{n}", "--password-file", password, "--subscription", "fleet", "--sources", $"{Fleet}", "--batches", "2", "--batch-events", "5", "--event-size", "700", "--ledger", ledger, "-o", "json"]);
        clock.Stop();

        Assert.True(outcome.ExitCode == 0, outcome.Errors);
        var result = JsonDocument.Parse(outcome.Output).RootElement;
        Assert.Equal(Fleet, result.GetProperty("sources").GetInt32());
        Assert.Equal(Fleet * 10, result.GetProperty("events").GetInt32());
        var verified = await both.RunAsync("events", "simulate", "--verify", ledger, "--subscription", "fleet");
        Assert.Equal(new Outcome(0, "100,000 events acknowledged, 100,000 stored, 0 missing, 0 twice\n", ""), verified);
        Assert.Equal(Fleet, JsonDocument.Parse((await both.RunAsync("events", "sources", "--subscription", "fleet", "-o", "json")).Output).RootElement.GetArrayLength());
        TestContext.Current.SendDiagnosticMessage($"{outcome.Output} in {clock.Elapsed}");
    }

    private static int Threads(TwoProcesses both) => Directory.GetDirectories($"/proc/{both.ProcessId("collector")}/task").Length;

    private static async Task CreateAsync(TwoProcesses both, string name, int port, string sources)
    {
        var file = Path.Combine(both.Config, name + ".xml");
        await File.WriteAllTextAsync(file, $"""
            <Subscription xmlns="http://schemas.microsoft.com/2006/03/windows/events/subscription"><SubscriptionId>{name}</SubscriptionId><SubscriptionType>CollectorInitiated</SubscriptionType><ConfigurationMode>Custom</ConfigurationMode>
            <Delivery Mode="Pull"><Batching><MaxItems>1</MaxItems><MaxLatencyTime>2000</MaxLatencyTime></Batching></Delivery><Query><![CDATA[<QueryList><Query Path="Security"><Select>*</Select></Query></QueryList>]]></Query>
            <TransportName>http</TransportName><TransportPort>{port.ToString(CultureInfo.InvariantCulture)}</TransportPort><CredentialsType>Basic</CredentialsType><CommonUserName>u</CommonUserName><CommonPassword>p</CommonPassword>
            <EventSources>{sources}</EventSources></Subscription>
            """);
        var created = await both.RunAsync("wecutil", "cs", file);
        Assert.True(created.ExitCode == 0, created.Errors);
    }
}
