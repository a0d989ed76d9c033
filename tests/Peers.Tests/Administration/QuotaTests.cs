using System.Text;
using System.Text.RegularExpressions;

namespace Farwire.Peers.Tests.Administration;

/// <summary>Limits of the configuration, hit with curl.</summary>
public sealed partial class QuotaTests
{
    private const string Shell = Soap.Microsoft + "/windows/shell";
    private const string Command = Shell + "/cmd";

    [Fact]
    [Trait("Feature", "SVC-14")]
    public async Task One_request_too_many_is_refused_until_one_ends()
    {
        await using var service = await AdministeredService.StartAsync();
        var ann = await AnnAsync(service);
        await using var poll = await Poll.BeginAsync(service, ann, "winrm/config/service", "@{MaxConnections=\"1\"}");

        await AdministeredService.UntilAsync(async () => (await ann.SendAsync(Soap.Get(Soap.Microsoft + "/config"))).Code == "2150859176");
        await poll.EndAsync();

        Assert.Equal(200, (await ann.SendAsync(Soap.Get(Soap.Microsoft + "/config"))).Status);
    }

    [Fact]
    [Trait("Feature", "SVC-15")]
    public async Task One_request_too_many_of_a_user_is_refused_while_others_pass()
    {
        await using var service = await AdministeredService.StartAsync();
        var ann = await AnnAsync(service);
        var bob = new Curl(ann.Address, $"bob:{AdministeredService.Password}");
        await using var poll = await Poll.BeginAsync(service, ann, "winrm/config/service", "@{MaxConcurrentOperationsPerUser=\"1\"}");

        await AdministeredService.UntilAsync(async () => (await ann.SendAsync(Soap.Get(Soap.Microsoft + "/config"))).Code == "2150859174");
        Assert.Equal("5", (await bob.SendAsync(Soap.Get(Soap.Microsoft + "/config"))).Code); // judged, not turned away
        await poll.EndAsync();

        Assert.Equal(200, (await ann.SendAsync(Soap.Get(Soap.Microsoft + "/config"))).Status);
    }

    [Fact]
    public async Task Limits_of_shells_hold_for_the_next_shell_and_command()
    {
        await using var service = await AdministeredService.StartAsync();
        var ann = await AnnAsync(service);
        await service.AskAsync("set", "winrm/config/winrs", "@{MaxShellsPerUser=\"1\";MaxProcessesPerShell=\"1\"}");

        var shell = ShellOf(await ann.SendAsync(CreateShell));
        Assert.Equal("2150859173", (await ann.SendAsync(CreateShell)).Code);
        Assert.Equal(200, (await ann.SendAsync(Start(shell, "sleep 60"))).Status);
        Assert.Equal("2150859241", (await ann.SendAsync(Start(shell, "sleep 60"))).Code);
        Assert.Equal(200, (await ann.SendAsync(Soap.Message(Soap.Transfer + "/Delete", Command, "", Soap.Selectors(("ShellId", shell))))).Status);

        await service.AskAsync("set", "winrm/config/winrs", "@{AllowRemoteShellAccess=\"false\"}");
        Assert.Equal("2150859180", (await ann.SendAsync(CreateShell)).Code);
    }

    [Fact]
    [Trait("Feature", "SVC-16")]
    public async Task A_message_that_comes_too_slowly_is_dropped()
    {
        Commands.Need("/usr/bin/curl");
        await using var service = await AdministeredService.StartAsync();
        var ann = await AnnAsync(service);
        await service.AskAsync("set", "winrm/config/service", "@{MaxPacketRetrievalTimeSeconds=\"1\"}");

        var slow = await Commands.RunAsync(
            "/usr/bin/curl",
            ["-s", "-o", "/dev/null", "-w", "%{http_code}", "--limit-rate", "10k", "-u", $"ann:{AdministeredService.Password}", "-H", "Content-Type: application/soap+xml;charset=UTF-8", "-H", "Expect:", "--data-binary", "@-", ann.Address],
            Encoding.UTF8.GetBytes("<s:Envelope" + new string(' ', 400_000)));

        Assert.Equal("500", slow.Output);
    }

    private static string CreateShell { get; } = Soap.Message(
        Soap.Transfer + "/Create", Command, $"<rsp:Shell xmlns:rsp=\"{Shell}\"><rsp:OutputStreams>stdout</rsp:OutputStreams></rsp:Shell>");

    private static string Start(string shell, string line) => Soap.Message(
        Shell + "/Command", Command, $"<rsp:CommandLine xmlns:rsp=\"{Shell}\"><rsp:Command>{line}</rsp:Command></rsp:CommandLine>", Soap.Selectors(("ShellId", shell)));

    private static string ShellOf(Answer created) => ShellId().Match(created.Body).Groups[1].Value;

    private static async Task<AddressedCurl> AnnAsync(AdministeredService service) => new(await service.ListenAsync());

    [GeneratedRegex("Name=\"ShellId\">([^<]+)<")]
    private static partial Regex ShellId();

    [GeneratedRegex("<rsp:CommandId>([^<]+)<")]
    private static partial Regex CommandId();

    private sealed class AddressedCurl(string address)
    {
        private readonly Curl _curl = new(address, $"ann:{AdministeredService.Password}");

        public string Address => address;

        public Task<Answer> SendAsync(string message) => _curl.SendAsync(message);
    }

    /// <summary>A request that is under way: the wait for the output of a command, which ends when a file appears.</summary>
    private sealed class Poll(string file, Task<Answer> waiting) : IAsyncDisposable
    {
        public static async Task<Poll> BeginAsync(AdministeredService service, AddressedCurl curl, string resource, string limit)
        {
            var file = Path.Combine(service.State, "end");
            var shell = ShellOf(await curl.SendAsync(CreateShell));
            var command = CommandId().Match((await curl.SendAsync(Start(shell, $"until test -e {file}; do sleep 0.05; done"))).Body).Groups[1].Value;
            await service.AskAsync("set", resource, limit);
            var receive = Soap.Message(
                Shell + "/Receive", Command, $"<rsp:Receive xmlns:rsp=\"{Shell}\"><rsp:DesiredStream CommandId=\"{command}\">stdout</rsp:DesiredStream></rsp:Receive>", Soap.Selectors(("ShellId", shell)));
            return new Poll(file, ReceiveAsync(curl, receive));
        }

        // A request of the test may be under way in the moment when the poll begins: it is sent until it is let in.
        private static async Task<Answer> ReceiveAsync(AddressedCurl curl, string receive)
        {
            while (true)
            {
                if (await curl.SendAsync(receive) is { Code: not ("2150859174" or "2150859176") } answer)
                {
                    return answer;
                }
            }
        }

        public async Task EndAsync()
        {
            await File.WriteAllTextAsync(file, "");
            Assert.Equal(200, (await waiting).Status);
        }

        public async ValueTask DisposeAsync()
        {
            await File.WriteAllTextAsync(file, "");
            await waiting;
        }
    }
}
