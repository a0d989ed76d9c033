using System.Xml.Linq;
using Farwire.Protocol.Addressing;
using Farwire.Protocol.Names;

namespace Farwire.CommandLine.WinRm;

/// <summary><c>winrm create</c>: WS-Transfer Create.</summary>
internal static class CreateVerb
{
    public static async Task RunAsync(Call call)
    {
        var resource = call.Resource();
        var input = Input.Of(call, call.Rest(1, most: Input.MaxWords));
        var form = call.Form(resource.Uri);
        await using var client = call.Client();
        var representation = input.Xml ?? input.Element(resource.Uri[(resource.Uri.LastIndexOf('/') + 1)..], resource.Uri);
        call.Show(form, ResourceCreated(await client.CreateAsync(resource.Uri, resource.Selectors, representation, call.CancellationToken).ConfigureAwait(false)));
    }

    private static string ResourceCreated(EndpointReference reference)
    {
        XNamespace x = Namespaces.Transfer, a = Namespaces.Addressing, w = Namespaces.WSMan;
        return new XElement(
            x + "ResourceCreated",
            new XAttribute(XNamespace.Xmlns + "x", x),
            new XAttribute(XNamespace.Xmlns + "a", a),
            new XAttribute(XNamespace.Xmlns + "w", w),
            new XElement(a + "Address", reference.Address),
            new XElement(
                a + "ReferenceParameters",
                new XElement(w + "ResourceURI", reference.ResourceUri),
                new XElement(w + "SelectorSet", reference.Selectors.Select(s => new XElement(w + "Selector", new XAttribute("Name", s.Name), s.Value)))))
            .ToString(SaveOptions.DisableFormatting);
    }
}
