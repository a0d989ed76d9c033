using System.Security.Claims;
using System.Text;
using Farwire.Processes.Launch;
using Farwire.Processes.Limits;
using Farwire.Processes;
using Farwire.Protocol.Envelope;
using Farwire.Protocol.Faults;
using Farwire.Protocol.Names;
using Farwire.Protocol.Shell;
using Farwire.Service.Access;
using Farwire.Service.Dispatch;
using Farwire.Service.Loopback;
using Farwire.Service.Resources;
using Farwire.TestKit;

namespace Farwire.Shells.Tests;

/// <summary>A service with the command shell, and one client of it.</summary>
internal sealed class RemoteService : IAsyncDisposable
{
    private readonly LoopbackChannel _channel;

    public RemoteService(ShellOptions? options = null, TimeProvider? shellTime = null, TimeProvider? serviceTime = null, IProgramStarter? starter = null)
    {
        Shells = new CommandShell(options, shellTime, starter ?? new AnyAccountStarter());
        var catalog = new ResourceCatalog();
        Shells.AddTo(catalog);
        Dispatcher = new Dispatcher(catalog, null, serviceTime);
        _channel = As("ann");
    }

    public CommandShell Shells { get; }

    public Dispatcher Dispatcher { get; }

    /// <summary>A user who may work remotely and is no administrator.</summary>
    public LoopbackChannel As(string caller) => new(Dispatcher, new Caller(new ClaimsPrincipal(new ClaimsIdentity(
        [new Claim(ClaimTypes.Name, caller), new Claim(CallerClaims.Account, "someone"), new Claim(CallerClaims.Group, WellKnownGroup.RemoteManagementGroup)], "Local"))));

    /// <summary>The account that runs the service administers it.</summary>
    public LoopbackChannel AsAdministrator() => new(Dispatcher, Caller.Named("root"));

    public static MessageHeaders Headers(string action, string shell) =>
        Exchange.Headers(action, ResourceUris.CommandShell, (ShellNames.ShellId, shell));

    public async Task<string> OpenAsync(CreateShell? request = null, IMessageChannel? channel = null)
    {
        var id = Guid.NewGuid().ToString("D").ToUpperInvariant();
        using var reply = await (channel ?? _channel).AskAsync(
            Exchange.Headers(Actions.Create, ResourceUris.CommandShell), (request ?? Wish()) with { ShellId = id });
        Assert.Null(reply.Fault);
        return id;
    }

    public static CreateShell Wish() => new() { InputStreams = ["stdin"], OutputStreams = ["stdout", "stderr"] };

    public async Task<string> StartAsync(string shell, string line, OptionSet? options = null)
    {
        using var reply = await _channel.AskAsync(
            Headers(Actions.Command, shell) with { Options = options ?? OptionSet.Empty }, new CommandLine(line, []));
        Assert.Null(reply.Fault);
        return CommandResponse.Read(reply.Body).CommandId;
    }

    public async Task<ReceiveResponse> ReceiveAsync(string shell, string command, CancellationToken cancellationToken = default)
    {
        using var reply = await _channel.AskAsync(
            Headers(Actions.Receive, shell), new Receive(["stdout", "stderr"]) { CommandId = command }, cancellationToken);
        Assert.Null(reply.Fault);
        return ReceiveResponse.Read(reply.Body);
    }

    public async Task<Outcome> FinishAsync(string shell, string command)
    {
        var output = new MemoryStream();
        var errors = new MemoryStream();
        var order = new StringBuilder();
        while (true)
        {
            var response = await ReceiveAsync(shell, command);
            foreach (var piece in response.Streams)
            {
                (piece.Name == "stdout" ? output : errors).Write(piece.Data.Span);
                order.Append(piece.End ? '/' : ' ').Append(piece.Name);
            }

            if (response.IsDone)
            {
                return new Outcome(output.ToArray(), Encoding.UTF8.GetString(errors.ToArray()), response.ExitCode!.Value, order.ToString());
            }
        }
    }

    public async Task<Outcome> RunAsync(string shell, string line, OptionSet? options = null) =>
        await FinishAsync(shell, await StartAsync(shell, line, options));

    public async Task SendAsync(string shell, string command, string text, bool end)
    {
        using var reply = await _channel.AskAsync(
            Headers(Actions.Send, shell),
            new Send([new StreamData("stdin", Encoding.UTF8.GetBytes(text)) { CommandId = command, End = end }]));
        Assert.Null(reply.Fault);
    }

    public async Task SignalAsync(string shell, string command, string code)
    {
        using var reply = await _channel.AskAsync(Headers(Actions.Signal, shell), new Signal(code) { CommandId = command });
        Assert.Null(reply.Fault);
    }

    public async Task CloseAsync(string shell)
    {
        using var reply = await _channel.AskAsync(Headers(Actions.Delete, shell));
        Assert.Null(reply.Fault);
    }

    public Task<WSManFault> FaultAsync(MessageHeaders headers, IBody? body = null) => _channel.FaultAsync(headers, body);

    public async ValueTask DisposeAsync()
    {
        await Shells.DisposeAsync();
        await Dispatcher.DisposeAsync();
    }
}

internal sealed record Outcome(byte[] Output, string Errors, int ExitCode, string Order)
{
    public string Text => Encoding.UTF8.GetString(Output);
}

/// <summary>Starts everybody's programs as the account of the tests.</summary>
internal sealed class AnyAccountStarter(IProgramStarter? starter = null) : IProgramStarter
{
    private readonly IProgramStarter _starter = starter ?? new OwnAccountStarter();

    /// <summary>Nothing is held in control groups.</summary>
    public static AnyAccountStarter Watched { get; } = new(new OwnAccountStarter((ControlGroups?)null));

    public Task<RunningProcess> StartAsync(ProgramStart start, string account) => _starter.StartAsync(start, Environment.UserName);
}
