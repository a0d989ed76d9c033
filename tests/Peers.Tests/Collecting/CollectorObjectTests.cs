using Farwire.Collector.Ec;
using Farwire.Events.Subscriptions;
using Farwire.Peers.Tests.Administration;

namespace Farwire.Peers.Tests.Collecting;

/// <summary>The collector's functions for programs, against the built service: the tasks of the documentation as programs, and each rule by itself.</summary>
public sealed class CollectorObjectTests
{
    [Fact]
    [Trait("Feature", "WEC-14")]
    public async Task The_nine_tasks_of_the_documentation_run_as_programs()
    {
        await using var both = await TwoProcesses.StartAsync();
        var port = LoopbackPort.Free();
        Task<Outcome> TaskAsync(params string[] words) => Commands.RunAsync(RunningService.Program("CollectorTasks"), [both.Socket, .. words]);
        async Task<string> DoAsync(params string[] words)
        {
            var outcome = await TaskAsync(words);
            Assert.True(outcome.ExitCode == 0, outcome.Errors);
            return outcome.Output;
        }

        await DoAsync("create", "errors", "127.0.0.1", $"{port}"); // 1
        await DoAsync("create-source-initiated", "by policy"); // 2
        Assert.Equal("by policy\nerrors\n", await DoAsync("list")); // 3
        await DoAsync("add-source", "errors", "localhost"); // 4
        var shown = await DoAsync("display", "errors"); // 5
        Assert.Contains("EventSource[0]: 127.0.0.1, enabled: True\nEventSource[1]: localhost, enabled: True\n", shown, StringComparison.Ordinal);
        Assert.Contains($"TransportPort (UInt32): {port}\n", shown, StringComparison.Ordinal);
        Assert.Contains("DeliveryMaxLatencyTime (UInt32): 1000\n", shown, StringComparison.Ordinal);
        Assert.Contains("CommonPassword (Null): \n", shown, StringComparison.Ordinal);
        Assert.Contains("AllowedSubjects (String, Array): *.example.org\n", await DoAsync("display", "by policy"), StringComparison.Ordinal);
        var terse = (await both.RunAsync("wecutil", "gs", "errors")).Output;
        Assert.Contains("Description: Errors of applications\n", terse, StringComparison.Ordinal);
        Assert.Contains("DeliveryMaxItems: 5\nDeliveryMaxLatencyTime: 1000\nHeartbeatInterval: 10000\n", terse, StringComparison.Ordinal);

        await AdministeredService.UntilAsync(async () => (await DoAsync("status", "errors")).Contains("127.0.0.1: Trying\n    LastError = 2150858770\n", StringComparison.Ordinal)); // 6
        Assert.Contains("    NextRetryTime = ", await DoAsync("status", "errors"), StringComparison.Ordinal);
        await using var source = new SourceDouble(port, "Basic", "collector", "secret");
        await DoAsync("retry", "errors", "127.0.0.1"); // 7
        await AdministeredService.UntilAsync(async () => (await DoAsync("status", "errors")).Contains("127.0.0.1: Active\n    LastError = 0\n    LastHeartbeatTime = ", StringComparison.Ordinal));
        await DoAsync("remove-source", "errors", "localhost"); // 8
        Assert.DoesNotContain("localhost", await DoAsync("display", "errors"), StringComparison.Ordinal);
        await DoAsync("delete", "errors"); // 9
        Assert.Equal("by policy\n", await DoAsync("list"));

        Assert.Equal(new Outcome(1, "", "Error 183: There is a subscription 'by policy' already.\n"), await TaskAsync("create-source-initiated", "by policy"));
        Assert.Equal(new Outcome(1, "", "Error 2: There is no subscription 'errors'.\n"), await TaskAsync("display", "errors"));
        await both.KillAsync("collector");
        Assert.StartsWith("Error 1722: ", (await TaskAsync("list")).Errors, StringComparison.Ordinal);
    }

