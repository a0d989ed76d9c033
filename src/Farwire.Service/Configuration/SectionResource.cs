using Farwire.Protocol.Envelope;
using Farwire.Protocol.Faults;
using Farwire.Protocol.Xml;
using Farwire.Service.Dispatch;
using Farwire.Service.Resources;

namespace Farwire.Service.Configuration;

/// <summary>A section of the configuration as a resource: Get, Put of all or some of its settings, and at the root Invoke of Restore.</summary>
/// <remarks>MS-WSMV, "Config" and the resources below it.</remarks>
internal sealed class SectionResource(Section section, LiveConfiguration live) : IGetResource, IPutResource, IInvokeResource
{
    public ValueTask<IBody> GetAsync(OperationContext context) => ValueTask.FromResult(ConfigurationXml.BodyOf(section, live.Current));

    public async ValueTask<IBody> PutAsync(OperationContext context, BodyReader representation)
    {
        var given = ConfigurationXml.Read(representation, section);
        await live.ChangeAsync(current => Changed(current, given), context.Cancellation).ConfigureAwait(false);
        return ConfigurationXml.BodyOf(section, live.Current);
    }

    public async ValueTask<IBody> InvokeAsync(OperationContext context, string method, BodyReader input)
    {
        if (section != ConfigurationTable.Root || !method.Equals(RestoreOutput.Method, StringComparison.OrdinalIgnoreCase))
        {
            throw FaultCatalog.InvalidActionUri.Fault($"'{method}' is not a method of {section.Name}; Config has {RestoreOutput.Method}.");
        }

        // Listeners, mappings and plug-ins stay: whoever restores defaults from afar is not locked out by it.
        await live.ChangeAsync(current => current.Changes with { Values = ConfigurationLayer.Empty.Values, Compat = null }, context.Cancellation).ConfigureAwait(false);
        return new RestoreOutput(section.Uri);
    }

    /// <summary>The layer of changes with what is given; what is given as it is stays where it was set.</summary>
    internal static ConfigurationLayer Changed(ServiceConfiguration current, IReadOnlyDictionary<Setting, string?> given)
    {
        var values = current.Changes.Values;
        foreach (var (setting, text) in given)
        {
            if (text is null && !current.IsGoverned(setting) && !setting.IsReadOnly)
            {
                values = values.Remove(setting); // xsi:nil takes back what was changed by wire: the files decide again, or the default
                continue;
            }

            var value = Parse(setting, text ?? setting.Default);
            if (value == current[setting])
            {
                continue;
            }

            if (current.IsGoverned(setting))
            {
                throw FaultCatalog.PolicyControlledSetting.Fault($"{setting.Name} is set by {current.OriginOf(setting)}; change it there.");
            }

            if (setting.IsReadOnly)
            {
                throw FaultCatalog.ReadOnlySetting.Fault($"{setting.Name} stays {current[setting]}.");
            }

            values = values.SetItem(setting, new SettingValue(value, "changed by wire"));
        }

        return current.Changes with { Values = values };
    }

    internal static string Parse(Setting setting, string text)
    {
        try
        {
            return setting.Parse(text);
        }
        catch (SettingException e)
        {
            throw FaultCatalog.InvalidXmlValues.Fault(e.Message);
        }
    }
}
