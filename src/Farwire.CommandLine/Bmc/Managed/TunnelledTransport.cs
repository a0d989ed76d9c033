using System.Globalization;
using System.Xml.Linq;
using Farwire.Client;
using Farwire.Ipmi;
using Farwire.Protocol.Addressing;
using Farwire.Protocol.Names;

namespace Farwire.CommandLine.Bmc.Managed;

/// <summary>IPMI through WS-Management: each request is a call of Microsoft_IPMI.RequestResponse, at a computer that serves it for its own controller.</summary>
/// <remarks>"IPMI Provider", Microsoft_IPMI: the first byte of ResponseData repeats the completion code.</remarks>
internal sealed class TunnelledTransport(WSManClient client) : IIpmiTransport
{
    private const string Uri = ResourceUris.Wmi + "/root/wmi/Microsoft_IPMI";
    private const string Method = "RequestResponse";

    private SelectorSet? _instance;

    public string Address => client.Options.Address.ToString();

    public async ValueTask<IpmiResponse> RequestAsync(IpmiRequest request, CancellationToken cancellationToken = default)
    {
        _instance ??= await FindAsync(cancellationToken).ConfigureAwait(false);
        XNamespace p = Uri;
        var input = new XElement(
            p + (Method + "_INPUT"),
            new XAttribute(XNamespace.Xmlns + "p", p),
            Number("NetworkFunction", (byte)request.Function),
            Number("Lun", request.Lun),
            Number("ResponderAddress", request.Responder),
            Number("Command", request.Command),
            Number("RequestDataSize", request.Data.Length),
            request.Data.ToArray().Select(b => Number("RequestData", b)));
        var output = new CimRow(XElement.Parse(await client.InvokeAsync(Method, Uri, _instance, input.ToString(SaveOptions.DisableFormatting), cancellationToken).ConfigureAwait(false)));
        var data = output.All("ResponseData").Select(text => byte.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var value)
            ? value
            : throw new IpmiFormatException($"{Address} answered '{text}' where a byte of the response stands.")).ToArray();
        return new IpmiResponse((CompletionCode)(output.Number("CompletionCode") ?? 0xFF), data.Length > 0 ? data.AsMemory(1) : default);

        XElement Number(string name, int value) => new(p + name, value);
    }

    public ValueTask DisposeAsync() => ValueTask.CompletedTask; // the client is the target's

    private async Task<SelectorSet> FindAsync(CancellationToken cancellationToken)
    {
        await foreach (var item in client.EnumerateAsync(Uri, cancellationToken: cancellationToken).ConfigureAwait(false))
        {
            return SelectorSet.Of(("InstanceName", new CimRow(XElement.Parse(item))["InstanceName"] ?? ""));
        }

        throw new IpmiTransportException(IpmiTransportFailure.Unreachable, $"{Address} has no controller of its own to ask (Microsoft_IPMI).");
    }
}
