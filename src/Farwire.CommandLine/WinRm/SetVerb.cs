using System.Xml.Linq;
using Farwire.Client;
using Farwire.CommandLine.Grammar;
using Farwire.Protocol.Envelope;
using Farwire.Protocol.Names;

namespace Farwire.CommandLine.WinRm;

/// <summary><c>winrm set</c>: WS-Transfer Get, the given leaves changed, and Put; of a file, Put alone.</summary>
internal static class SetVerb
{
    // A password is taken and never shown: what Get answers has none to change.
    private static readonly XName MappingName = XName.Get("CertMapping", Namespaces.Config + "/service/certmapping");

    private static readonly XName Nil = XName.Get("nil", Namespaces.SchemaInstance);

    public static async Task RunAsync(Call call)
    {
        var resource = call.Resource();
        var input = Input.Of(call, call.Rest(1, most: Input.MaxWords));
        var form = call.Form(resource.Uri);
        var fragment = call.Fragment();
        await using var client = call.Client();
        var representation = input.Xml ?? await ChangedAsync(client, resource, fragment, input.Pairs, call.CancellationToken).ConfigureAwait(false);
        call.Show(form, fragment is null
            ? await client.PutAsync(resource.Uri, resource.Selectors, representation, call.CancellationToken).ConfigureAwait(false)
            : await client.PutFragmentAsync(resource.Uri, resource.Selectors, fragment, representation, call.CancellationToken).ConfigureAwait(false));
    }

    private static async Task<string> ChangedAsync(
        WSManClient client, ResourceWord resource, FragmentTransfer? fragment, IReadOnlyList<KeyValuePair<string, string?>> pairs, CancellationToken cancellationToken)
    {
        var current = XElement.Parse(fragment is null
            ? await client.GetAsync(resource.Uri, resource.Selectors, cancellationToken).ConfigureAwait(false)
            : await client.GetFragmentAsync(resource.Uri, resource.Selectors, fragment, cancellationToken).ConfigureAwait(false));
        var given = new HashSet<string>();
        foreach (var (key, value) in pairs)
        {
            var name = Input.LocalName(key);
            if (!given.Add(name))
            {
                throw new UsageException($"the property '{name}' is given several times; an array is set with -file.");
            }

            Change(current, name, value);
        }

        return current.ToString(SaveOptions.DisableFormatting);
    }

    private static void Change(XElement current, string name, string? value)
    {
        var target = current.Elements().Where(e => e.Name.LocalName == name).ToList() switch
        {
            [] when current.Name == MappingName && name == "Password" => AddAfter(current, "UserName", name),
            [] => throw new UsageException($"{current.Name.LocalName} has no property '{name}'; the case of its letters counts."),
            [{ HasElements: false } one] => one,
            [_] => throw new UsageException($"the property '{name}' is not simple text; use -file."),
            _ => throw new UsageException($"{current.Name.LocalName} has several properties '{name}'; use -file."),
        };
        target.SetAttributeValue(Nil, value is null ? "true" : null);
        target.Value = value ?? "";
    }

    private static XElement AddAfter(XElement current, string before, string name)
    {
        var added = new XElement(current.Name.Namespace + name);
        current.Element(current.Name.Namespace + before)!.AddAfterSelf(added);
        return added;
    }
}
