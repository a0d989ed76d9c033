using Farwire.Plugins;
using Farwire.Protocol.Enumeration;
using Farwire.Protocol.Xml;
using Farwire.Service.Dispatch;

namespace Farwire.Service.Plugins;

/// <summary>A request as a plug-in is told it.</summary>
public static class PluginRequests
{
    /// <summary>What a plug-in is told.</summary>
    public static PluginRequest Of(OperationContext context) => new()
    {
        Sender = SenderOf(context.Caller),
        ResourceUri = context.ResourceUri,
        Selectors = context.Selectors.Count == 0 ? [] : [.. context.Selectors.Select(s => KeyValuePair.Create(s.Name, s.Value ?? ""))],
        Options = context.Options.Count == 0 ? [] : [.. context.Options.Select(option => new PluginOption(option.Name, option.Value, option.MustComply))],
        Locale = context.Locale,
        DataLocale = context.Headers.DataLocale,
        Fragment = context.Headers.FragmentTransfer is { } fragment ? new PluginFragment(fragment.Expression, fragment.Dialect) : null,
        MaxEnvelopeBytes = context.MaxEnvelopeBytes,
        Timeout = context.Timeout,
    };

    /// <summary>Who sends.</summary>
    public static Sender SenderOf(Caller caller) => new(caller.Name, caller.Account, caller.Principal.Identity?.AuthenticationType ?? "", caller.Address);

    /// <summary>What the client brought.</summary>
    internal static PluginInput? Input(BodyReader body, PluginConfiguration plugin) =>
        body.HasElement ? new PluginInput(System.Text.Encoding.UTF8.GetBytes(body.ReadOuterXml()), plugin.XmlRendering) : null;

    internal static PluginFilter? Filter(Filter? filter) => filter is null ? null : new PluginFilter(filter.Dialect, filter.Xml ?? (filter.Selectors is { } keys ? keys.ToString() : filter.Text));
}
