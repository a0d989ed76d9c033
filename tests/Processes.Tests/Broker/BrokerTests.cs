using System.Collections.Concurrent;
using System.Text;
using Farwire.Processes.Broker;
using Farwire.Processes.Exit;
using Farwire.Processes.Launch;

namespace Farwire.Processes.Tests.Broker;

/// <summary>Both ends of the socket in one process; the programs are real, and run as another account.</summary>
public sealed class BrokerTests : IDisposable
{
    private readonly Duties _duties = new();
    private readonly Thread _server;
    private readonly BrokerClient _client;

    public BrokerTests()
    {
        var (ours, theirs) = BrokerSocket.Pair();
        _server = new Thread(() => new BrokerServer(new BrokerSocket(theirs), _duties).Run());
        _server.Start();
        _client = new BrokerClient(ours);
    }

    [Fact]
    [Trait("Feature", "AUT-21")]
    public async Task A_program_runs_as_its_account_with_the_surroundings_of_a_login()
    {
        using var program = await StartAsync("nobody", "id -un; id -Gn; pwd; echo \"$USER $LOGNAME $HOME\"; grep -E '^Cap(Inh|Prm|Eff)' /proc/self/status | tr -s '\\t0\\n' ' '; cat; exit 7");

        await program.StandardInput.WriteAsync("in\n"u8.ToArray());
        program.StandardInput.Dispose();
        var output = await new StreamReader(program.StandardOutput).ReadToEndAsync();

        Assert.Equal("nobody\nnogroup\n/\nnobody nobody /nonexistent\nCapInh: CapPrm: CapEff: in\n", output);
        Assert.Equal(new ProcessExit(7, null), await program.Exit);
    }

    [Fact]
    public async Task Hostile_variables_and_arguments_are_only_text()
    {
        var evil = "'; touch /tmp/evil; $(touch /tmp/evil) `x` \\ \n\"";
        using var program = await new BrokerStarter(_client).StartAsync(
            new ProgramStart("printf", ["%s|", evil, "-x"]) { Environment = [new("LD_PRELOAD", "/tmp/evil.so"), new("EVIL", evil), new("PATH", "/usr/bin:/bin")] }, Account());

        Assert.Equal($"{evil}|-x|", await new StreamReader(program.StandardOutput).ReadToEndAsync());
        var (_, error) = ("", await new StreamReader(program.StandardError).ReadToEndAsync());
        Assert.DoesNotContain("setpriv", error, StringComparison.Ordinal); // the loader complained in printf, not in what was still root
    }

    [Theory]
    [InlineData("A-B")]
    [InlineData("1A")]
    [InlineData("A;touch")]
    [InlineData("")]
    public async Task Names_that_are_none_are_refused(string name) => await Assert.ThrowsAsync<ArgumentException>(() =>
        new BrokerStarter(_client).StartAsync(new ProgramStart("true", []) { Environment = [new(name, "x")] }, Account()));

    [Fact]
    public async Task Nothing_starts_as_an_account_that_is_not_permitted()
    {
        await Assert.ThrowsAsync<UnauthorizedAccessException>(() => StartAsync("root", "true"));
        await Assert.ThrowsAsync<UnauthorizedAccessException>(() => StartAsync("nobody-of-this-name", "true"));

        Assert.Contains((BrokerVerb.Start, "/bin/sh as root", BrokerOutcome.AccountRefused), _duties.Lines);
    }

