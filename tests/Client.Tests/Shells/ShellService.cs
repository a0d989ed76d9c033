using Farwire.Client.Connection;
using Farwire.Protocol.Envelope;
using Farwire.Service.Dispatch;
using Farwire.Service.Loopback;
using Farwire.Service.Resources;
using Farwire.Shells;

namespace Farwire.Client.Tests.Shells;

/// <summary>A client, and a service with the command shell behind it, in one process.</summary>
internal sealed class ShellService : IAsyncDisposable
{
    private readonly Dispatcher _dispatcher;

    public ShellService(ShellOptions? options = null, TimeSpan? operationTimeout = null, Func<IMessageChannel, IMessageChannel>? between = null)
    {
        Shells = new CommandShell(options);
        var catalog = new ResourceCatalog();
        Shells.AddTo(catalog);
        _dispatcher = new Dispatcher(catalog);
        IMessageChannel channel = new LoopbackChannel(_dispatcher, Caller.Named("ann"));
        Client = new WSManClient(
            between is null ? channel : between(channel),
            new WSManConnectionOptions { Address = new Uri("https://box/wsman"), OperationTimeout = operationTimeout ?? TimeSpan.FromSeconds(60) });
    }

    public CommandShell Shells { get; }

    public WSManClient Client { get; }

    /// <summary>A second client of the same user, with a session of its own.</summary>
    public WSManClient Another() => new(new LoopbackChannel(_dispatcher, Caller.Named("ann")), Client.Options);

    public async ValueTask DisposeAsync()
    {
        await Client.DisposeAsync();
        await Shells.DisposeAsync();
        await _dispatcher.DisposeAsync();
    }
}
