using Farwire.Cim.Classes;
using Farwire.Cim.Instances;
using Farwire.Cim.Naming;
using Farwire.Cim.Wql;
using Farwire.Protocol.Addressing;
using Farwire.Protocol.Enumeration;
using Farwire.Protocol.Envelope;
using Farwire.Protocol.Faults;
using Farwire.Protocol.Names;
using Farwire.Protocol.Xml;
using Farwire.Service.Access;
using Farwire.Service.Dispatch;
using Farwire.Service.Resources;

namespace Farwire.Providers.Contract;

/// <summary>A CIM class, or all classes of a namespace, as a resource.</summary>
/// <remarks>DSP0227, "WS-Management operations on CIM".</remarks>
internal sealed class CimResource(CimCatalog catalog, CimResourceUri uri)
    : IGetResource, IPutResource, IEnumerateResource, IInvokeResource
{
    private const string DefaultNamespace = "root/cimv2";

    // Windows' own clients send many options with MustComply that concern only Windows' providers.
    public bool AcceptsOption(string name) => true;

    public async ValueTask<IBody> GetAsync(OperationContext context)
    {
        var target = NamespaceOf(context);
        var cimClass = ClassOf(target);
        var provider = target.ProviderOf(cimClass)
            ?? throw CimError.NotFound($"nothing on this system provides instances of {cimClass.Name} itself");
        var instance = await FindAsync(context, provider).ConfigureAwait(false)
            ?? throw CimError.NotFound($"there is no {cimClass.Name} with {context.Selectors}");
        return new InstanceBody(instance, InstanceWriter.For(instance.Class, uri.ForClass(instance.Class.Name), PreciseArrays(context)));
    }

    public ValueTask<IEnumerationCursor> EnumerateAsync(OperationContext context, Enumerate request)
    {
        var cursor = Open(NamespaceOf(context), request);
        cursor.PreciseArrays = PreciseArrays(context);
        return ValueTask.FromResult<IEnumerationCursor>(cursor);
    }

    /// <remarks>DSP0227, "PutInstance". What is NULL or left out stays as it is, and so does what nobody can write, such as a reading.</remarks>
    public async ValueTask<IBody> PutAsync(OperationContext context, BodyReader representation)
    {
        var target = NamespaceOf(context, NamespaceRights.ProviderWrite);
        var provider = target.ProviderOf(ClassOf(target)) as ICimPut
            ?? throw FaultCatalog.ActionNotSupported.Fault($"instances of {uri.ClassName} cannot be changed here.");
        var current = await FindAsync(context, provider).ConfigureAwait(false)
            ?? throw CimError.NotFound($"there is no {provider.Class.Name} with {context.Selectors}");
        var given = InstanceReader.Read(representation, provider.Class);
        if (provider.Class.Keys.FirstOrDefault(k => !given[k.Name].IsNull && given[k.Name].ToString() != current[k.Name].ToString()) is { } key)
        {
            throw FaultCatalog.InvalidRepresentation.Fault($"the key {key.Name} cannot be changed.");
        }

        var changes = provider.Class.Properties.Where(p => p.IsWritable && !given[p.Name].IsNull && given[p.Name] != current[p.Name]).ToDictionary(p => p.Name, p => given[p.Name]);
        var refused = provider.Class.Properties.Where(p => !p.IsWritable && !given[p.Name].IsNull && given[p.Name] != current[p.Name]).Select(p => p.Name).ToList();
        var changed = changes.Count + refused.Count == 0 ? current : await provider.PutAsync(KeysOf(context, provider), new CimChanges(changes) { NotWritable = refused }, context.Cancellation).ConfigureAwait(false)
            ?? throw CimError.NotFound($"there is no {provider.Class.Name} with {context.Selectors}");
        return new InstanceBody(changed, InstanceWriter.For(changed.Class, uri.ForClass(changed.Class.Name), PreciseArrays(context)));
    }

    /// <remarks>DSP0227, "Extrinsic methods".</remarks>
    public async ValueTask<IBody> InvokeAsync(OperationContext context, string method, BodyReader input)
    {
        var target = NamespaceOf(context, NamespaceRights.MethodExecute);
        var cimClass = ClassOf(target);
        var known = cimClass.Method(method) ?? throw CimError.InvalidMethod($"{cimClass.Name} has no method '{method}'");
        var provider = target.ProviderOf(cimClass) as ICimInvoke ?? throw CimError.InvalidMethod($"{cimClass.Name}.{known.Name} cannot be run here");
        var call = CimMethodShapes.Read(known, input);
        var outcome = await provider.InvokeAsync(KeysOf(context, provider), call, context.Cancellation).ConfigureAwait(false)
            ?? throw CimError.NotFound($"there is no {cimClass.Name} with {context.Selectors}");
        var output = CimMethodShapes.Output(known, outcome);
        return new InstanceBody(output, InstanceWriter.For(output.Class, uri.ForClass(cimClass.Name)));
    }

    private static bool PreciseArrays(OperationContext context) => context.Options.IsTrue(InstanceWriter.PreciseArraysOption);

    private CimCursor Open(CimNamespace target, Enumerate request)
    {
        switch (request.Filter)
        {
            case null when uri.IsAllClasses:
                throw FaultCatalog.CannotProcessFilter.Fault("all classes at once cannot be enumerated: give a class, or a WQL query as filter.");
            case null:
                return Open(target, ClassOf(target), null, null, request);
            case { } filter when filter.IsDialect(Dialects.Wql) && request.Polymorphism is { } mode && mode != PolymorphismMode.IncludeSubClassProperties:
                throw FaultCatalog.PolymorphismModeUnsupported.Fault("a WQL query says itself which classes it wants (__CLASS, ISA).");
            case { } filter when filter.IsDialect(Dialects.Wql):
                return OpenQuery(target, filter.Text, request);
            case { Selectors: { } selectors } filter when filter.IsDialect(Dialects.Selector):
                return Open(target, ClassOf(target), null, selectors, request);
            case { } filter:
                throw FaultCatalog.FilterDialectUnavailable.Fault($"'{filter.Dialect}' is not served; '{Dialects.Wql}' and '{Dialects.Selector}' are.");
        }
    }

    private CimCursor OpenQuery(CimNamespace target, string text, Enumerate request)
    {
        try
        {
            var query = WqlQuery.Parse(text);
            var cimClass = target.Class(query.ClassName);
            if (!uri.IsAllClasses && !cimClass.IsA(uri.ClassName))
            {
                throw CimError.InvalidQuery($"the query asks for {cimClass.Name}, the resource URI for {uri.ClassName}");
            }

            _ = new WqlFilter(query, cimClass); // the class asked for must have all the names, whatever derived classes add
            return Open(target, cimClass, query, null, request);
        }
        catch (WqlException e)
        {
            throw CimError.InvalidQuery(e.Message);
        }
    }

    private CimCursor Open(CimNamespace target, CimClass cimClass, WqlQuery? query, SelectorSet? selectors, Enumerate request)
    {
        var shallow = request.Polymorphism == PolymorphismMode.None;
        var providers = target.ProvidersOf(cimClass).Where(p => p.Class == cimClass || (!shallow && !p.NeedsNames));
        if (selectors is not null && selectors.FirstOrDefault(s => cimClass.Property(s.Name) is null) is { } stranger)
        {
            throw FaultCatalog.CannotProcessEnumerationFilter.Fault($"{cimClass.Name} has no property '{stranger.Name}'.");
        }

        var asBase = request.Polymorphism == PolymorphismMode.ExcludeSubClassProperties ? cimClass : null;
        return new CimCursor([.. providers], query, selectors, uri, target.Name, asBase);
    }

    private static async ValueTask<CimInstance?> FindAsync(OperationContext context, ICimProvider provider)
    {
        if (KeysOf(context, provider) is { Length: > 0 } values)
        {
            return await provider.GetAsync(values, context.Cancellation).ConfigureAwait(false);
        }

        await foreach (var only in provider.EnumerateAsync(CimNeed.All, context.ClientGone).ConfigureAwait(false))
        {
            return only;
        }

        return null;
    }

    // The values of the keys in their order; none for the only instance of its class.
    private static string[] KeysOf(OperationContext context, ICimProvider provider)
    {
        var keys = provider.Class.Keys;
        var given = context.Selectors.Where(s => !s.Name.Equals(CimResourceUri.NamespaceSelector, StringComparison.OrdinalIgnoreCase)).ToList();
        if (given.Find(s => !keys.Any(k => k.Name.Equals(s.Name, StringComparison.OrdinalIgnoreCase))) is { } stranger)
        {
            throw FaultCatalog.UnexpectedSelectors.Fault(
                $"{provider.Class.Name} is keyed by {string.Join(" and ", keys.Select(k => k.Name))}; '{stranger.Name}' is not a key.");
        }

        if (given.Count == 0 && (keys.Count == 0 || provider.Class.Qualifiers.IsSet("Singleton")))
        {
            return [];
        }

        var values = new string[keys.Count];
        for (var i = 0; i < values.Length; i++)
        {
            values[i] = context.Selectors[keys[i].Name]
                ?? throw FaultCatalog.SingletonKeysMissing.Fault($"{provider.Class.Name} is keyed by {string.Join(" and ", keys.Select(k => k.Name))}.");
        }

        return values;
    }

    private CimNamespace NamespaceOf(OperationContext context, NamespaceRights rights = NamespaceRights.Enable)
    {
        var selected = context.Selectors[CimResourceUri.NamespaceSelector]?.Replace('\\', '/');
        if (uri.Namespace is { } inPath)
        {
            return selected is null || selected.Equals(inPath, StringComparison.OrdinalIgnoreCase)
                ? Enter(context, inPath, rights)
                : throw FaultCatalog.NamespaceSelectorDiffers.Fault($"the URI says {inPath}, the selector {selected}.");
        }

        return Enter(context, selected ?? DefaultNamespace, rights);
    }

    private CimNamespace Enter(OperationContext context, string ns, NamespaceRights rights)
    {
        context.RequireNamespace(ns, rights);
        return catalog.Namespace(ns);
    }

    private CimClass ClassOf(CimNamespace target) => uri.IsAllClasses
        ? throw FaultCatalog.NotADmtfClass.Fault("the URI names all classes; name one.")
        : target.Class(uri.ClassName);

    private sealed class InstanceBody(CimInstance instance, InstanceWriter writer) : IBody
    {
        public void Write(XmlUtf8Writer xml) => writer.Write(xml, instance);
    }
}
