using Farwire.Plugins;
using Farwire.Protocol.Faults;
using Microsoft.Extensions.Logging;

namespace Farwire.Service.Plugins;

/// <summary>What a plug-in throws, as a fault that names it and its file.</summary>
/// <remarks>MS-WSMV, "ProviderFault".</remarks>
public static class PluginFaults
{
    /// <summary>The fault for <paramref name="exception"/>; what the plug-in did not mean for the client goes to the log alone.</summary>
    public static WSManFaultException Of(Exception exception, PluginConfiguration plugin, ILogger log)
    {
        if (exception is PluginException meant)
        {
            var fault = (FaultCatalog.Find(meant.Code) ?? FaultCatalog.InternalError).Fault(meant.Message).Fault;
            return new WSManFaultException(fault with
            {
                Code = meant.Code == 0 ? FaultCatalog.PluginFailed.Code : meant.Code,
                Provider = new ProviderFault(plugin.Name, plugin.Filename) { Text = meant.Message, ExtendedError = Checked(meant.ExtendedXml) },
            });
        }

        Log.PluginFailed(log, plugin.Name, exception);
        return new WSManFaultException(FaultCatalog.PluginFailed.Fault("the log of the service has the details.").Fault with
        {
            Provider = new ProviderFault(plugin.Name, plugin.Filename) { Text = "The plug-in failed; the log of the service has the details." },
        });
    }

    // A plug-in's mistake must not break the envelope.
    private static string? Checked(string? xml) => xml is not null && PluginAnswer.IsElement(System.Text.Encoding.UTF8.GetBytes(xml)) ? xml : null;
}
