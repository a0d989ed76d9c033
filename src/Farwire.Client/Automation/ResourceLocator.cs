using System.Globalization;
using Farwire.Protocol.Addressing;
using Farwire.Protocol.Envelope;
using Farwire.Protocol.Names;

namespace Farwire.Client.Automation;

/// <summary>Names a resource, with its keys, with options for the service, and with the part of it that is meant.</summary>
/// <remarks>WinRM documentation, "ResourceLocator"; the interface IWSManResourceLocator. It can be used for several operations, and changed between them.</remarks>
public sealed class ResourceLocator
{
    private readonly LastError _error = new();
    private readonly List<Selector> _selectors = [];
    private readonly List<Option> _options = [];
    private string _uri;

    internal ResourceLocator(string uri)
    {
        var reference = ResourceArgument.Parse(uri);
        _uri = reference.ResourceUri!;
        _selectors.AddRange(reference.Selectors);
    }

    /// <summary>The resource URI, or an alias of it; keys are added with <see cref="AddSelector"/> and do not stand here.</summary>
    /// <exception cref="ArgumentException">There is a question mark in it.</exception>
    public string ResourceURI
    {
        get => _uri;
        set => _uri = _error.Keep(() => value.Contains('?', StringComparison.Ordinal)
            ? throw new ArgumentException("The resource URI is a path alone; keys are added with AddSelector.", nameof(value))
            : ResourceAliases.Expand(value));
    }

    /// <summary>The part of the resource that is meant, such as <c>Name</c> or <c>DNSServerSearchOrder[1]</c>; the first is 1, and the case of letters counts. Empty is the whole.</summary>
    public string FragmentPath { get; set; } = "";

    /// <summary>The language of <see cref="FragmentPath"/>, as URI; empty is XPath 1.0.</summary>
    public string FragmentDialect { get; set; } = "";

    /// <summary>A service that knows no options must refuse the operation.</summary>
    public bool MustUnderstandOptions { get; set; }

    /// <summary>The last failure of this object as XML; empty after a success.</summary>
    public string Error => _error.Xml;

    /// <summary>Adds a key.</summary>
    /// <param name="resourceSelName">Its name.</param>
    /// <param name="selValue">Its value: text, a number, true or false, or a locator where the key is a reference.</param>
    public void AddSelector(string resourceSelName, object selValue) => _selectors.Add(selValue is ResourceLocator locator
        ? new Selector(resourceSelName, "") { Reference = new EndpointReference { ResourceUri = locator.ResourceURI, Selectors = SelectorSet.From(locator._selectors) } }
        : new Selector(resourceSelName, TextOf(selValue)));

    /// <summary>Takes all keys away.</summary>
    public void ClearSelectors() => _selectors.Clear();

    /// <summary>Adds a switch for the service, such as a context value of a WMI provider.</summary>
    /// <param name="optionName">Its name.</param>
    /// <param name="optionValue">Its value: text, a number, true or false; null is a switch that is only there.</param>
    /// <param name="mustComply">The service must refuse the operation rather than not heed the switch.</param>
    public void AddOption(string optionName, object? optionValue, bool mustComply = false) =>
        _options.Add(new Option(optionName, optionValue is null ? null : TextOf(optionValue)) { MustComply = mustComply });

    /// <summary>Takes all options away.</summary>
    public void ClearOptions() => _options.Clear();

    internal ResourceArgument ToArgument() => new(_uri, SelectorSet.From(_selectors))
    {
        Options = _options.Count == 0 && !MustUnderstandOptions ? OptionSet.Empty : OptionSet.From(_options, MustUnderstandOptions),
        Fragment = FragmentPath.Length == 0 ? null : new FragmentTransfer(FragmentPath, FragmentDialect.Length == 0 ? null : FragmentDialect),
    };

    private static string TextOf(object value) => value switch
    {
        bool flag => flag ? "true" : "false",
        IFormattable number => number.ToString(null, CultureInfo.InvariantCulture),
        _ => value.ToString() ?? "",
    };
}
