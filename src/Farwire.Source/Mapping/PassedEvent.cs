using System.Globalization;
using System.Xml;
using System.Xml.Linq;

namespace Farwire.Source.Mapping;

/// <summary>A message that is an event already, as Sysmon for Linux writes it into the log.</summary>
/// <remarks>
/// It stays what it is but for what ties it to this machine's channel: the channel and the number in it. Sysmon for Linux leaves the name space out and
/// writes <c>UserId</c> where the schema has <c>UserID</c>; both are set right.
/// </remarks>
internal sealed class PassedEvent
{
    private static readonly XNamespace Ns = "http://schemas.microsoft.com/win/2004/08/events/event";

    private readonly XElement _event;

    private PassedEvent(XElement root) => _event = root;

    /// <summary>The event.</summary>
    public string Xml => _event.ToString(SaveOptions.DisableFormatting);

    /// <summary>The event with RenderingInfo: its own, else its data line by line.</summary>
    public string Rendered
    {
        get
        {
            if (_event.Element(Ns + "RenderingInfo") is not null)
            {
                return Xml;
            }

            var data = _event.Element(Ns + "EventData")?.Elements(Ns + "Data").Select(d => $"{(string?)d.Attribute("Name")}: {d.Value}") ?? [];
            var rendered = new XElement(_event);
            rendered.Add(new XElement(Ns + "RenderingInfo", new XAttribute("Culture", "en-US"), new XElement(Ns + "Message", string.Join('\n', data))));
            return rendered.ToString(SaveOptions.DisableFormatting);
        }
    }

    /// <summary>Reads a message; null when it is no event, and then it is logged like any other text.</summary>
    public static PassedEvent? Read(string message, string channel, ulong recordId)
    {
        try
        {
            using var reader = XmlReader.Create(new StringReader(message.Trim()), new XmlReaderSettings { DtdProcessing = DtdProcessing.Prohibit, MaxCharactersInDocument = LogFields.MaxField });
            var root = XElement.Load(reader);
            foreach (var element in root.DescendantsAndSelf().Where(element => element.Name.Namespace == XNamespace.None))
            {
                element.Name = Ns + element.Name.LocalName;
            }

            if (root.Name != Ns + "Event" || root.Element(Ns + "System") is not { } system)
            {
                return null;
            }

            system.SetElementValue(Ns + "EventRecordID", recordId.ToString(CultureInfo.InvariantCulture));
            system.SetElementValue(Ns + "Channel", channel);
            if (system.Element(Ns + "Security")?.Attribute("UserId") is { } user)
            {
                user.Parent!.SetAttributeValue("UserID", user.Value);
                user.Remove();
            }

            return new PassedEvent(root);
        }
        catch (XmlException)
        {
            return null;
        }
    }
}
