using System;
using System.Collections;
using System.Collections.Generic;
using System.Linq;
using System.Management.Automation;
using System.Management.Automation.Provider;
using System.Xml;

namespace Farwire
{
    /// <summary>A setting, or a place with settings.</summary>
    public abstract class WSManConfigElement
    {
        public string Name { get; set; }

        public abstract string Type { get; }

        public string TypeNameOfElement => Type;
    }

    /// <summary>A place with settings. Keys tell a listener or a mapping from the others.</summary>
    public sealed class WSManConfigContainerElement : WSManConfigElement
    {
        public override string Type => "Container";

        public string[] Keys { get; set; } = Array.Empty<string>();
    }

    /// <summary>A setting. SourceOfValue is GPO when a policy holds it.</summary>
    public sealed class WSManConfigLeafElement : WSManConfigElement
    {
        public override string Type => "System.String";

        public object SourceOfValue { get; set; }

        public object Value { get; set; }
    }

    /// <summary>One place of the drive: what it shows, what is below it, and the resource that holds it.</summary>
    public sealed class Place
    {
        private readonly Func<IEnumerable<Place>> _children;
        private List<Place> _found;

        public Place(WSManConfigElement shown, string resource, Func<IEnumerable<Place>> children = null)
        {
            Shown = shown;
            Resource = resource;
            _children = children;
        }

        public WSManConfigElement Shown { get; }

        public string Resource { get; }

        public bool IsContainer => _children != null;

        public IReadOnlyList<Place> Children => _children == null ? Array.Empty<Place>() : _found ??= _children().ToList();

        public Place Child(string name) => Children.FirstOrDefault(c => c.Shown.Name.Equals(name, StringComparison.OrdinalIgnoreCase));

        /// <summary>A computer: the settings of winrm/config, with the lists that Windows shows beside them.</summary>
        public static Place Computer(Connection connection) => new(Container(connection.Name), "winrm/config", () => Settings(connection));

        private static IEnumerable<Place> Settings(Connection connection)
        {
            var config = Command.Read(connection, "get", "winrm/config", "-format:xml").First();
            foreach (XmlElement element in config.ChildNodes.OfType<XmlElement>())
            {
                var name = element.LocalName == "Winrs" ? "Shell" : element.LocalName;
                yield return Of(element, name, "winrm/config", element.LocalName.ToLowerInvariant());
            }

            yield return List(connection, "Listener", "winrm/config/listener", "Address", "Transport");
            yield return List(connection, "Plugin", "winrm/config/plugin", "Name");
            yield return List(connection, "ClientCertificate", "winrm/config/service/certmapping", "URI", "Subject", "Issuer");
        }

        // A setting has text; a place has elements or attributes.
        private static Place Of(XmlElement element, string name, string resource, string below)
        {
            var attributes = element.Attributes.OfType<XmlAttribute>().Where(a => a.Prefix != "xmlns" && a.Name != "xmlns" && a.Prefix != "xsi" && a.LocalName != "Source").ToList();
            if (attributes.Count == 0 && !element.ChildNodes.OfType<XmlElement>().Any())
            {
                return Leaf(name, element.InnerText, element.GetAttribute("Source"), resource);
            }

            var inside = $"{resource}/{below}";
            return new Place(Container(name), inside, () => attributes.Select(a => Leaf(a.LocalName, a.Value, "", inside)).Concat(Named(element, inside)));
        }

        // What there are several of is told apart by a number.
        private static IEnumerable<Place> Named(XmlElement element, string resource)
        {
            foreach (var group in element.ChildNodes.OfType<XmlElement>().GroupBy(e => e.LocalName))
            {
                var several = group.Count() > 1 || group.Key is "Resource" or "Security" && element.LocalName is "Resources" or "Resource";
                foreach (var child in group)
                {
                    var name = group.Key == "Param" && child.HasAttribute("Name") ? child.GetAttribute("Name") : several ? $"{group.Key}_{Number(child.OuterXml)}" : group.Key;
                    yield return group.Key == "Param" ? Leaf(name, child.GetAttribute("Value"), "", resource) : Of(child, name, resource, child.LocalName.ToLowerInvariant());
                }
            }
        }

        private static Place List(Connection connection, string name, string resource, params string[] keys) =>
            new(Container(name), resource, () => Command.Read(connection, "enumerate", resource, "-format:xml").Select(item => Item(item, name, resource, keys)));

        private static Place Item(XmlElement item, string list, string resource, string[] keys)
        {
            var told = keys.Select(k => (Key: k, Value: Text(item, k))).ToList();
            var selectors = string.Join("+", told.Select(k => $"{k.Key}={k.Value}"));
            var name = list == "Plugin" ? told[0].Value : $"{list}_{Number(selectors)}";
            var inside = $"{resource}?{selectors}";
            var shown = Container(name, told.Select(k => $"{k.Key}={k.Value}").ToArray());
            return new Place(shown, inside, () => item.Attributes.OfType<XmlAttribute>().Where(a => a.Prefix != "xmlns" && a.Name != "xmlns" && a.Prefix != "xsi").Select(a => Leaf(a.LocalName, a.Value, "", inside))
                .Concat(Named(item, inside).Select(p => new Place(p.Shown, inside, p._children))));
        }

