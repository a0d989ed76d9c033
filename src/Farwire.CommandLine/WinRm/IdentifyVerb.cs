using System.Xml.Linq;
using Farwire.CommandLine.Grammar;
using Farwire.Protocol.Identify;
using Farwire.Protocol.Names;

namespace Farwire.CommandLine.WinRm;

/// <summary><c>winrm identify</c>: who is there.</summary>
internal static class IdentifyVerb
{
    public static async Task RunAsync(Call call)
    {
        call.Rest(0);
        if (!call.Switches.Has("remote") && !call.Switches.Has("--connect"))
        {
            throw new UsageException("identify asks a service: give -remote:HOST, which may be localhost.");
        }

        var form = call.Form();
        await using var client = call.Client(anonymous: true);
        var identity = await client.IdentifyAsync(call.CancellationToken).ConfigureAwait(false);
        call.Show(form, Xml(identity));
    }

    /// <summary>The answer as it came.</summary>
    public static string Xml(IdentifyResponse identity)
    {
        XNamespace wsmid = Namespaces.Identity;
        return new XElement(
            wsmid + "IdentifyResponse",
            new XAttribute(XNamespace.Xmlns + "wsmid", wsmid),
            new XElement(wsmid + "ProtocolVersion", identity.ProtocolVersion),
            new XElement(wsmid + "ProductVendor", identity.ProductVendor),
            new XElement(wsmid + "ProductVersion", identity.ProductVersion),
            identity.SecurityProfiles.Count == 0
                ? null
                : new XElement(wsmid + "SecurityProfiles", identity.SecurityProfiles.Select(p => new XElement(wsmid + "SecurityProfileName", p)))).ToString(SaveOptions.DisableFormatting);
    }
}
