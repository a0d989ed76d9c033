using Farwire.Protocol.Enumeration;
using Farwire.Protocol.Faults;
using Farwire.Protocol.Names;
using Farwire.Protocol.Shell;
using Farwire.Protocol.Xml;
using Farwire.Service.Dispatch;
using Farwire.Service.Resources;

namespace Farwire.Shells;

/// <summary>The commands of one shell, as resources at <c>…/windows/shell/Command</c>. A selector filter names the shell.</summary>
/// <remarks>MS-WSMV, "Command".</remarks>
internal sealed class CommandListResource(ShellTable shells) : IEnumerateResource
{
    public ValueTask<IEnumerationCursor> EnumerateAsync(OperationContext context, Enumerate request)
    {
        if (request.Mode != EnumerationMode.Object)
        {
            throw FaultCatalog.CommandEprUnsupported.Fault();
        }

        if (request.Filter is not { } filter || !filter.IsDialect(Dialects.Selector) || filter.Selectors?[ShellNames.ShellId] is not { } id)
        {
            throw FaultCatalog.CommandFilterRequired.Fault($"the filter is a w:SelectorSet with {ShellNames.ShellId}.");
        }

        return ValueTask.FromResult<IEnumerationCursor>(new Cursor(shells.Find(id, ShellTable.OwnerFor(context)).DescribeCommands()));
    }

    private sealed class Cursor(IReadOnlyList<CommandInstance> all) : IEnumerationCursor
    {
        private int _at = -1;

        public long? TotalItems => all.Count;

        public ValueTask<bool> MoveNextAsync(CancellationToken cancellationToken) => ValueTask.FromResult(++_at < all.Count);

        public void WriteObject(XmlUtf8Writer xml) => all[_at].Write(xml);

        public void WriteReference(XmlUtf8Writer xml) => throw FaultCatalog.CommandEprUnsupported.Fault();

        public ValueTask DisposeAsync() => ValueTask.CompletedTask;
    }
}
