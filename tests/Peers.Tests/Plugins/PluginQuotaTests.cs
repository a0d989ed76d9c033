using System.Text.RegularExpressions;
using Farwire.Peers.Tests.Administration;

namespace Farwire.Peers.Tests.Plugins;

/// <summary>Every quota of a plug-in: N are admitted, one more gets its fault, and after one has gone N are admitted again.</summary>
[Trait("Feature", "PLG-06")]
public sealed class PluginQuotaTests
{
    private const string Notes = Registration.Notes;

    [Fact]
    public async Task Operations_of_a_user_and_of_all() // and the users themselves
    {
        await using var service = await AdministeredService.StartAsync();
        const string everybody = "O:NSG:BAD:P(A;;GA;;;WD)";
        string Limited(string name, string quota) => Registration.Notebook(
            name, $"<Resource ResourceUri=\"{Notes}/{name}\"><Security Uri=\"{Notes}/{name}\" Sddl=\"{everybody}\"/><Capability Type=\"Invoke\"/></Resource>", "RunAsVirtualAccount=\"true\"", $"<Quotas {quota}/>");
        service.Write("farwired.yaml", Registration.Yaml(
            Limited("PerUser", "MaxConcurrentOperationsPerUser=\"2\""), Limited("All", "MaxConcurrentOperations=\"2\""), Limited("Users", "MaxConcurrentUsers=\"1\"")));
        await service.RestartAsync();
        string[] nobody = ["setpriv", "--reuid=nobody", "--regid=nogroup", "--clear-groups"];

        await HeldAsync("PerUser", [], 2, async () =>
        {
            Assert.Contains("Code=\"2150859240\"", await DescribeAsync("PerUser"), StringComparison.Ordinal);
            Assert.Contains("w:QuotaLimit", await DescribeAsync("PerUser"), StringComparison.Ordinal);
            Assert.Contains("Describe_OUTPUT", await DescribeAsync("PerUser", nobody), StringComparison.Ordinal);
        });
        await HeldAsync("All", [], 2, async () => Assert.Contains("Code=\"2150859239\"", await DescribeAsync("All", nobody), StringComparison.Ordinal));
        await HeldAsync("Users", nobody, 1, async () => Assert.Contains("Code=\"2150859237\"", await DescribeAsync("Users"), StringComparison.Ordinal));

        Task<string> DescribeAsync(string name, params string[] runner) => service.CurlAsync(Soap.Message($"{Notes}/{name}/Describe", $"{Notes}/{name}", ""), runner);

        // A request of the test may be under way in the moment when one to hold comes: that one is sent until it is let in.
        async Task<string> HoldAsync(string name, string[] runner, string file)
        {
            while (true)
            {
                var answer = await service.CurlAsync(Soap.Message($"{Notes}/{name}/WaitForFile", $"{Notes}/{name}", $"<file>{file}</file>"), runner);
                if (!answer.Contains("w:QuotaLimit", StringComparison.Ordinal))
                {
                    return answer;
                }
            }
        }

        async Task HeldAsync(string name, string[] runner, int count, Func<Task> full)
        {
            var file = Path.Combine(service.State, name);
            var held = Enumerable.Range(0, count).Select(_ => HoldAsync(name, runner, file)).ToList();
            await AdministeredService.UntilAsync(async () => (await DescribeAsync(name)).Contains("w:QuotaLimit", StringComparison.Ordinal));
            await full();
            await File.WriteAllTextAsync(file, "");
            Assert.All(await Task.WhenAll(held), answer => Assert.Contains("WaitForFile_OUTPUT", answer, StringComparison.Ordinal));
            Assert.Contains("Describe_OUTPUT", await DescribeAsync(name), StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData("MaxShells", "2150859238")]
    [InlineData("MaxShellsPerUser", "2150859236")]
    public async Task Shells(string quota, string code)
    {
        await using var service = await PluginShellTests.StartAsync("", $"{quota}=\"2\"");
        var (one, two, three) = (new LocalShell(service, Registration.Echo), new LocalShell(service, Registration.Echo), new LocalShell(service, Registration.Echo));
        await one.OpenAsync();
        await two.OpenAsync();

        var refused = await three.CreateAsync();
        Assert.Contains($"Code=\"{code}\"", refused, StringComparison.Ordinal);
        Assert.Contains("w:QuotaLimit", refused, StringComparison.Ordinal);

        await one.CloseAsync();
        await three.OpenAsync();
    }

    [Fact]
    public async Task Commands_of_a_shell()
    {
        await using var service = await PluginShellTests.StartAsync("", "MaxConcurrentCommandsPerShell=\"2\"");
        var shell = new LocalShell(service, Registration.Echo);
        await shell.OpenAsync();
        var first = await shell.StartAsync("wait");
        await shell.StartAsync("wait");

        Assert.Contains("Code=\"2150859241\"", await shell.CommandAsync("wait"), StringComparison.Ordinal);
        await shell.SignalAsync(first, "terminate");
        await shell.StartAsync("wait");
    }

    [Fact]
    public async Task Processes_of_a_shell()
    {
        await using var service = await PluginShellTests.StartAsync("", "MaxProcessesPerShell=\"3\"");
        var shell = new LocalShell(service, Registration.Echo);
        await shell.OpenAsync();
        var first = await SpawnAsync();
        await SpawnAsync();

        Assert.Contains("Code=\"2150859241\"", await shell.CommandAsync("spawn"), StringComparison.Ordinal);
        await shell.SignalAsync(first, "terminate");
        await AdministeredService.UntilAsync(async () => Regex.IsMatch(await service.AskAsync("enumerate", "shell"), "ChildProcesses = 2"));
        await SpawnAsync();

        async Task<string> SpawnAsync()
        {
            var command = await shell.StartAsync("spawn");
            Assert.NotEmpty(LocalShell.OutputOf(await shell.ReceiveAsync(command)));
            return command;
        }
    }

    [Fact]
    public async Task Memory_of_a_shell()
    {
        await using var service = await PluginShellTests.StartAsync("", "MaxMemoryPerShellMB=\"300\"");
        var shell = new LocalShell(service, Registration.Echo);
        await shell.OpenAsync();
        await shell.StartAsync("eat", "20");
        Assert.Equal("fits\n", (await shell.RunAsync("echo", ["fits"])).Output);

        var greedy = await shell.ReceiveAsync(await shell.StartAsync("eat", "600"));

        Assert.Contains("w:QuotaLimit", greedy, StringComparison.Ordinal);
        var next = new LocalShell(service, Registration.Echo);
        await next.OpenAsync();
        Assert.Equal("again\n", (await next.RunAsync("echo", ["again"])).Output);
    }

    [Fact]
    public async Task Idle_times_of_a_shell()
    {
        await using var service = await PluginShellTests.StartAsync("", "IdleTimeoutms=\"1500\" MaxIdleTimeoutms=\"2000\"");
        var shell = new LocalShell(service, Registration.Echo);
        Assert.Contains("<rsp:IdleTimeOut>PT1.500S</rsp:IdleTimeOut>", await shell.CreateAsync(), StringComparison.Ordinal);
        await shell.OpenAsync();
        await AdministeredService.UntilAsync(async () => !(await service.AskAsync("enumerate", "shell")).Contains("ShellId", StringComparison.Ordinal));

        const string wish = "<rsp:Shell xmlns:rsp=\"http://schemas.microsoft.com/wbem/wsman/1/windows/shell\"><rsp:IdleTimeOut>PT600S</rsp:IdleTimeOut><rsp:OutputStreams>stdout</rsp:OutputStreams></rsp:Shell>";
        Assert.Contains("<rsp:IdleTimeOut>PT2.000S</rsp:IdleTimeOut>", await service.CurlAsync(Soap.Message(Soap.Transfer + "/Create", Registration.Echo, wish)), StringComparison.Ordinal);
    }
}
