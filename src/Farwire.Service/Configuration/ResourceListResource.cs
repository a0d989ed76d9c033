using Farwire.Protocol.Addressing;
using Farwire.Protocol.Enumeration;
using Farwire.Protocol.Faults;
using Farwire.Protocol.Names;
using Farwire.Protocol.Xml;
using Farwire.Service.Dispatch;
using Farwire.Service.Resources;

namespace Farwire.Service.Configuration;

/// <summary>The resource URIs that the service knows, at <c>…/config/resource</c>.</summary>
internal sealed class ResourceListResource(ResourceCatalog catalog) : IEnumerateResource
{
    public const string Uri = Namespaces.Config + "/resource";

    public ValueTask<IEnumerationCursor> EnumerateAsync(OperationContext context, Enumerate request) => request.Filter is null
        ? ValueTask.FromResult<IEnumerationCursor>(new Cursor([.. catalog.Uris]))
        : throw FaultCatalog.EnumerationFilteringNotSupported.Fault("resources are listed without a filter.");

    private sealed class Cursor(string[] uris) : IEnumerationCursor
    {
        private int _at = -1;

        public long? TotalItems => uris.Length;

        public ValueTask<bool> MoveNextAsync(CancellationToken cancellationToken) => ValueTask.FromResult(++_at < uris.Length);

        // <cfg:Resource xmlns:cfg="…/config/resource"> <cfg:ResourceUri/> </cfg:Resource>
        public void WriteObject(XmlUtf8Writer xml)
        {
            xml.Start("cfg:Resource"u8);
            xml.Attribute("xmlns:cfg"u8, Uri);
            xml.Element("cfg:ResourceUri"u8, uris[_at]);
            xml.End("cfg:Resource"u8);
        }

        public void WriteReference(XmlUtf8Writer xml) => new EndpointReference { ResourceUri = uris[_at] }.Write(xml);

        public ValueTask DisposeAsync() => ValueTask.CompletedTask;
    }
}
