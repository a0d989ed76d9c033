using System.Diagnostics;
using Farwire.Peers.Tests.Administration;
using Farwire.Peers.Tests.Plugins;

namespace Farwire.Peers.Tests.Hosting;

/// <summary>Two nodes behind haproxy, which knows a session by its cookie.</summary>
public sealed class LoadBalancerTests
{
    private const string Notes = Registration.Notes;

    [Fact]
    [Trait("Feature", "HST-02")]
    public async Task A_session_stays_at_its_node_by_cookies_named_MS_WSMAN_and_by_no_other()
    {
        Commands.Need("/usr/sbin/haproxy");
        var section = WebApplication.Modules("", WebApplication.Plugin(Registration.Notebook()));
        await using var one = await WebApplication.StartAsync(section);
        await using var two = await WebApplication.StartAsync(section);
        foreach (var node in new[] { one, two })
        {
            foreach (var number in Enumerable.Range(0, 60))
            {
                var note = $"<n1:Note xmlns:n1=\"{Notes}\"><n1:Text>{new string('x', 4000)}</n1:Text></n1:Note>";
                Assert.Equal(200, (await node.Curl.SendAsync(Soap.Message(Soap.Transfer + "/Create", Notes, note, Soap.Selectors(("Title", $"note {number:00}"))))).Status);
            }
        }

        // The list needs several messages, and each node knows its own lists alone.
        await using var affinity = await Balancer.StartAsync(one, two, "MS-WSMAN-node", "");
        foreach (var _ in Enumerable.Range(0, 3))
        {
            Assert.Equal(60, await ListAsync(affinity));
        }

        // Whatever the cookie says of its end, it is kept as long as the session.
        await using var expired = await Balancer.StartAsync(one, two, "MS-WSMAN", " attr \"Expires=Thu, 01-Jan-1970 00:00:01 GMT\" attr \"Max-Age=0\"");
        Assert.Equal(60, await ListAsync(expired));

        // Another cookie is dropped, and the session falls apart.
        await using var other = await Balancer.StartAsync(one, two, "SESSION", "");
        Assert.Equal(-1, await ListAsync(other));
    }

    // How many notes there are; -1 when the list breaks off.
    private static async Task<int> ListAsync(Balancer balancer)
    {
        var words = new[] { "winrm", "enumerate", Notes, "-remote:" + balancer.Address, "-username:ann", "-password:apple", "-authentication:basic", "-unencrypted" };
        var outcome = await Commands.RunAsync(RunningService.Program("farwire"), words);
        return outcome.ExitCode == 0 ? outcome.Output.Split("Title = ").Length - 1 : -1;
    }

    /// <summary>haproxy in front of two nodes.</summary>
    private sealed class Balancer : IAsyncDisposable
    {
        private readonly string _folder = Directory.CreateTempSubdirectory("farwire-haproxy-").FullName;
        private Process? _process;

        public string Address { get; private set; } = "";

        public static async Task<Balancer> StartAsync(WebApplication one, WebApplication two, string cookie, string attributes)
        {
            var balancer = new Balancer();
            var port = LoopbackPort.Free();
            balancer.Address = $"http://127.0.0.1:{port}/manage/wsman";
            var file = Path.Combine(balancer._folder, "haproxy.cfg");
            await File.WriteAllTextAsync(file, $"""
                defaults
                  mode http
                  timeout connect 10s
                  timeout client 60s
                  timeout server 60s
                  option http-server-close
                listen wsman
                  bind 127.0.0.1:{port}
                  balance roundrobin
                  cookie {cookie} insert indirect nocache{attributes}
                  server one {new Uri(one.Address).Authority} cookie one
                  server two {new Uri(two.Address).Authority} cookie two

                """);
            balancer._process = Process.Start("/usr/sbin/haproxy", ["-db", "-q", "-f", file])!;
            await AdministeredService.UntilAsync(async () =>
            {
                Assert.False(balancer._process.HasExited, "haproxy ended");
                return (await Commands.RunAsync("/usr/bin/curl", ["-s", "-o", "/dev/null", balancer.Address])).ExitCode == 0;
            });
            return balancer;
        }

        public async ValueTask DisposeAsync()
        {
            _process!.Kill();
            await _process.WaitForExitAsync();
            _process.Dispose();
            Directory.Delete(_folder, recursive: true);
        }
    }
}
