using Farwire.Service.Dispatch;
using Farwire.Service.Loopback;
using Farwire.Service.Resources;
using Farwire.TestKit;

namespace Farwire.Service.Tests;

/// <summary>A service with one shelf of boxes, and channels to it.</summary>
internal sealed class Shelf : IAsyncDisposable
{
    public Shelf(ServiceOptions? options = null)
    {
        Dispatcher = new Dispatcher(new ResourceCatalog().Add(ShelfResource.Uri, Boxes), options, Time);
        Channel = As("ann");
    }

    public ManualTime Time { get; } = new();

    public ShelfResource Boxes { get; } = new();

    public Dispatcher Dispatcher { get; }

    public LoopbackChannel Channel { get; }

    public LoopbackChannel As(string caller) => new(Dispatcher, Caller.Named(caller));

    public Shelf With(int boxes)
    {
        for (var i = 0; i < boxes; i++)
        {
            Boxes.Put(new Box($"box{i:D5}") { Tags = ["tag"] });
        }

        return this;
    }

    public ValueTask DisposeAsync() => Dispatcher.DisposeAsync();
}