        private static string Text(XmlElement item, string key) =>
            item.HasAttribute(key) ? item.GetAttribute(key) : item.ChildNodes.OfType<XmlElement>().FirstOrDefault(e => e.LocalName == key)?.InnerText ?? "";

        private static WSManConfigContainerElement Container(string name, params string[] keys) => new() { Name = name, Keys = keys };

        private static Place Leaf(string name, string value, string source, string resource) =>
            new(new WSManConfigLeafElement { Name = name, Value = value, SourceOfValue = source.Length > 0 ? source : null }, resource);

        // The same text has the same number in every session.
        private static uint Number(string text) => text.Aggregate(2166136261u, (number, c) => unchecked((number ^ c) * 16777619u));
    }

    /// <summary>The computers of the drive: this one, and those of Connect-WSMan.</summary>
    public static class Computers
    {
        private static readonly List<Connection> Connected = new() { new Connection("localhost", Array.Empty<string>(), new Hashtable()) };
        private static readonly Dictionary<string, (DateTime Read, Place Place)> Known = new(StringComparer.OrdinalIgnoreCase);

        /// <summary>How long what was read is shown again: moving about asks for one place many times.</summary>
        private static readonly TimeSpan Fresh = TimeSpan.FromSeconds(10);

        public static void Connect(Connection connection)
        {
            Disconnect(connection.Name);
            Connected.Add(connection);
        }

        public static bool Disconnect(string name) => Connected.RemoveAll(c => c.Name.Equals(name, StringComparison.OrdinalIgnoreCase)) > 0 | Known.Remove(name);

        public static void Forget() => Known.Clear();

        public static Connection Find(string name) => Connected.FirstOrDefault(c => c.Name.Equals(name, StringComparison.OrdinalIgnoreCase));

        /// <summary>What stands at a path; null when nothing does.</summary>
        public static Place At(string path)
        {
            var names = path.Split(new[] { '\\', '/' }, StringSplitOptions.RemoveEmptyEntries);
            var place = new Place(new WSManConfigContainerElement { Name = "WSMan" }, "", () => Connected.Select(Computer));
            foreach (var name in names)
            {
                place = place?.Child(name);
            }

            return place;
        }

        private static Place Computer(Connection connection)
        {
            if (!Known.TryGetValue(connection.Name, out var known) || DateTime.UtcNow - known.Read > Fresh)
            {
                Known[connection.Name] = known = (DateTime.UtcNow, Place.Computer(connection));
            }

            return known.Place;
        }
    }

    /// <summary>What Set-Item can be told beside the value.</summary>
    public sealed class SetItemOptions
    {
        /// <summary>Adds to a list of hosts instead of replacing it.</summary>
        [Parameter]
        public SwitchParameter Concatenate { get; set; }
    }

    /// <summary>What a new listener is.</summary>
    public sealed class ListenerOptions
    {
        [Parameter]
        public string Address { get; set; } = "*";

        [Parameter]
        public string Transport { get; set; } = "HTTP";

        [Parameter]
        public int Port { get; set; }

        [Parameter]
        public string HostName { get; set; }

        [Parameter]
        public string CertificateThumbPrint { get; set; }

        [Parameter]
        public bool Enabled { get; set; } = true;
    }

    /// <summary>The drive <c>WSMan:</c>: computers, and below them their settings, listeners, plug-ins and mappings of certificates.</summary>
    [CmdletProvider("WSMan", ProviderCapabilities.ShouldProcess)]
    public sealed class WSManConfigProvider : NavigationCmdletProvider
    {
        protected override System.Collections.ObjectModel.Collection<PSDriveInfo> InitializeDefaultDrives() =>
            new() { new PSDriveInfo("WSMan", ProviderInfo, "", "The settings of WS-Management, of this computer and of those that Connect-WSMan has reached.", null) };

        protected override bool IsValidPath(string path) => true;

        protected override bool ItemExists(string path) => Computers.At(path) != null;

        protected override bool IsItemContainer(string path) => Computers.At(path)?.IsContainer == true;

        protected override bool HasChildItems(string path) => Computers.At(path)?.Children.Count > 0;

        protected override void GetItem(string path) => Show(Existing(path), path);

        protected override void GetChildItems(string path, bool recurse) => ShowBelow(Existing(path), path, recurse);

        protected override void GetChildNames(string path, ReturnContainers returnContainers)
        {
            foreach (var child in Existing(path).Children)
            {
                WriteItemObject(child.Shown.Name, MakePath(path, child.Shown.Name), child.IsContainer);
            }
        }

        protected override object SetItemDynamicParameters(string path, object value) => new SetItemOptions();

