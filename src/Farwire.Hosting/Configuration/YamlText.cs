using Farwire.Service.Configuration;
using YamlDotNet.Core;
using YamlDotNet.RepresentationModel;

namespace Farwire.Hosting.Configuration;

/// <summary>A layer of the configuration as YAML, in the order of the table.</summary>
internal static class YamlText
{
    public static string Of(ConfigurationLayer layer)
    {
        var root = SectionNode(ConfigurationTable.Root, layer);
        if (layer.Compat is not null)
        {
            root.Add("Compat", Scalar(layer.Compat));
        }

        foreach (var table in ConfigurationTable.Tables)
        {
            var entries = layer.Entries.Where(entry => entry.Table == table).Select(EntryNode).ToList();
            if (entries.Count > 0)
            {
                root.Add(table.Name, new YamlSequenceNode(entries));
            }
        }

        if (layer.Plugins.Count > 0)
        {
            root.Add("Plugin", new YamlSequenceNode(layer.Plugins.Values.Select(xml => new YamlScalarNode(xml) { Style = ScalarStyle.Literal })));
        }

        if (layer.Removed.Count > 0)
        {
            root.Add("Removed", new YamlSequenceNode(layer.Removed.Order(StringComparer.Ordinal).Select(Scalar)));
        }

        return Text(root);
    }

    /// <summary>The settings of clients alone, in the form of <c>client.yaml</c>.</summary>
    public static string OfClient(ConfigurationLayer layer) => Text(SectionNode(ConfigurationTable.Client, layer));

    private static string Text(YamlMappingNode root)
    {
        using var text = new StringWriter { NewLine = "\n" };
        text.WriteLine("# Changes made over the wire, as by 'winrm set'. They win over the files of the configuration folder. The service rewrites this file.");
        new YamlStream(new YamlDocument(root)).Save(text, assignAnchors: false);
        return text.ToString();
    }

    private static YamlMappingNode SectionNode(Section section, ConfigurationLayer layer)
    {
        var node = new YamlMappingNode();
        foreach (var member in section.Members)
        {
            if (member is Section inner)
            {
                if (SectionNode(inner, layer) is { Children.Count: > 0 } content)
                {
                    node.Add(inner.Name, content);
                }
            }
            else if (layer.Values.TryGetValue((Setting)member, out var value))
            {
                node.Add(member.Name, Scalar(value.Text));
            }
        }

        return node;
    }

    private static YamlNode EntryNode(ConfigurationEntry entry)
    {
        var node = new YamlMappingNode();
        foreach (var setting in entry.Table.All.Where(entry.Values.ContainsKey))
        {
            node.Add(setting.Name, Scalar(entry.Values[setting]));
        }

        return node;
    }

    private static YamlScalarNode Scalar(string text) => new(text) { Style = text.All(c => char.IsAsciiLetterOrDigit(c) || c is '.' or '_') && text.Length > 0 ? ScalarStyle.Plain : ScalarStyle.DoubleQuoted };
}
