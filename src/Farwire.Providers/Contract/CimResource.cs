using Farwire.Cim.Classes;
using Farwire.Cim.Instances;
using Farwire.Cim.Naming;
using Farwire.Cim.Wql;
using Farwire.Protocol.Enumeration;
using Farwire.Protocol.Envelope;
using Farwire.Protocol.Eventing;
using Farwire.Protocol.Faults;
using Farwire.Protocol.Names;
using Farwire.Protocol.Transfer;
using Farwire.Protocol.Xml;
using Farwire.Providers.Events;
using Farwire.Service.Access;
using Farwire.Service.Dispatch;
using Farwire.Service.Resources;

namespace Farwire.Providers.Contract;

/// <summary>A CIM class, or all classes of a namespace, as a resource.</summary>
/// <remarks>DSP0227, "WS-Management operations on CIM".</remarks>
internal sealed class CimResource(CimCatalog catalog, CimResourceUri uri)
    : IGetResource, IPutResource, ICreateResource, IDeleteResource, IEnumerateResource, IInvokeResource, ISubscribeResource, IFragmentResource
{
    // Windows' own clients send many options with MustComply that concern only Windows' providers.
    public bool AcceptsOption(string name) => true;

    public ValueTask<IBody> GetAsync(OperationContext context) => CimAnswer.To<IBody>(context, async () =>
    {
        var place = NamespaceOf(context, NamespaceRights.Enable);
        var instance = await CimKeys.RequireAsync(ProviderOf(place), context.Selectors, context.Cancellation).ConfigureAwait(false);
        return Answer(context, instance);
    });

    public ValueTask<IBody> PutAsync(OperationContext context, BodyReader representation) => CimAnswer.To<IBody>(context, async () =>
    {
        var place = NamespaceOf(context, NamespaceRights.ProviderWrite);
        var provider = ProviderOf(place);
        var before = await CimKeys.RequireAsync(provider, context.Selectors, context.Cancellation).ConfigureAwait(false);
        var after = FragmentOf(context, before.Class) is { } path
            ? path.Read(representation, before)
            : CimWrites.Read(representation, before, CimWrites.ModifiedOnly(context.Options));
        return Answer(context, await CimWrites.PutAsync(provider, before, after, CimCaller.Of(context), context.Cancellation).ConfigureAwait(false));
    });

    public ValueTask<ResourceCreated> CreateAsync(OperationContext context, BodyReader representation) => CimAnswer.To(context, async () =>
    {
        var place = NamespaceOf(context, NamespaceRights.ProviderWrite);
        var instance = await CimWrites.CreateAsync(ProviderOf(place), representation, context.Selectors, CimCaller.Of(context), context.Cancellation).ConfigureAwait(false);
        var reference = new CimItemWriter(uri, place.Name).ReferenceTo(instance);
        return context.Reference(reference.Selectors, reference.ResourceUri);
    });

    public async ValueTask DeleteAsync(OperationContext context) => await CimAnswer.To(context, async () =>
    {
        var provider = ProviderOf(NamespaceOf(context, NamespaceRights.ProviderWrite));
        var instance = await CimKeys.RequireAsync(provider, context.Selectors, context.Cancellation).ConfigureAwait(false);
        await CimWrites.DeleteAsync(provider, instance, CimCaller.Of(context), context.Cancellation).ConfigureAwait(false);
        return true;
    }).ConfigureAwait(false);

    public ValueTask<IBody> InvokeAsync(OperationContext context, string method, BodyReader input) => CimAnswer.To<IBody>(context, async () =>
    {
        if (CimResourceUri.Parse(context.Headers.Action!) is null && !context.Headers.Action!.StartsWith(context.ResourceUri, StringComparison.OrdinalIgnoreCase))
        {
            throw FaultCatalog.ActionNotSupported.Fault($"'{context.Headers.Action}' is neither an operation on CIM classes nor one of their methods.");
        }

        var place = NamespaceOf(context, NamespaceRights.MethodExecute);
        var output = await CimWrites.InvokeAsync(place, ClassOf(place), method, context.Selectors, input, CimCaller.Of(context), context.Cancellation).ConfigureAwait(false);
        return new InstanceBody(output, uri.ForClass(ClassOf(place).Name), preciseArrays: false, null);
    });

    public ValueTask<IEnumerationCursor> EnumerateAsync(OperationContext context, Enumerate request) => CimAnswer.To(context, () =>
    {
        var place = NamespaceOf(context, NamespaceRights.Enable);
        switch (request.Filter)
        {
            case null when uri.IsAllClasses:
                throw FaultCatalog.CannotProcessFilter.Fault("all classes at once cannot be enumerated: give a class, or a WQL query as filter.");
            case null:
                return Cursor(context, CimCursor.Queried(ProvidersOf(place, ClassOf(place), request), null), Items(context, place, request));
            case { } filter when filter.IsDialect(Dialects.Wql) && request.Polymorphism is { } mode && mode != PolymorphismMode.IncludeSubClassProperties:
                throw FaultCatalog.PolymorphismModeUnsupported.Fault("a WQL query says itself which classes it wants (__CLASS, ISA).");
            case { } filter when filter.IsDialect(Dialects.Wql):
                return QueryAsync(context, place, filter.Text, request);
            case { Selectors: { } selectors } filter when filter.IsDialect(Dialects.Selector):
                if (selectors.FirstOrDefault(s => ClassOf(place).Property(s.Name) is null) is { } stranger)
                {
                    throw FaultCatalog.CannotProcessEnumerationFilter.Fault($"{ClassOf(place).Name} has no property '{stranger.Name}'.");
                }

                return Cursor(context, CimCursor.Selected(ProvidersOf(place, ClassOf(place), request), selectors), Items(context, place, request));
            case { } filter when filter.IsDialect(Dialects.Association):
                return AssociatedAsync(context, place, AssociationFilter.Read(filter.Xml), request);
            case { } filter:
                throw FaultCatalog.FilterDialectUnavailable.Fault(
                    $"'{filter.Dialect}' is not served; '{Dialects.Wql}', '{Dialects.Selector}' and '{Dialects.Association}' are.");
        }
    });

    public ValueTask<IEnumerationCursor> SubscribeAsync(OperationContext context, Subscribe request) => CimAnswer.To<IEnumerationCursor>(context, async () =>
    {
        var place = NamespaceOf(context, NamespaceRights.Enable);
        if (request.Filter is not { } filter || !filter.IsDialect(Dialects.Wql))
        {
            throw FaultCatalog.FilteringRequestedUnavailable.Fault($"events are chosen by a query in the dialect '{Dialects.Wql}'.");
        }

        var query = EventQuery.Read(filter.Text, place);
        var watch = new InstanceWatch(query, [.. place.ProvidersOf(query.Watched).Where(p => p.Class == query.Watched || !p.NeedsNames)], catalog.Time);
        try
        {
            await watch.BeginAsync(context.Cancellation).ConfigureAwait(false);
        }
        catch
        {
            watch.Dispose();
            throw;
        }

        return new CimCursor(watch.EventsAsync(), new CimItemWriter(uri, place.Name) { Query = query.Query.Group is null ? query.Query : null }, WmiError.IsWantedBy(context.Options), watch);
    });

    private ValueTask<IEnumerationCursor> QueryAsync(OperationContext context, CimNamespace place, string text, Enumerate request)
    {
        try
        {
            if (WqlStatement.Parse(text) is WqlAssociation association)
            {
                return AssociatedAsync(context, place, association, request);
            }

            var query = WqlQuery.Parse(text);
            if (query is { Within: not null } or { Group: not null })
            {
                throw CimError.InvalidQuery("an event query is for Subscribe, not for Enumerate");
            }

            if (query.IsSchema)
            {
                return ValueTask.FromResult<IEnumerationCursor>(new ClassCursor(CimSchemaQuery.Find(place.Schema, query), new Cim.CimXml.ClassParts()));
            }

            var cimClass = place.Class(query.ClassName);
            if (!uri.IsAllClasses && !cimClass.IsA(uri.ClassName))
            {
                throw CimError.InvalidQuery($"the query asks for {cimClass.Name}, the resource URI for {uri.ClassName}");
            }

            _ = new WqlFilter(query, cimClass); // the class asked for must have all the names, whatever derived classes add
            return Cursor(context, CimCursor.Queried(ProvidersOf(place, cimClass, request), query), Items(context, place, request, query));
        }
        catch (WqlException e)
        {
            throw e.IsLimit ? CimError.QuotaViolation(e.Message) : CimError.InvalidQuery(e.Message);
        }
    }

    private async ValueTask<IEnumerationCursor> AssociatedAsync(OperationContext context, CimNamespace place, WqlAssociation question, Enumerate request)
    {
        var home = question.Object.Namespace is { } ns ? Enter(context, ns, NamespaceRights.Enable) : place;
        var sourceClass = home.Class(question.Object.ClassName);
        foreach (var name in new[] { question.AssociationClass, question.ResultClass })
        {
            _ = name is null ? null : home.Class(name);
        }

        if (question.SchemaOnly)
        {
            return new ClassCursor(CimSchemaQuery.Associated(home, question, sourceClass), new Cim.CimXml.ClassParts());
        }

        var source = await SourceAsync(home, sourceClass, question.Object, context.Cancellation).ConfigureAwait(false);
        var results = CimAssociations.FindAsync(home, question, source);
        if (!question.ClassDefinitionsOnly)
        {
            var items = new CimItemWriter(uri, home.Name) { Properties = question.Properties, PreciseArrays = PreciseArrays(context) };
            return await Cursor(context, results, items).ConfigureAwait(false);
        }

        var classes = new HashSet<CimClass>();
        await foreach (var result in results.WithCancellation(context.Cancellation).ConfigureAwait(false))
        {
            classes.Add(result.Class);
        }

        return new ClassCursor(classes, new Cim.CimXml.ClassParts());
    }

    // The path may name a base class of the instance's own.
    private static async ValueTask<CimInstance> SourceAsync(CimNamespace home, CimClass sourceClass, CimObjectPath path, CancellationToken cancellationToken)
    {
        foreach (var provider in home.ProvidersOf(sourceClass).OrderBy(p => p.Class == sourceClass ? 0 : 1))
        {
            if (await CimKeys.FindAsync(provider, path.ToSelectors(provider.Class.Keys is [var only] ? only.Name : null), cancellationToken).ConfigureAwait(false) is { } found)
            {
                return found;
            }
        }

        throw CimError.NotFound($"there is no {path}");
    }

    private static ValueTask<IEnumerationCursor> Cursor(OperationContext context, IAsyncEnumerable<CimInstance> instances, CimItemWriter items) =>
        ValueTask.FromResult<IEnumerationCursor>(new CimCursor(instances, items, WmiError.IsWantedBy(context.Options)));

    private CimItemWriter Items(OperationContext context, CimNamespace place, Enumerate request, WqlQuery? query = null) => new(uri, place.Name)
    {
        Query = query,
        AsBase = request.Polymorphism == PolymorphismMode.ExcludeSubClassProperties ? ClassOf(place) : null,
        PreciseArrays = PreciseArrays(context),
    };

    private static IReadOnlyList<ICimProvider> ProvidersOf(CimNamespace place, CimClass cimClass, Enumerate request)
    {
        var shallow = request.Polymorphism == PolymorphismMode.None;
        return [.. place.ProvidersOf(cimClass).Where(p => p.Class == cimClass || (!shallow && !p.NeedsNames))];
    }

    private static bool PreciseArrays(OperationContext context) => context.Options.IsTrue(InstanceWriter.PreciseArraysOption);

    private InstanceBody Answer(OperationContext context, CimInstance instance) =>
        new(new CimItemWriter(uri, uri.Namespace ?? "").Ready(instance), uri.ForClass(instance.Class.Name), PreciseArrays(context), FragmentOf(context, instance.Class));

    private static FragmentPath? FragmentOf(OperationContext context, CimClass cimClass)
    {
        if (context.Headers.FragmentTransfer is not { } fragment)
        {
            return null;
        }

        return fragment.Dialect is null || fragment.Dialect.Equals(Dialects.XPath, StringComparison.OrdinalIgnoreCase)
            ? FragmentPath.Parse(fragment.Expression, cimClass)
            : throw FaultCatalog.FragmentDialectUnavailable.Fault($"'{fragment.Dialect}' is not served; '{Dialects.XPath}' is.");
    }

    private CimNamespace NamespaceOf(OperationContext context, NamespaceRights rights)
    {
        var selected = context.Selectors[CimResourceUri.NamespaceSelector]?.Replace('\\', '/');
        if (uri.Namespace is { } inPath)
        {
            return selected is null || selected.Equals(inPath, StringComparison.OrdinalIgnoreCase)
                ? Enter(context, inPath, rights)
                : throw FaultCatalog.NamespaceSelectorDiffers.Fault($"the URI says {inPath}, the selector {selected}.");
        }

        return Enter(context, selected ?? catalog.DefaultNamespace, rights);
    }

    private CimNamespace Enter(OperationContext context, string ns, NamespaceRights rights)
    {
        context.RequireNamespace(ns, rights);
        return catalog.Namespace(ns);
    }

    private CimClass ClassOf(CimNamespace target) => uri.IsAllClasses
        ? throw FaultCatalog.NotADmtfClass.Fault("the URI names all classes; name one.")
        : target.Class(uri.ClassName);

    private ICimProvider ProviderOf(CimNamespace place) => place.ProviderOf(ClassOf(place))
        ?? throw CimError.NotFound($"nothing on this system provides instances of {ClassOf(place).Name} itself");

    private sealed class InstanceBody(CimInstance instance, string classUri, bool preciseArrays, FragmentPath? part) : IBody
    {
        public void Write(XmlUtf8Writer xml)
        {
            if (part is not null)
            {
                part.Write(xml, instance, classUri);
                return;
            }

            InstanceWriter.For(instance.Class, classUri, preciseArrays).Write(xml, instance);
        }
    }
}