    [Fact]
    public async Task The_whole_tree_ends_those_that_left_the_session_as_well()
    {
        using var program = await StartAsync("nobody", "setsid sleep 1000 & echo $!; sleep 1000");
        var line = await new StreamReader(program.StandardOutput).ReadLineAsync();

        await program.EndTreeAsync();
        await program.EndTreeAsync(); // once more changes nothing

        Assert.Equal(9, (await program.Exit).Signal);
        Assert.False(Directory.Exists($"/proc/{line}") && !File.ReadAllText($"/proc/{line}/stat").Contains(") Z", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_signal_reaches_the_program_and_nobody_else()
    {
        using var program = await StartAsync("nobody", "trap 'echo caught; exit 3' INT; echo ready; while :; do sleep 0.05; done");
        var output = new StreamReader(program.StandardOutput);
        Assert.Equal("ready", await output.ReadLineAsync());

        program.Signal(ProcessSignal.Interrupt);
        _client.Signal(1, ProcessSignal.None); // not a program of the broker's

        Assert.Equal("caught", await output.ReadLineAsync());
        Assert.Equal(3, (await program.Exit).Code);
        await program.EndTreeAsync();
        Assert.Contains((BrokerVerb.Signal, "0 to 1", BrokerOutcome.NotFound), _duties.Lines);
    }

    [Fact]
    public async Task Passwords_and_facts_are_the_systems_to_tell()
    {
        Assert.Equal(BrokerOutcome.Done, await _client.AuthenticateAsync("ann", "right"u8.ToArray(), "192.0.2.1"));
        Assert.Equal(BrokerOutcome.WrongPassword, await _client.AuthenticateAsync("ann", "wrong"u8.ToArray(), "192.0.2.1"));
        Assert.Equal("42"u8.ToArray(), await _client.ReadAsync("answer"));
        Assert.Null(await _client.ReadAsync("/etc/shadow"));
        Assert.DoesNotContain(_duties.Lines, line => line.Subject.Contains("right", StringComparison.Ordinal));
    }

    [Fact]
    public async Task When_the_service_is_gone_all_that_was_started_for_it_ends()
    {
        var program = await StartAsync("nobody", "sleep 1000");

        _client.Dispose();
        _server.Join();

        Assert.False(Directory.Exists($"/proc/{program.Id}"));
        await Assert.ThrowsAnyAsync<Exception>(() => _client.ReadAsync("answer"));
        program.Dispose();
    }

    [Theory]
    [InlineData(new byte[] { 99, 0, 0, 0, 0 })]
    [InlineData(new byte[] { 1 })]
    [InlineData(new byte[] { 2, 1, 0, 0, 0, 255, 255, 255, 127 })]
    [InlineData(new byte[] { 5, 1, 0, 0, 0, 255, 255, 255, 255 })]
    [Trait("Feature", "AUT-21")]
    public void A_verb_that_is_not_on_the_list_ends_the_conversation(byte[] message)
    {
        var (ours, theirs) = BrokerSocket.Pair();
        using var socket = ours;
        var server = new Thread(() => new BrokerServer(new BrokerSocket(theirs), _duties).Run());
        server.Start();

        socket.Send(message);

        Assert.Equal(0, socket.Receive(new byte[64], [], out _));
        server.Join();
        Assert.Contains((default, "a broken message", BrokerOutcome.Forbidden), _duties.Lines);
    }

    [Fact]
    public void Broken_messages_in_bulk_are_refused_and_nothing_else_happens()
    {
        var random = new Random(20261124);
        for (var round = 0; round < 2000; round++)
        {
            var (ours, theirs) = BrokerSocket.Pair();
            var server = new Thread(() => new BrokerServer(new BrokerSocket(theirs), new Duties { Refuses = true }).Run());
            server.Start();
            var message = new byte[random.Next(1, 200)];
            random.NextBytes(message);
            message[0] = (byte)random.Next(0, 8);
            ours.Send(message);
            ours.Dispose();
            server.Join();
        }
    }

    public void Dispose()
    {
        _client.Dispose();
        _server.Join();
    }

    private Task<RunningProcess> StartAsync(string account, string script)
    {
        SkipUnlessRoot();
        return new BrokerStarter(_client).StartAsync(new ProgramStart("/bin/sh", ["-c", script]), account);
    }

    private static string Account()
    {
        SkipUnlessRoot();
        return "nobody";
    }

    private static void SkipUnlessRoot()
    {
        if (!Environment.IsPrivilegedProcess)
        {
            Assert.Skip("Starting a program as another account needs root.");
        }
    }

    private sealed class Duties : IBrokerDuties
    {
        public ConcurrentQueue<(BrokerVerb Verb, string Subject, BrokerOutcome Outcome)> Lines { get; } = new();

        public bool Refuses { get; init; }

        public BrokerOutcome Authenticate(string account, ReadOnlySpan<byte> password, string peer) =>
            account == "ann" && password.SequenceEqual("right"u8) ? BrokerOutcome.Done : BrokerOutcome.WrongPassword;

        public BrokeredAccount? Permit(string account) =>
            account == "nobody" && !Refuses ? new BrokeredAccount("nobody", 65534, 65534, "/nonexistent", "/usr/sbin/nologin") : null;

        public byte[]? Read(string fact) => fact == "answer" ? Encoding.UTF8.GetBytes("42") : null;

        public void Audit(BrokerVerb verb, string subject, BrokerOutcome outcome) => Lines.Enqueue((verb, subject, outcome));
    }
}
