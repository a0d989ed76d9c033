using System.Xml.Linq;

namespace Farwire.Peers.Tests.Cim;

/// <summary>Events that the system itself tells, without WITHIN: entries of a real journal and block devices of the kernel; curl pulls them.</summary>
public sealed class NativeEventTests(RunningService service, SystemdInNamespaces systemd) : IClassFixture<SystemdInNamespaces>
{
    private const string Eventing = "http://schemas.xmlsoap.org/ws/2004/08/eventing";

    [Fact]
    [Trait("Peer", "systemd-journald")]
    public async Task An_entry_that_comes_to_the_journal_is_told_and_those_before_it_are_not()
    {
        var inside = await systemd.InsideAsync();
        var mark = Guid.NewGuid().ToString("N");
        await systemd.RunAsync("logger", "-t", "farwire-native", "before " + mark);
        await UntilLoggedAsync("before " + mark);
        var context = await SubscribeAsync(
            inside, "root/cimv2", $"select * from __InstanceCreationEvent where TargetInstance isa 'Win32_NTLogEvent' and TargetInstance.Message like '%{mark}'");

        await systemd.RunAsync("logger", "-t", "farwire-native", "-p", "user.err", "after " + mark);
        var first = await PullAsync(inside, "root/cimv2", context);
        await systemd.RunAsync("logger", "-t", "farwire-native", "once more " + mark);
        var second = await PullAsync(inside, "root/cimv2", context);

        Assert.Equal(("__InstanceCreationEvent", "after " + mark, "Error", "farwire-native"), (first.Name.LocalName, Value(first, "Message"), Value(first, "Type"), Value(first, "SourceName")));
        Assert.Equal("once more " + mark, Value(second, "Message"));
    }

    [Fact]
    [Trait("Peer", "losetup, Linux")]
    public async Task A_device_that_the_kernel_changes_is_told_when_it_does()
    {
        Assert.SkipUnless(Environment.IsPrivilegedProcess && File.Exists("/dev/loop-control"), "loop devices are not to be had here");
        var file = Path.GetTempFileName();
        await using (var stream = File.OpenWrite(file))
        {
            stream.SetLength(3 * 1024 * 1024);
        }

        var context = await SubscribeAsync(service, "root/linux", "select * from __InstanceOperationEvent where TargetInstance isa 'Linux_BlockDevice' and TargetInstance.Size = 3145728");
        var device = await Commands.RunAsync("losetup", ["-f", "--show", file]);
        Assert.SkipUnless(device.ExitCode == 0, "losetup: " + device.Errors);
        try
        {
            var told = await PullAsync(service, "root/linux", context);
            Assert.Equal(Path.GetFileName(device.Output.Trim()), Value(told, "Name"));
        }
        finally
        {
            await Commands.RunAsync("losetup", ["-d", device.Output.Trim()]);
            File.Delete(file);
        }
    }

    private async Task UntilLoggedAsync(string message)
    {
        while (!(await systemd.RunAsync("journalctl", "-t", "farwire-native", "-o", "cat", "--no-pager")).Contains(message, StringComparison.Ordinal))
        {
            await Task.Delay(100, TestContext.Current.CancellationToken);
        }
    }

    private static string All(string ns) => $"{Soap.Microsoft}/wmi/{ns}/*";

    private static Curl CurlTo(RunningService at) => new(at.Http, $"{at.User}:{at.Password}");

    private static async Task<string> SubscribeAsync(RunningService at, string ns, string query)
    {
        var subscribed = await CurlTo(at).SendAsync(Soap.Message(
            $"{Eventing}/Subscribe", All(ns),
            $"<e:Subscribe xmlns:e=\"{Eventing}\"><e:Delivery Mode=\"http://schemas.dmtf.org/wbem/wsman/1/wsman/Pull\"/><e:Expires>PT300S</e:Expires><w:Filter Dialect=\"{Soap.Microsoft}/WQL\">{new XText(query)}</w:Filter></e:Subscribe>"));
        Assert.True(subscribed.Status == 200, subscribed.Body);
        return subscribed.Context;
    }

    private static async Task<XElement> PullAsync(RunningService at, string ns, string context)
    {
        var answer = await CurlTo(at).SendAsync(Soap.Pull(All(ns), context, "<n:MaxTime>PT50S</n:MaxTime><n:MaxElements>1</n:MaxElements>"));
        Assert.True(answer.Status == 200, answer.Body);
        return XElement.Parse(answer.Body).Descendants().First(e => e.Name.LocalName == "Items").Elements().Single();
    }

    private static string Value(XElement told, string property) => told.Descendants().First(e => e.Name.LocalName == "TargetInstance").Descendants().First(e => e.Name.LocalName == property).Value;
}
