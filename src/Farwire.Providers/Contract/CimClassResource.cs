using Farwire.Cim.CimXml;
using Farwire.Cim.Classes;
using Farwire.Cim.Naming;
using Farwire.Protocol.Enumeration;
using Farwire.Protocol.Envelope;
using Farwire.Protocol.Faults;
using Farwire.Protocol.Xml;
using Farwire.Service.Access;
using Farwire.Service.Dispatch;
using Farwire.Service.Resources;

namespace Farwire.Providers.Contract;

/// <summary>The classes themselves, described in CIM-XML: what the CIM cmdlets ask for to show instances and to complete names.</summary>
/// <remarks>MS-WSMV, "CIM-XML schema resource". Get answers the class in <c>ClassName</c>; Enumerate those below it, or all when it is empty.</remarks>
internal sealed class CimClassResource(CimCatalog catalog) : IGetResource, IEnumerateResource
{
    public const string Uri = "http://schemas.dmtf.org/wbem/cim-xml/2/cim-schema/2/*";

    private const string ClassNameSelector = "ClassName";

    public bool AcceptsOption(string name) => true;

    public ValueTask<IBody> GetAsync(OperationContext context) => CimAnswer.To(context, () =>
    {
        var cimClass = NamespaceOf(context).Class(context.RequireSelector(ClassNameSelector));
        return ValueTask.FromResult<IBody>(new ClassBody(cimClass, PartsOf(context)));
    });

    public ValueTask<IEnumerationCursor> EnumerateAsync(OperationContext context, Enumerate request) => CimAnswer.To(context, () =>
    {
        if (request.Filter is not null)
        {
            throw FaultCatalog.EnumerationFilteringNotSupported.Fault($"choose classes by the selector {ClassNameSelector}.");
        }

        var place = NamespaceOf(context);
        var ancestor = context.Selectors[ClassNameSelector] is { Length: > 0 } name ? place.Class(name) : null;
        var deep = context.Options.IsTrue("DeepInheritance", absent: true);
        var classes = place.Schema.Classes.Where(c => c != ancestor && (deep ? ancestor is null || c.IsA(ancestor.Name) : c.Superclass == ancestor));
        return ValueTask.FromResult<IEnumerationCursor>(new ClassCursor(classes.OrderBy(Depth), PartsOf(context)));
    });

    private CimNamespace NamespaceOf(OperationContext context)
    {
        var name = context.Selectors[CimResourceUri.NamespaceSelector]?.Replace('\\', '/') ?? catalog.DefaultNamespace;
        context.RequireNamespace(name, NamespaceRights.Enable);
        return catalog.Namespace(name);
    }

    private static ClassParts PartsOf(OperationContext context) => new()
    {
        Hierarchy = context.Options.IsTrue("IncludeInheritanceHierarchy"),
        Inherited = context.Options.IsTrue("IncludeInheritedElements", absent: true),
        Qualifiers = context.Options.IsTrue("IncludeQualifiers"),
        Origin = context.Options.IsTrue("IncludeClassOrigin", absent: true),
    };

    // A class comes after the one it derives from.
    private static int Depth(CimClass cimClass) => cimClass.Superclass is null ? 0 : Depth(cimClass.Superclass) + 1;

    private sealed class ClassBody(CimClass cimClass, ClassParts parts) : IBody
    {
        public void Write(XmlUtf8Writer xml) => ClassWriter.Write(xml, cimClass, parts);
    }
}

/// <summary>Walks through classes.</summary>
internal sealed class ClassCursor(IEnumerable<CimClass> classes, ClassParts parts) : IEnumerationCursor
{
    private readonly IEnumerator<CimClass> _classes = classes.GetEnumerator();

    public ValueTask<bool> MoveNextAsync(CancellationToken cancellationToken) => ValueTask.FromResult(_classes.MoveNext());

    public void WriteObject(XmlUtf8Writer xml) => ClassWriter.Write(xml, _classes.Current, parts);

    public void WriteReference(XmlUtf8Writer xml) => throw FaultCatalog.EnumerationModeUnsupported.Fault("classes have no references.");

    public ValueTask DisposeAsync()
    {
        _classes.Dispose();
        return ValueTask.CompletedTask;
    }
}
