using Farwire.Protocol.Addressing;
using Farwire.Protocol.Enumeration;
using Farwire.Protocol.Envelope;
using Farwire.Protocol.Faults;
using Farwire.Protocol.Shell;
using Farwire.Protocol.Xml;
using Farwire.Service.Dispatch;
using Farwire.Service.Resources;

namespace Farwire.Shells;

/// <summary>The open shells of the caller, or, for an administrator, of all users, as resources at <c>…/windows/shell</c>.</summary>
/// <remarks>MS-WSMV, "Shell". They are made and closed at the URI of their kind.</remarks>
internal sealed class ShellListResource(ShellTable shells) : IGetResource, IEnumerateResource
{
    public ValueTask<IBody> GetAsync(OperationContext context) =>
        ValueTask.FromResult<IBody>(shells.Find(context.RequireSelector(ShellNames.ShellId), ShellTable.OwnerFor(context)).DescribeNow());

    public ValueTask<IEnumerationCursor> EnumerateAsync(OperationContext context, Enumerate request) => request.Filter is null
        ? ValueTask.FromResult<IEnumerationCursor>(new Cursor(shells.Of(ShellTable.OwnerFor(context))))
        : throw FaultCatalog.EnumerationFilteringNotSupported.Fault("shells are listed without a filter.");

    private sealed class Cursor(OpenShell[] all) : IEnumerationCursor
    {
        private int _at = -1;

        public long? TotalItems => all.Length;

        public ValueTask<bool> MoveNextAsync(CancellationToken cancellationToken) => ValueTask.FromResult(++_at < all.Length);

        public void WriteObject(XmlUtf8Writer xml) => all[_at].DescribeNow().Write(xml);

        public void WriteReference(XmlUtf8Writer xml) => new EndpointReference
        {
            ResourceUri = all[_at].ResourceUri,
            Selectors = SelectorSet.Of((ShellNames.ShellId, all[_at].Id)),
        }.Write(xml);

        public ValueTask DisposeAsync() => ValueTask.CompletedTask;
    }
}
