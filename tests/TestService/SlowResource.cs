using Farwire.Protocol.Enumeration;
using Farwire.Protocol.Envelope;
using Farwire.Protocol.Xml;
using Farwire.Service.Dispatch;
using Farwire.Service.Resources;

namespace Farwire.TestService;

/// <summary>Never answers a Get; an enumeration has one item and then waits for ever.</summary>
internal sealed class SlowResource : IGetResource, IEnumerateResource
{
    public async ValueTask<IBody> GetAsync(OperationContext context)
    {
        await Task.Delay(Timeout.Infinite, context.Cancellation);
        return EmptyBody.Instance;
    }

    public ValueTask<IEnumerationCursor> EnumerateAsync(OperationContext context, Enumerate request) => ValueTask.FromResult<IEnumerationCursor>(new Cursor());

    private sealed class Cursor : IEnumerationCursor
    {
        private bool _moved;

        public async ValueTask<bool> MoveNextAsync(CancellationToken cancellationToken)
        {
            if (_moved)
            {
                await Task.Delay(Timeout.Infinite, cancellationToken);
            }

            return _moved = true;
        }

        public void WriteObject(XmlUtf8Writer xml) => xml.Empty("Only"u8);

        public void WriteReference(XmlUtf8Writer xml) => xml.Empty("a:EndpointReference"u8);

        public ValueTask DisposeAsync() => ValueTask.CompletedTask;
    }
}
