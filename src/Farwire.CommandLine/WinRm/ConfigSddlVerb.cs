using System.Xml.Linq;
using Farwire.CommandLine.Grammar;
using Farwire.Protocol.Addressing;
using Farwire.Protocol.Names;

namespace Farwire.CommandLine.WinRm;

/// <summary><c>winrm configsddl default|URI [SDDL]</c>: shows or sets who may do what, everywhere (RootSDDL) or at some resources.</summary>
/// <remarks>
/// Windows opens a dialogue; here the new text is an argument, and nothing is asked without a terminal. A page of the WinRM portal gives a namespace
/// apart from the URI that it belongs to: <c>winrm configSDDL http://…/wmi/ root/cimv2</c>.
/// </remarks>
internal static class ConfigSddlVerb
{
    private const string Service = Namespaces.Config + "/service";
    private const string Security = Namespaces.Config + "/security";

    public static async Task RunAsync(Call call)
    {
        if (call.Words.Count == 0)
        {
            throw new UsageException($"say of what: {call.Verb.Usage}");
        }

        if (call.Words[0].Equals("default", StringComparison.OrdinalIgnoreCase))
        {
            await RunAsync(call, Service, SelectorSet.Empty, "RootSDDL", call.Rest(1, most: 1)).ConfigureAwait(false);
            return;
        }

        var resource = ResourceWord.Parse(call.Words[0]);
        if (!resource.Uri.Contains(':', StringComparison.Ordinal) || resource.Selectors.Count > 0)
        {
            throw new UsageException($"'{call.Words[0]}' is not a resource URI without selectors, nor 'default'.");
        }

        var within = call.Words.Count > 1 && !IsSddl(call.Words[1]) ? call.Words[1].Trim('/') : null;
        var uri = within is null ? resource.Uri : $"{resource.Uri.TrimEnd('/')}/{within}";
        await RunAsync(call, Security, SelectorSet.Of(("URI", uri)), "Sddl", call.Rest(within is null ? 1 : 2, most: 1)).ConfigureAwait(false);
    }

    private static async Task RunAsync(Call call, string resource, SelectorSet selectors, string leaf, IReadOnlyList<string> sddl)
    {
        await using var client = call.Client();
        var shown = XElement.Parse(await client.GetAsync(resource, selectors, call.CancellationToken).ConfigureAwait(false));
        if (sddl.Count == 1)
        {
            var changed = new XElement(shown.Name, new XElement(shown.Name.Namespace + leaf, sddl[0]));
            shown = XElement.Parse(await client.PutAsync(resource, selectors, changed.ToString(SaveOptions.DisableFormatting), call.CancellationToken).ConfigureAwait(false));
        }

        call.Terminal.Output.WriteLine(shown.Elements().Single(element => element.Name.LocalName == leaf).Value);
    }

    // MS-DTYP, "Security Descriptor Description Language": owner, group, DACL or SACL comes first.
    private static bool IsSddl(string word) => word.Length > 1 && word[1] == ':' && char.ToUpperInvariant(word[0]) is 'O' or 'G' or 'D' or 'S';
}
