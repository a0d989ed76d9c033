using System.Text;
using Farwire.Protocol.Envelope;
using Farwire.Service.Dispatch;
using Farwire.Service.Resources;
using Farwire.TestKit;

namespace Farwire.TestService;

/// <summary>What the service holds at this moment; the question itself is one of the running operations.</summary>
internal sealed class CountsResource : IGetResource
{
    public EdgeService? Service { get; set; }

    public ValueTask<IBody> GetAsync(OperationContext context) => ValueTask.FromResult<IBody>(new XmlBody(Encoding.UTF8.GetBytes(
        $"<Counts enumerations=\"{Service!.Dispatcher.OpenEnumerations}\" operations=\"{Service.Dispatcher.RunningOperations}\" cursors=\"{Service.Boxes.OpenCursors}\"/>")));
}
