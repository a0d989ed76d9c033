using System.Globalization;
using System.Xml.Linq;
using Farwire.Cim.Naming;
using Farwire.Client;
using Farwire.Client.Enumeration;
using Farwire.Protocol.Addressing;
using Farwire.Protocol.Names;

namespace Farwire.CommandLine.Bmc.Managed;

/// <summary>A controller that speaks WS-Management itself: its CIM instances as XML, whatever of them its maker left out.</summary>
/// <remarks>DSP0227, "Resource URI formats": the URIs of the DMTF, which Intel AMT, openwsman and Farwire all serve.</remarks>
/// <param name="client">The way to it.</param>
/// <param name="namespaceName">The CIM namespace (<c>__cimnamespace</c>), where the controller's own is not meant.</param>
internal sealed class CimController(WSManClient client, string? namespaceName)
{
    /// <summary>Reads the instances of a class and of those derived from it.</summary>
    public async Task<IReadOnlyList<CimRow>> ListAsync(string className, CancellationToken cancellationToken)
    {
        var rows = new List<CimRow>();
        await foreach (var item in client.EnumerateAsync(UriOf(className), new EnumerationRequest { Selectors = SelectorSet.From(Place()) }, cancellationToken).ConfigureAwait(false))
        {
            rows.Add(new CimRow(XElement.Parse(item)));
        }

        return rows;
    }

    /// <summary>Calls a method of an instance, and answers its ReturnValue.</summary>
    /// <param name="row">The instance.</param>
    /// <param name="keys">The names of its keys.</param>
    /// <param name="method">The method.</param>
    /// <param name="parameters">Its input, each made in the namespace of the class.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public async Task<int> InvokeAsync(CimRow row, string[] keys, string method, IEnumerable<Func<XNamespace, XElement>> parameters, CancellationToken cancellationToken)
    {
        XNamespace uri = UriOf(row.ClassName);
        var input = new XElement(uri + (method + "_INPUT"), new XAttribute(XNamespace.Xmlns + "p", uri), parameters.Select(make => make(uri)));
        var selectors = SelectorSet.From([.. keys.Select(key => new Selector(key, row[key] ?? "")), .. Place()]);
        var output = new CimRow(XElement.Parse(await client.InvokeAsync(method, uri.NamespaceName, selectors, input.ToString(SaveOptions.DisableFormatting), cancellationToken).ConfigureAwait(false)));
        return output.Number("ReturnValue") ?? 0;
    }

    private IEnumerable<Selector> Place() => namespaceName is null ? [] : [new Selector(CimResourceUri.NamespaceSelector, namespaceName)];

    private static string UriOf(string className) => $"{ResourceUris.CimSchema}/{className}";
}

/// <summary>A CIM instance as it came.</summary>
internal sealed class CimRow(XElement instance)
{
    private static readonly XName Nil = XName.Get("nil", Namespaces.SchemaInstance);

    public string ClassName => instance.Name.LocalName;

    /// <summary>The text of a property; null when it is NULL or not there.</summary>
    public string? this[string property] =>
        instance.Elements().FirstOrDefault(e => e.Name.LocalName == property) is { } element && element.Attribute(Nil)?.Value.Trim() is not ("true" or "1") ? element.Value.Trim() : null;

    /// <summary>A property that is XML itself, such as a reference.</summary>
    public XElement? Part(string property) => instance.Elements().FirstOrDefault(e => e.Name.LocalName == property);

    /// <summary>A whole number; null when there is none.</summary>
    public int? Number(string property) => int.TryParse(this[property], NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number) ? number : null;

    /// <summary>The values of an array.</summary>
    public IReadOnlyList<string> All(string property) => [.. instance.Elements().Where(e => e.Name.LocalName == property).Select(e => e.Value.Trim())];
}
