using System.Diagnostics;
using System.Text.RegularExpressions;
using System.Xml.Linq;

namespace Farwire.Peers.Tests.Cim;

/// <summary>curl subscribes to events of instances, and pulls them.</summary>
public sealed class EventTests(RunningService service)
{
    private const string Eventing = "http://schemas.xmlsoap.org/ws/2004/08/eventing";
    private const string All = Soap.Microsoft + "/wmi/root/cimv2/*";

    [Fact]
    [Trait("Feature", "WMI-11")]
    public async Task A_process_that_starts_and_one_that_ends_are_told()
    {
        var subscribed = await SubscribeAsync("select * from __InstanceOperationEvent within 0.2 where TargetInstance isa 'Win32_Process' and TargetInstance.CommandLine = 'sleep 86398.75' and not __CLASS = '__InstanceModificationEvent'");
        var context = subscribed.Context;
        var identifier = Regex.Match(subscribed.Body, "<e:Identifier>([^<]+)<").Groups[1].Value;

        using var sleep = Process.Start("sleep", "86398.75");
        var created = await PullAsync(context);
        sleep.Kill();
        await sleep.WaitForExitAsync(TestContext.Current.CancellationToken);
        var deleted = await PullAsync(context);
        var ended = await Curl.SendAsync(Soap.Message($"{Eventing}/Unsubscribe", All, $"<e:Unsubscribe xmlns:e=\"{Eventing}\"/>", $"<e:Identifier xmlns:e=\"{Eventing}\">{identifier}</e:Identifier>"));
        var gone = await Curl.SendAsync(Soap.Pull(All, context));

        Assert.Equal("__InstanceCreationEvent", created.Name.LocalName);
        Assert.Equal(sleep.Id.ToString(System.Globalization.CultureInfo.InvariantCulture), created.Descendants().Single(e => e.Name.LocalName == "ProcessId").Value);
        Assert.Equal("__InstanceDeletionEvent", deleted.Name.LocalName);
        Assert.Contains("UnsubscribeResponse", ended.Body, StringComparison.Ordinal);
        Assert.Equal("2150858779", gone.Code);
    }

    [Fact]
    [Trait("Feature", "WMI-11")]
    public async Task Events_are_counted_together()
    {
        var subscribed = await SubscribeAsync(
            "select * from __InstanceCreationEvent within 0.2 where TargetInstance isa 'Win32_Process' and TargetInstance.CommandLine = 'sleep 86398.5' group within 1 by TargetInstance.Name having NumberOfEvents > 1");
        using var one = Process.Start("sleep", "86398.5");
        using var two = Process.Start("sleep", "86398.5");

        var told = await PullAsync(subscribed.Context);
        one.Kill();
        two.Kill();

        Assert.Equal("__AggregateEvent", told.Name.LocalName);
        Assert.Equal("2", told.Elements().Single(e => e.Name.LocalName == "NumberOfEvents").Value);
        Assert.Contains(told.Descendants(), e => e.Name.LocalName == "CommandLine" && e.Value == "sleep 86398.5");
    }

    [Fact]
    public async Task Farwire_cim_watch_shows_events_as_they_come_and_ends_with_Ctrl_C()
    {
        using var watch = Process.Start(new ProcessStartInfo(
            RunningService.Program("farwire"),
            ["cim", "watch", "select * from __InstanceCreationEvent within 0.2 where TargetInstance isa 'Win32_Process' and TargetInstance.CommandLine = 'sleep 86398.25'", "-o", "json", "--connect", service.ConnectionFile])
        { RedirectStandardOutput = true })!;

        // It may take a moment until it is subscribed: programs are started until one is told.
        var told = watch.StandardOutput.ReadLineAsync(TestContext.Current.CancellationToken).AsTask();
        while (!told.IsCompleted)
        {
            using var sleep = Process.Start("sleep", "86398.25");
            await Task.WhenAny(told, Task.Delay(700, TestContext.Current.CancellationToken));
            sleep.Kill();
        }

        var occurrence = System.Text.Json.JsonDocument.Parse((await told)!).RootElement;
        await Commands.RunAsync("kill", ["-INT", watch.Id.ToString(System.Globalization.CultureInfo.InvariantCulture)]);
        await watch.WaitForExitAsync(TestContext.Current.CancellationToken);

        Assert.Equal("__InstanceCreationEvent", occurrence.Text("@class"));
        Assert.Equal("sleep 86398.25", occurrence.GetProperty("TargetInstance").Text("CommandLine"));
        Assert.Equal(130, watch.ExitCode);
    }

    [Theory]
    [InlineData("select * from __InstanceCreationEvent where TargetInstance isa 'Win32_Process'", "2150859042")]
    [InlineData("select * from __InstanceCreationEvent within 5", "2150859042")]
    [InlineData("select * from __InstanceCreationEvent within 5 where TargetInstance isa 'Win32_Nothing'", "2150858752")]
    [InlineData("select * from Win32_Process within 5", "2150859042")]
    public async Task A_query_that_is_none_of_events_faults(string query, string code) => Assert.Equal(code, (await SubscribeAsync(query)).Code);

    [Fact]
    public async Task Ways_of_delivery_that_nobody_knows_are_refused() =>
        Assert.Equal("2150858782", (await SubscribeAsync("select * from __InstanceCreationEvent within 5 where TargetInstance isa 'Win32_Process'", "urn:pigeons")).Code);

    private Curl Curl => new(service.Http, $"{service.User}:{service.Password}");

    private Task<Answer> SubscribeAsync(string query, string mode = "http://schemas.dmtf.org/wbem/wsman/1/wsman/Pull") => Curl.SendAsync(Soap.Message(
        $"{Eventing}/Subscribe", All,
        $"<e:Subscribe xmlns:e=\"{Eventing}\"><e:Delivery Mode=\"{mode}\"/><e:Expires>PT60S</e:Expires><w:Filter Dialect=\"{Soap.Microsoft}/WQL\">{new XText(query)}</w:Filter></e:Subscribe>"));

    private async Task<XElement> PullAsync(string context)
    {
        var answer = await Curl.SendAsync(Soap.Pull(All, context, "<n:MaxTime>PT30S</n:MaxTime><n:MaxElements>1</n:MaxElements>"));
        Assert.True(answer.Status == 200, answer.Body);
        return XElement.Parse(answer.Body).Descendants().First(e => e.Name.LocalName == "Items").Elements().Single();
    }
}
