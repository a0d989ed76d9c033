using System.Xml.Linq;
using Farwire.CommandLine.Grammar;
using Farwire.Protocol.Addressing;
using Farwire.Protocol.Names;

namespace Farwire.CommandLine.WinRm;

/// <summary><c>winrm configsddl default [SDDL]</c>: shows or sets RootSDDL, the security of what has none of its own.</summary>
/// <remarks>Windows opens a dialogue; here the new text is an argument, and nothing is asked without a terminal.</remarks>
internal static class ConfigSddlVerb
{
    private const string Service = Namespaces.Config + "/service";

    public static async Task RunAsync(Call call)
    {
        if (call.Words.Count == 0)
        {
            throw new UsageException($"say of what: {call.Verb.Usage}");
        }

        if (!call.Words[0].Equals("default", StringComparison.OrdinalIgnoreCase))
        {
            throw new UsageException($"'{call.Words[0]}' has a security of its own that the service keeps fixed; 'default' (RootSDDL) can be changed.");
        }

        var sddl = call.Rest(1, most: 1);
        await using var client = call.Client();
        var service = XElement.Parse(await client.GetAsync(Service, SelectorSet.Empty, call.CancellationToken).ConfigureAwait(false));
        var root = service.Elements().Single(element => element.Name.LocalName == "RootSDDL");
        if (sddl.Count == 1)
        {
            root.Value = sddl[0];
            var changed = new XElement(service.Name, root);
            service = XElement.Parse(await client.PutAsync(Service, SelectorSet.Empty, changed.ToString(SaveOptions.DisableFormatting), call.CancellationToken).ConfigureAwait(false));
            root = service.Elements().Single(element => element.Name.LocalName == "RootSDDL");
        }

        call.Terminal.Output.WriteLine(root.Value);
    }
}
