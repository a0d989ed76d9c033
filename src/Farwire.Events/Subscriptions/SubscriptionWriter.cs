using System.Globalization;
using System.Text;
using System.Xml;

namespace Farwire.Events.Subscriptions;

/// <summary>Writes a subscription as XML that <see cref="SubscriptionReader"/>, and Windows, read back.</summary>
/// <remarks>Windows Event Collector, "Subscription schema". Passwords are written for the store alone.</remarks>
public static class SubscriptionWriter
{
    /// <summary>Writes one subscription, indented.</summary>
    /// <param name="subscription">The subscription.</param>
    /// <param name="withPasswords">For the store: passwords as they are. Else they are left out.</param>
    public static string Write(SubscriptionDefinition subscription, bool withPasswords = false)
    {
        var text = new StringBuilder();
        var settings = new XmlWriterSettings { Indent = true, OmitXmlDeclaration = true, NewLineChars = "\n" };
        using (var xml = XmlWriter.Create(text, settings))
        {
            Write(xml, subscription, withPasswords);
        }

        return text.ToString();
    }

    private static void Write(XmlWriter xml, SubscriptionDefinition s, bool withPasswords)
    {
        xml.WriteStartElement("Subscription", SubscriptionXml.Namespace);
        Element(xml, "SubscriptionId", s.Id);
        Element(xml, "SubscriptionType", s.Type.ToString());
        Element(xml, "Description", s.Description);
        Element(xml, "Enabled", s.Enabled ? "true" : "false");
        Element(xml, "Uri", s.Uri);
        Element(xml, "ConfigurationMode", s.ConfigurationMode.ToString());
        Delivery(xml, s);
        Element(xml, "Expires", s.Expires?.ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture));
        xml.WriteStartElement("Query");
        xml.WriteAttributeString("Dialect", s.Dialect);
        if (s.Query.Contains("]]>", StringComparison.Ordinal))
        {
            xml.WriteString(s.Query);
        }
        else
        {
            xml.WriteCData(s.Query);
        }

        xml.WriteEndElement();
        Element(xml, "ReadExistingEvents", s.ReadExistingEvents ? "true" : "false");
        Element(xml, "TransportName", s.TransportName);
        Element(xml, "TransportPort", s.TransportPort?.ToString(CultureInfo.InvariantCulture));
        Element(xml, "ContentFormat", s.ContentFormat.ToString());
        if (s.Locale is not null)
        {
            xml.WriteStartElement("Locale");
            xml.WriteAttributeString("Language", s.Locale);
            xml.WriteEndElement();
        }

        Element(xml, "LogFile", s.LogFile);
        Element(xml, "PublisherName", s.PublisherName);
        if (s.Type == SubscriptionType.CollectorInitiated)
        {
            Element(xml, "CredentialsType", s.CredentialsType.ToString());
            Element(xml, "CommonUserName", s.CommonUserName);
            Element(xml, "CommonPassword", withPasswords ? s.CommonPassword : null);
            if (s.UseSpnPort)
            {
                xml.WriteElementString("UseSpnPort", SubscriptionXml.FarwireNamespace, "true");
            }
        }

        Sources(xml, s, withPasswords);
        Rules(xml, s);
        xml.WriteEndElement();
    }

    private static void Delivery(XmlWriter xml, SubscriptionDefinition s)
    {
        if (s.DeliveryMode is null && s.MaxItems is null && s.MaxLatency is null && s.HeartbeatInterval is null && s.HostName is null)
        {
            return;
        }

        xml.WriteStartElement("Delivery");
        if (s.DeliveryMode is { } mode)
        {
            xml.WriteAttributeString("Mode", mode.ToString());
        }

        if (s.MaxItems is not null || s.MaxLatency is not null)
        {
            xml.WriteStartElement("Batching");
            Element(xml, "MaxItems", s.MaxItems?.ToString(CultureInfo.InvariantCulture));
            Element(xml, "MaxLatencyTime", Milliseconds(s.MaxLatency));
            xml.WriteEndElement();
        }

        if (s.HostName is not null || s.HeartbeatInterval is not null)
        {
            xml.WriteStartElement("PushSettings");
            Element(xml, "HostName", s.HostName);
            if (s.HeartbeatInterval is not null)
            {
                xml.WriteStartElement("Heartbeat");
                xml.WriteAttributeString("Interval", Milliseconds(s.HeartbeatInterval));
                xml.WriteEndElement();
            }

            xml.WriteEndElement();
        }

        xml.WriteEndElement();
    }

    private static void Sources(XmlWriter xml, SubscriptionDefinition s, bool withPasswords)
    {
        if (s.EventSources.Count == 0)
        {
            return;
        }

        xml.WriteStartElement("EventSources");
        foreach (var source in s.EventSources)
        {
            xml.WriteStartElement("EventSource");
            xml.WriteAttributeString("Enabled", source.Enabled ? "true" : "false");
            Element(xml, "Address", source.Address);
            Element(xml, "UserName", source.UserName);
            Element(xml, "Password", withPasswords ? source.Password : null);
            xml.WriteEndElement();
        }

        xml.WriteEndElement();
    }

    private static void Rules(XmlWriter xml, SubscriptionDefinition s)
    {
        if (s.AllowedIssuerCAs.Count + s.AllowedSubjects.Count + s.DeniedSubjects.Count > 0)
        {
            xml.WriteStartElement("AllowedSourceNonDomainComputers");
            List(xml, "AllowedIssuerCAList", "IssuerCA", s.AllowedIssuerCAs, SubscriptionXml.Namespace);
            List(xml, "AllowedSubjectList", "Subject", s.AllowedSubjects, SubscriptionXml.Namespace);
            List(xml, "DeniedSubjectList", "Subject", s.DeniedSubjects, SubscriptionXml.Namespace);
            xml.WriteEndElement();
        }

        Element(xml, "AllowedSourceDomainComputers", s.AllowedSourceDomainComputers);
        List(xml, "AllowedPrincipals", "Principal", s.AllowedPrincipals, SubscriptionXml.FarwireNamespace);
        List(xml, "AllowedAddresses", "Address", s.AllowedAddresses, SubscriptionXml.FarwireNamespace);
    }

    private static void List(XmlWriter xml, string list, string item, IReadOnlyList<string> values, string namespaceUri)
    {
        if (values.Count == 0)
        {
            return;
        }

        xml.WriteStartElement(list, namespaceUri);
        foreach (var value in values)
        {
            xml.WriteElementString(item, namespaceUri, value);
        }

        xml.WriteEndElement();
    }

    private static void Element(XmlWriter xml, string name, string? value)
    {
        if (value is { Length: > 0 })
        {
            xml.WriteElementString(name, SubscriptionXml.Namespace, value);
        }
    }

    private static string? Milliseconds(TimeSpan? time) => time is { } t ? ((long)t.TotalMilliseconds).ToString(CultureInfo.InvariantCulture) : null;
}