        protected override void SetItem(string path, object value)
        {
            var place = Existing(path);
            if (place.IsContainer)
            {
                throw new InvalidOperationException($"'{path}' holds settings and is none; set one of those in it.");
            }

            var leaf = (WSManConfigLeafElement)place.Shown;
            var text = string.Join(",", (LanguagePrimitives.GetEnumerable(value) ?? new[] { value }).Cast<object>().Select(Text));
            if (((SetItemOptions)DynamicParameters).Concatenate)
            {
                text = leaf.Name.Equals("TrustedHosts", StringComparison.OrdinalIgnoreCase) ? Added(Convert.ToString(leaf.Value), text)
                    : throw new InvalidOperationException("-Concatenate is for TrustedHosts, which is a list.");
            }

            var question = $"{leaf.Name} of {path} becomes '{text}'.";
            if (ShouldProcess(path, "Set-Item") && (Force || !leaf.Name.Equals("TrustedHosts", StringComparison.OrdinalIgnoreCase) || ShouldContinue(question + " Hosts in it are talked to though they do not prove who they are.", "WS-Management")))
            {
                Command.Say(ConnectionOf(path), "set", place.Resource, $"@{{{leaf.Name}={Command.Quoted(text)}}}", "-format:xml");
                Computers.Forget();
                Show(Existing(path), path);
            }
        }

        protected override object NewItemDynamicParameters(string path, string itemTypeName, object newItemValue) => new ListenerOptions();

        protected override void NewItem(string path, string itemTypeName, object newItemValue)
        {
            var place = Computers.At(path) ?? Computers.At(ParentOf(path));
            if (place?.Resource != "winrm/config/listener")
            {
                throw new InvalidOperationException("New-Item makes listeners, at WSMan:\\HOST\\Listener. For all else there is New-WSManInstance.");
            }

            var told = (ListenerOptions)DynamicParameters;
            var values = new List<string> { "Enabled=" + Command.Quoted(told.Enabled) };
            if (told.Port > 0) { values.Add("Port=" + Command.Quoted(told.Port)); }
            if (told.HostName != null) { values.Add("Hostname=" + Command.Quoted(told.HostName)); }
            if (told.CertificateThumbPrint != null) { values.Add("CertificateThumbprint=" + Command.Quoted(told.CertificateThumbPrint)); }
            if (ShouldProcess($"{told.Transport} {told.Address}", "New-Item"))
            {
                Command.Say(ConnectionOf(path), "create", $"winrm/config/listener?Address={told.Address}+Transport={told.Transport}", $"@{{{string.Join(";", values)}}}", "-format:xml");
                Computers.Forget();
                var list = path.Split(new[] { '\\', '/' }, StringSplitOptions.RemoveEmptyEntries).Take(2).Aggregate("", MakePath);
                var keys = new[] { $"Address={told.Address}", $"Transport={told.Transport}" };
                var made = Existing(list).Children.First(c => ((WSManConfigContainerElement)c.Shown).Keys.SequenceEqual(keys, StringComparer.OrdinalIgnoreCase));
                Show(made, MakePath(list, made.Shown.Name));
            }
        }

        protected override void RemoveItem(string path, bool recurse)
        {
            var place = Existing(path);
            if (!place.Resource.Contains('?') || !place.IsContainer || ((WSManConfigContainerElement)place.Shown).Keys.Length == 0)
            {
                throw new InvalidOperationException("Only listeners, plug-ins and mappings of certificates can be removed.");
            }

            if (ShouldProcess(path, "Remove-Item"))
            {
                Command.Say(ConnectionOf(path), "delete", place.Resource);
                Computers.Forget();
            }
        }

        private static string Text(object value) => (value is PSObject held ? held.BaseObject : value) switch
        {
            bool flag => flag ? "true" : "false",
            var other => Convert.ToString(other, System.Globalization.CultureInfo.InvariantCulture),
        };

        private static string Added(string list, string more)
        {
            var hosts = list.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries).ToList();
            hosts.AddRange(more.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries).Where(h => !hosts.Contains(h, StringComparer.OrdinalIgnoreCase)));
            return string.Join(",", hosts);
        }

        private static string ParentOf(string path) => path.TrimEnd('\\', '/') is var whole && whole.LastIndexOfAny(new[] { '\\', '/' }) is > 0 and var end ? whole[..end] : "";

        private static Connection ConnectionOf(string path) => Computers.Find(path.Split(new[] { '\\', '/' }, StringSplitOptions.RemoveEmptyEntries)[0]);

        private Place Existing(string path) => Computers.At(path) ?? throw new ItemNotFoundException($"Cannot find path '{path}' because it does not exist.");

        private void ShowBelow(Place place, string path, bool recurse)
        {
            foreach (var child in place.Children)
            {
                var at = MakePath(path, child.Shown.Name);
                Show(child, at);
                if (recurse)
                {
                    ShowBelow(child, at, recurse);
                }
            }
        }

        private void Show(Place place, string path) => WriteItemObject(place.Shown, path, place.IsContainer);
    }
}
