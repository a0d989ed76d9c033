using System.Xml.Linq;
using Farwire.Cim.Wql;
using Farwire.Client.Enumeration;
using Farwire.CommandLine.Grammar;
using Farwire.Protocol.Addressing;
using Farwire.Protocol.Enumeration;
using Farwire.Protocol.Names;

namespace Farwire.CommandLine.WinRm;

/// <summary><c>winrm enumerate</c>: WS-Enumeration from its opening to its end.</summary>
internal static class EnumerateVerb
{
    public static async Task RunAsync(Call call)
    {
        var resource = call.Resource();
        call.Rest(1);
        var request = new EnumerationRequest
        {
            Selectors = resource.Selectors,
            Filter = FilterOf(call, resource),
            Mode = ModeOf(call.Switches["returntype"]),
            Polymorphism = call.Switches.Has("shallow") ? PolymorphismMode.None
                : call.Switches.Has("basepropertiesonly") ? PolymorphismMode.ExcludeSubClassProperties
                : null,
        };
        var form = call.Form(resource.Uri, request.Filter is { } filter && filter.IsDialect(Dialects.Wql) ? WqlQuery.ClassOf(filter.Text) : null);
        await using var client = call.Client();
        form.StartList(call.Terminal.Output);
        await foreach (var item in client.EnumerateAsync(resource.Uri, request, call.CancellationToken).ConfigureAwait(false))
        {
            form.Show(call.Terminal.Output, item);
        }

        form.EndList(call.Terminal.Output);
    }

    private static EnumerationMode ModeOf(string? returnType) => returnType?.ToUpperInvariant() switch
    {
        null or "OBJECT" => EnumerationMode.Object,
        "EPR" => EnumerationMode.Epr,
        "OBJECTANDEPR" => EnumerationMode.ObjectAndEpr,
        _ => throw new UsageException($"-returntype is object, epr or objectandepr, not '{returnType}'."),
    };

    private static Filter? FilterOf(Call call, ResourceWord resource)
    {
        var dialect = call.Switches["dialect"] ?? "wql";
        var isAssociation = dialect.Equals("association", StringComparison.OrdinalIgnoreCase) || dialect.Equals(Dialects.Association, StringComparison.OrdinalIgnoreCase);
        if (call.Switches.Has("associations") && !isAssociation)
        {
            throw new UsageException("-associations goes with -dialect:association.");
        }

        if (call.Switches["filter"] is not { } text)
        {
            return call.Switches.Has("dialect") ? throw new UsageException("-dialect needs a -filter.") : null;
        }

        return dialect.ToUpperInvariant() switch
        {
            "WQL" => Filter.Wql(text),
            _ when isAssociation => new Filter(Dialects.Association) { Xml = AssociationXml(text, resource, call.Switches.Has("associations")) },
            _ when dialect.Equals("selector", StringComparison.OrdinalIgnoreCase) || dialect.Equals(Dialects.Selector, StringComparison.OrdinalIgnoreCase) => new Filter(Dialects.Selector)
            {
                Selectors = SelectorSet.From(HashInput.Parse(text).Select(p => new Selector(p.Key, p.Value ?? ""))),
            },
            _ when dialect.Contains(':', StringComparison.Ordinal) => new Filter(dialect) { Text = text },
            _ => throw new UsageException($"'{dialect}' is not a dialect; wql, selector and association are, or a URI."),
        };
    }

    // {Object=CLASS?KEY=VALUE;AssociationClassName=…;Role=…;ResultClassName=…;ResultRole=…;IncludeResultProperty=…}
    // as b:AssociatedInstances or b:AssociationInstances, its children in the order of DSP0227, "Association queries".
    private static string AssociationXml(string text, ResourceWord resource, bool associations)
    {
        XNamespace b = Namespaces.CimBinding, a = Namespaces.Addressing, w = Namespaces.WSMan;
        var pairs = HashInput.Parse(text);
        string[] order = associations
            ? ["AssociationClassName", "Role", "ResultClassName", "IncludeResultProperty"]
            : ["AssociationClassName", "Role", "ResultClassName", "ResultRole", "IncludeResultProperty"];
        foreach (var (key, _) in pairs)
        {
            if (!Same(key, "Object") && !order.Any(name => Same(key, name)))
            {
                throw new UsageException($"'{key}' does not stand in such a filter; Object, {string.Join(", ", order)} do.");
            }
        }

        var word = pairs.FirstOrDefault(p => Same(p.Key, "Object")).Value ?? throw new UsageException("an association filter starts from an Object: {Object=CLASS?KEY=VALUE}.");
        var isClassAlone = !word.Split('?')[0].Contains('/', StringComparison.Ordinal);
        var source = ResourceWord.Parse(isClassAlone ? resource.Uri[..(resource.Uri.LastIndexOf('/') + 1)] + word : word);
        return new XElement(
            b + (associations ? "AssociationInstances" : "AssociatedInstances"),
            new XAttribute(XNamespace.Xmlns + "b", b),
            new XAttribute(XNamespace.Xmlns + "a", a),
            new XAttribute(XNamespace.Xmlns + "w", w),
            new XElement(
                b + "Object",
                new XElement(a + "Address", EndpointReference.Anonymous),
                new XElement(
                    a + "ReferenceParameters",
                    new XElement(w + "ResourceURI", source.Uri),
                    new XElement(w + "SelectorSet", source.Selectors.Select(s => new XElement(w + "Selector", new XAttribute("Name", s.Name), s.Value))))),
            order.SelectMany(name => pairs.Where(p => Same(p.Key, name)).Select(p => new XElement(b + name, p.Value)))).ToString(SaveOptions.DisableFormatting);

        // The portal writes the names in lower case.
        static bool Same(string one, string other) => one.Equals(other, StringComparison.OrdinalIgnoreCase);
    }
}