    [Fact]
    [Trait("Feature", "WEC-14")]
    public async Task Nothing_is_stored_before_it_is_saved_and_every_property_has_its_kind()
    {
        await using var both = await TwoProcesses.StartAsync();
        await using var collector = EcCollector.OfThisMachine(both.Socket);

        // Closed before it was saved, there is nothing; and an existing one is as it was.
        using (var begun = await collector.OpenSubscriptionAsync("s", EcAccess.Write, EcOpen.CreateNew))
        {
            begun[EcPropertyId.Query] = EcVariant.Of("<QueryList><Query Path='System'><Select>*</Select></Query></QueryList>");
        }

        await FailsAsync(EcException.FileNotFound, () => collector.OpenSubscriptionAsync("s", EcAccess.Read, EcOpen.OpenExisting));
        using (var made = await collector.OpenSubscriptionAsync("s", EcAccess.Read | EcAccess.Write, EcOpen.Always))
        {
            made[EcPropertyId.Query] = EcVariant.Of("<QueryList><Query Path='System'><Select>*</Select></Query></QueryList>");
            await made.SaveAsync();
        }

        await FailsAsync(EcException.AlreadyExists, () => collector.OpenSubscriptionAsync("S", EcAccess.Write, EcOpen.CreateNew));
        using (var changed = await collector.OpenSubscriptionAsync("s", EcAccess.Read | EcAccess.Write, EcOpen.OpenExisting))
        {
            changed[EcPropertyId.Description] = EcVariant.Of("lost");
            changed[EcPropertyId.EventSources].AsObjectArray().Insert(0);
        }

        using var subscription = await collector.OpenSubscriptionAsync("s", EcAccess.Read | EcAccess.Write, EcOpen.OpenExisting);
        Assert.Equal("", subscription[EcPropertyId.Description].AsString());
        Assert.Equal(0, subscription[EcPropertyId.EventSources].AsObjectArray().Size);

        // All of the 32, with their numbers, kinds and back.
        Assert.Equal(Enumerable.Range(0, 32), Enum.GetValues<EcPropertyId>().Select(id => (int)id));
        var time = new DateTime(2030, 1, 2, 3, 4, 5, DateTimeKind.Utc);
        (EcPropertyId Id, EcVariant Value)[] values =
        [
            (EcPropertyId.Enabled, EcVariant.Of(false)), (EcPropertyId.Description, EcVariant.Of("d")), (EcPropertyId.Uri, EcVariant.Of("urn:x")), (EcPropertyId.ConfigurationMode, EcVariant.Of((uint)ConfigurationMode.Custom)),
            (EcPropertyId.Expires, EcVariant.Of(time)), (EcPropertyId.Query, EcVariant.Of("<QueryList><Query Path=\"Security\"><Select>*</Select></Query></QueryList>")), (EcPropertyId.TransportName, EcVariant.Of("https")),
            (EcPropertyId.TransportPort, EcVariant.Of(5999u)), (EcPropertyId.DeliveryMode, EcVariant.Of((uint)DeliveryMode.Push)), (EcPropertyId.DeliveryMaxItems, EcVariant.Of(7u)), (EcPropertyId.DeliveryMaxLatencyTime, EcVariant.Of(8000u)),
            (EcPropertyId.HeartbeatInterval, EcVariant.Of(9000u)), (EcPropertyId.Locale, EcVariant.Of("de-DE")), (EcPropertyId.ContentFormat, EcVariant.Of((uint)ContentFormat.RenderedText)), (EcPropertyId.LogFile, EcVariant.Of("L")),
            (EcPropertyId.PublisherName, EcVariant.Of("P")), (EcPropertyId.CredentialsType, EcVariant.Of((uint)CredentialsType.Digest)), (EcPropertyId.CommonUserName, EcVariant.Of("u")), (EcPropertyId.HostName, EcVariant.Of("wec")),
            (EcPropertyId.ReadExistingEvents, EcVariant.Of(true)), (EcPropertyId.Dialect, EcVariant.Of("http://schemas.microsoft.com/win/2004/08/events/eventquery")), (EcPropertyId.Type, EcVariant.Of((uint)SubscriptionType.CollectorInitiated)),
            (EcPropertyId.AllowedIssuerCAs, EcVariant.Of(["AA"])), (EcPropertyId.AllowedSubjects, EcVariant.Of(["*.a", "*.b"])), (EcPropertyId.DeniedSubjects, EcVariant.Of(["x.a"])), (EcPropertyId.AllowedSourceDomainComputers, EcVariant.Of("O:NSG:NSD:(A;;GA;;;DC)")),
        ];
        foreach (var (id, value) in values)
        {
            subscription[id] = value;
        }

        subscription[EcPropertyId.CommonPassword] = EcVariant.Of("secret");
        var sources = subscription[EcPropertyId.EventSources].AsObjectArray();
        sources.Insert(0);
        sources.SetProperty(EcPropertyId.EventSourceAddress, 0, EcVariant.Of("src01"));
        sources.SetProperty(EcPropertyId.EventSourceEnabled, 0, EcVariant.Of(false));
        sources.SetProperty(EcPropertyId.EventSourceUserName, 0, EcVariant.Of("own"));
        sources.SetProperty(EcPropertyId.EventSourcePassword, 0, EcVariant.Of("secret"));
        await subscription.SaveAsync();

        using var saved = await collector.OpenSubscriptionAsync("s", EcAccess.Read, EcOpen.OpenExisting);
        foreach (var (id, value) in values)
        {
            Assert.Equal((id, value.Type, value.ToString()), (id, saved[id].Type, saved[id].ToString()));
        }

        Assert.Equal((EcVariantType)0x84, saved[EcPropertyId.AllowedSubjects].Type);
        Assert.Equal(2, saved[EcPropertyId.AllowedSubjects].Count);
        Assert.Equal(EcVariantType.ObjectArrayPropertyHandle, saved[EcPropertyId.EventSources].Type);
        Assert.Equal(EcVariant.Null, saved[EcPropertyId.CommonPassword]);
        var kept = saved[EcPropertyId.EventSources].AsObjectArray();
        Assert.Equal(("src01", false, "own"), (kept.GetProperty(EcPropertyId.EventSourceAddress, 0).AsString(), kept.GetProperty(EcPropertyId.EventSourceEnabled, 0).AsBoolean(), kept.GetProperty(EcPropertyId.EventSourceUserName, 0).AsString()));
        Assert.Equal(EcVariant.Null, kept.GetProperty(EcPropertyId.EventSourcePassword, 0));

        // What does not fit has its number.
        Assert.Equal(EcException.AccessDenied, Assert.Throws<EcException>(() => saved[EcPropertyId.Enabled] = EcVariant.Of(true)).Code);
        await FailsAsync(EcException.AccessDenied, () => saved.SaveAsync());
        Assert.Equal(EcException.InvalidData, Assert.Throws<EcException>(() => subscription[EcPropertyId.Enabled] = EcVariant.Of(1u)).Code);
        Assert.Equal(EcException.InvalidParameter, Assert.Throws<EcException>(() => subscription[EcPropertyId.ConfigurationMode] = EcVariant.Of(9u)).Code);
        Assert.Equal(EcException.InvalidParameter, Assert.Throws<EcException>(() => subscription[EcPropertyId.EventSourceAddress]).Code);
        Assert.Equal(EcException.InvalidParameter, Assert.Throws<EcException>(() => sources.Remove(1)).Code);
        await FailsAsync(EcException.FileNotFound, () => collector.DeleteSubscriptionAsync("nobody"));
        await FailsAsync(EcException.FileNotFound, () => collector.GetSubscriptionRunTimeStatusAsync("s", EcStatusId.Active, "nobody"));
        Assert.Equal(3u, (await collector.GetSubscriptionRunTimeStatusAsync("s", EcStatusId.Active, "src01")).AsUInt32() + 2); // the source is disabled: 1
        subscription.Dispose();
        Assert.Equal(EcException.InvalidHandle, Assert.Throws<EcException>(() => subscription[EcPropertyId.Enabled]).Code);
    }

    private static async Task FailsAsync(int code, Func<Task> call) => Assert.Equal(code, (await Assert.ThrowsAsync<EcException>(call)).Code);
}
