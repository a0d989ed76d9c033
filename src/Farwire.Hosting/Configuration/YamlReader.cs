using System.Collections.Immutable;
using Farwire.Protocol.Faults;
using Farwire.Service.Configuration;
using Farwire.Service.Plugins;
using YamlDotNet.RepresentationModel;

namespace Farwire.Hosting.Configuration;

/// <summary>One YAML file as a layer of the configuration. Names are those of the wire; their case does not count.</summary>
/// <remarks>YAML 1.2. The walk follows the table of settings, so that a file can be as deep as the table and no deeper.</remarks>
internal static class YamlReader
{
    /// <summary>Reads <paramref name="file"/> over <paramref name="layer"/>.</summary>
    /// <exception cref="ConfigurationFileException">The file cannot be read, is no YAML, or says what is no setting.</exception>
    public static ConfigurationLayer Read(string file, ConfigurationLayer layer) => Read(file, layer, new Walk(file).Root);

    /// <summary>The same for a file of the service, which leaves the settings of clients to <c>client.yaml</c>: the commands read them there.</summary>
    /// <exception cref="ConfigurationFileException">The file cannot be read, is no YAML, or says what is no setting of the service.</exception>
    public static ConfigurationLayer ReadService(string file, ConfigurationLayer layer) => Read(file, layer, new Walk(file).Service);

    /// <summary>The same for <c>client.yaml</c>, whose names are those of <c>winrm/config/client</c>.</summary>
    /// <exception cref="ConfigurationFileException">The file cannot be read, is no YAML, or says what is no setting of a client.</exception>
    public static ConfigurationLayer ReadClient(string file, ConfigurationLayer layer) => Read(file, layer, new Walk(file).Client);

    private static ConfigurationLayer Read(string file, ConfigurationLayer layer, Func<YamlNode, ConfigurationLayer, ConfigurationLayer> walk) =>
        YamlFile.Load(file) is { } root and not YamlScalarNode { Value: null or "" } ? walk(root, layer) : layer;

    private sealed class Walk(string file)
    {
        public ConfigurationLayer Client(YamlNode node, ConfigurationLayer layer) =>
            Pairs(node).Aggregate(layer, (all, pair) => Member(ConfigurationTable.Client, pair.Key, pair.Value, all));

        public ConfigurationLayer Service(YamlNode node, ConfigurationLayer layer) => Pairs(node).FirstOrDefault(pair => Is(ConfigurationTable.Client.Name, Name(pair.Key))) is { Key: { } key }
            ? throw Wrong(key, "the settings of clients stand in client.yaml, where the commands of this machine read them too.")
            : Root(node, layer);

        public ConfigurationLayer Root(YamlNode node, ConfigurationLayer layer)
        {
            foreach (var (key, value) in Pairs(node))
            {
                var name = Name(key);
                if (ConfigurationTable.Tables.FirstOrDefault(table => Is(table.Name, name)) is { } table)
                {
                    layer = Items(value).Aggregate(layer, (all, item) => all.With(Entry(table, item)));
                }
                else if (Is("Compat", name))
                {
                    layer = layer with { Compat = Text(value) is ServiceConfiguration.CompatProfile or "" ? Text(value) : throw Wrong(value, $"Compat is \"{ServiceConfiguration.CompatProfile}\", not '{Text(value)}'.") };
                }
                else if (Is("Removed", name))
                {
                    layer = layer with { Removed = Items(value).Aggregate(layer.Removed, (all, item) => all.Add(Text(item))) };
                }
                else if (Is("Plugin", name))
                {
                    layer = layer with { Plugins = Items(value).Aggregate(layer.Plugins, (all, item) => all.SetItem(Plugin(item), Text(item))) };
                }
                else
                {
                    layer = Member(ConfigurationTable.Root, key, value, layer);
                }
            }

            return layer;
        }

        // A registration is a document of its own, in the words of its schema.
        private string Plugin(YamlNode node)
        {
            try
            {
                return PluginConfigurationReader.Read(Text(node)).Name;
            }
            catch (WSManFaultException e)
            {
                throw Wrong(node, e.Message);
            }
        }

        private ConfigurationLayer Member(Section section, YamlNode key, YamlNode value, ConfigurationLayer layer)
        {
            switch (section.Members.FirstOrDefault(member => Is(member.Name, Name(key))))
            {
                case Section inner:
                    return Pairs(value).Aggregate(layer, (all, pair) => Member(inner, pair.Key, pair.Value, all));
                case Setting { IsReadOnly: true } fixedSetting:
                    throw Wrong(key, $"{fixedSetting.Name} has no effect and cannot be set.");
                case Setting setting:
                    return layer with { Values = layer.Values.SetItem(setting, new SettingValue(Parse(setting, value), $"{file}:{key.Start.Line}")) };
                default:
                    throw Wrong(key, $"there is no setting '{Name(key)}' in {section.Name}; known are {string.Join(", ", section.Members.Select(member => member.Name))}.");
            }
        }

        private ConfigurationEntry Entry(EntryTable table, YamlNode node)
        {
            var values = ImmutableDictionary<Setting, string>.Empty;
            foreach (var (key, value) in Pairs(node))
            {
                var setting = table.All.FirstOrDefault(one => Is(one.Name, Name(key)))
                    ?? throw Wrong(key, $"{table.Name} has no '{Name(key)}'; known are {string.Join(", ", table.All.Select(one => one.Name))}.");
                values = values.SetItem(setting, Parse(setting, value));
            }

            foreach (var key in table.Keys.Where(key => !values.ContainsKey(key)))
            {
                // A key must have the form that its check demands; the default of a listener's address and transport has it.
                values = values.Add(key, key.Check?.Invoke(key.Default) is { } wrong ? throw Wrong(node, $"{key.Name} is missing: {wrong}") : key.Default);
            }

            return new ConfigurationEntry(table, values, $"{file}:{node.Start.Line}");
        }

        private string Parse(Setting setting, YamlNode node)
        {
            try
            {
                // Hosts may be a list of YAML as well as one with commas.
                return setting.Parse(node is YamlSequenceNode list && setting == ConfigurationTable.TrustedHosts ? string.Join(',', list.Select(Text)) : Text(node));
            }
            catch (SettingException e)
            {
                throw Wrong(node, e.Message);
            }
        }

        private IEnumerable<KeyValuePair<YamlNode, YamlNode>> Pairs(YamlNode node) => node switch
        {
            YamlMappingNode mapping => mapping.Children,
            YamlScalarNode { Value: null or "" } => [],
            _ => throw Wrong(node, "names with values are expected here."),
        };

        private IEnumerable<YamlNode> Items(YamlNode node) => node switch
        {
            YamlSequenceNode sequence => sequence.Children,
            YamlScalarNode { Value: null or "" } => [],
            _ => throw Wrong(node, "a list is expected here, each entry with '- '."),
        };

        private string Text(YamlNode node) => node is YamlScalarNode scalar ? scalar.Value ?? "" : throw Wrong(node, "a single value is expected here.");

        private string Name(YamlNode node) => Text(node);

        private ConfigurationFileException Wrong(YamlNode node, string reason) => new(file, node.Start.Line, reason);

        private static bool Is(string name, string written) => name.Equals(written, StringComparison.OrdinalIgnoreCase);
    }
}
