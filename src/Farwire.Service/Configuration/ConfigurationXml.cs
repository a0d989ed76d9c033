using System.Text;
using Farwire.Protocol.Envelope;
using Farwire.Protocol.Faults;
using Farwire.Protocol.Names;
using Farwire.Protocol.Xml;

namespace Farwire.Service.Configuration;

/// <summary>Sections and entries as elements, in the order of the table; and back.</summary>
/// <remarks>MS-WSMV, "Config", "Listener", "CertMapping", "CustomRemoteShell". The prefix is <c>cfg</c>; a setting of the policy says <c>Source="GPO"</c>.</remarks>
internal static class ConfigurationXml
{
    /// <summary>A section as the body of an answer.</summary>
    public static IBody BodyOf(Section section, ServiceConfiguration configuration) => new Body(xml => Write(xml, section, configuration, isRoot: true));

    /// <summary>An entry as the body of an answer.</summary>
    public static IBody BodyOf(ConfigurationEntry entry, IEnumerable<(string Name, string Value)> computed) => new Body(xml => Write(xml, entry, computed));

    // <cfg:Listener xmlns:cfg="…"> keys, settings, what is computed </cfg:Listener>
    public static void Write(XmlUtf8Writer xml, ConfigurationEntry entry, IEnumerable<(string Name, string Value)> computed)
    {
        var name = Name(entry.Table.Name);
        var found = computed.ToLookup(c => c.Name, c => c.Value);
        xml.Start(name);
        xml.Attribute("xmlns:cfg"u8, entry.Table.Uri);
        foreach (var setting in entry.Table.All.Where(setting => !setting.IsSecret && !setting.IsOfFiles))
        {
            xml.Element(Name(setting.Name), found[setting.Name].FirstOrDefault() ?? entry[setting]);
        }

        foreach (var more in found.Where(more => entry.Table.All.All(setting => setting.Name != more.Key)))
        {
            foreach (var value in more)
            {
                xml.Element(Name(more.Key), value);
            }
        }

        xml.End(name);
    }

    /// <summary>The settings that the element at hand gives; null is <c>xsi:nil</c>. Some may be left out.</summary>
    public static Dictionary<Setting, string?> Read(BodyReader body, Section section)
    {
        EnterRoot(body, section.Name, ns => ns == section.Uri || ns == Namespaces.Config);
        var given = new Dictionary<Setting, string?>();
        ReadInto(body, section, given);
        return given;
    }

    /// <summary>The keys and settings of an entry that the element at hand gives, and what else it says.</summary>
    public static Dictionary<Setting, string?> Read(BodyReader body, EntryTable table, List<(string Name, string Value)> computed)
    {
        // The create sample of the WinRM portal writes …/config/Listener.xsd; that cannot mean anything else.
        EnterRoot(body, table.Name, ns => ns.Equals(table.Uri, StringComparison.OrdinalIgnoreCase) || ns.EndsWith("/config/Listener.xsd", StringComparison.Ordinal));
        var given = new Dictionary<Setting, string?>();
        while (body.NextChild())
        {
            var name = body.LocalName;
            if (table.All.FirstOrDefault(setting => setting.Name == name && !setting.IsOfFiles) is { } setting)
            {
                Take(body, setting, given);
            }
            else if (table == ConfigurationTable.Listeners && name == ListenerRules.ListeningOn)
            {
                computed.Add((name, body.ReadText()));
            }
            else
            {
                throw FaultCatalog.InvalidRepresentation.Fault($"{table.Name} has no element '{name}'; the case of its letters counts.");
            }
        }

        return given;
    }

    private static void ReadInto(BodyReader body, Section section, Dictionary<Setting, string?> given)
    {
        while (body.NextChild())
        {
            var name = body.LocalName;
            switch (section.Members.FirstOrDefault(member => member.Name == name))
            {
                case Setting setting:
                    Take(body, setting, given);
                    break;
                case Section inner:
                    body.Enter();
                    ReadInto(body, inner, given);
                    break;
                default:
                    throw name == "SoapTraceEnabled"
                        ? FaultCatalog.InvalidRepresentation.Fault("SoapTraceEnabled is no setting here: 'farwired trace' shows messages while it runs, 'farwired run --log-level debug' keeps them in the log.")
                        : FaultCatalog.InvalidRepresentation.Fault($"{section.Name} has no element '{name}'; the case of its letters counts.");
            }
        }
    }

    private static void Take(BodyReader body, Setting setting, Dictionary<Setting, string?> given)
    {
        var nil = body.IsNil;
        var text = body.ReadText();
        if (!given.TryAdd(setting, nil ? null : text))
        {
            throw FaultCatalog.InvalidRepresentation.Fault($"'{setting.Name}' is given twice.");
        }
    }

    private static void EnterRoot(BodyReader body, string name, Func<string, bool> isNamespace)
    {
        if (!body.HasElement || !body.LocalName.Equals(name, StringComparison.OrdinalIgnoreCase))
        {
            throw FaultCatalog.InvalidRepresentation.Fault($"the body must hold '{name}'.");
        }

        if (!isNamespace(body.NamespaceUri))
        {
            throw FaultCatalog.InvalidXmlNamespace.Fault($"'{name}' does not belong to '{body.NamespaceUri}'.");
        }

        body.Enter();
    }

    private static void Write(XmlUtf8Writer xml, Section section, ServiceConfiguration configuration, bool isRoot)
    {
        var name = Name(section.Name);
        xml.Start(name);
        if (isRoot)
        {
            xml.Attribute("xmlns:cfg"u8, section.Uri);
        }

        foreach (var member in section.Members)
        {
            if (member is Section inner)
            {
                Write(xml, inner, configuration, isRoot: false);
                continue;
            }

            var setting = (Setting)member;
            xml.Start(Name(setting.Name));
            if (configuration.IsGoverned(setting))
            {
                xml.Attribute("Source"u8, "GPO"u8);
            }

            xml.Text(configuration[setting]);
            xml.End(Name(setting.Name));
        }

        xml.End(name);
    }

    private static byte[] Name(string name) => Encoding.UTF8.GetBytes("cfg:" + name);

    private sealed class Body(Action<XmlUtf8Writer> write) : IBody
    {
        public void Write(XmlUtf8Writer xml) => write(xml);
    }
}
