using System.Xml;
using System.Xml.Linq;
using Farwire.Protocol.Enumeration;
using Farwire.Protocol.Names;

namespace Farwire.Client.Automation;

/// <summary>Which instances a script wants: text or XML, in a language that it names or that shows.</summary>
/// <remarks>
/// WinRM documentation, "Session.Enumerate method": without a dialect the first character decides, <c>&lt;</c> being XML, unless the flag NonXmlText
/// says that it is text all the same. Text is WQL then, and XML is what its element is in the standards.
/// </remarks>
internal static class FilterArgument
{
    private static readonly XName SelectorSet = XName.Get("SelectorSet", Namespaces.WSMan);
    private static readonly XName AssociatedInstances = XName.Get("AssociatedInstances", Namespaces.CimBinding);
    private static readonly XName AssociationInstances = XName.Get("AssociationInstances", Namespaces.CimBinding);

    /// <exception cref="ArgumentException">The filter is not of its dialect, or there is none.</exception>
    public static Filter? Of(string filter, string dialect, EnumerationFlags flags)
    {
        if (filter.Length == 0)
        {
            return dialect.Length == 0 ? null : throw new ArgumentException("A dialect goes with a filter.", nameof(dialect));
        }

        var isText = flags.HasFlag(EnumerationFlags.NonXmlText) || filter.AsSpan().TrimStart() is not ['<', ..] || Same(dialect, Dialects.Wql) || Same(dialect, Dialects.XPath);
        var xml = isText ? null : Parse(filter, mayBeText: dialect.Length > 0 && !NeedsXml(dialect));
        if (xml is null)
        {
            return NeedsXml(dialect)
                ? throw new ArgumentException($"A filter in the dialect {dialect} is XML.", nameof(filter))
                : new Filter(dialect.Length == 0 ? Dialects.Wql : dialect) { Text = filter };
        }

        if (flags.HasFlag(EnumerationFlags.AssociationInstance) && xml.Name == AssociatedInstances)
        {
            throw new ArgumentException("The flag asks for associations, the filter for what they lead to: b:AssociationInstances fits the flag.", nameof(filter));
        }

        return new Filter(dialect.Length > 0 ? dialect : DialectOf(xml)) { Xml = xml.ToString(SaveOptions.DisableFormatting) };
    }

    private static string DialectOf(XElement xml) =>
        xml.Name == SelectorSet ? Dialects.Selector
        : xml.Name == AssociatedInstances || xml.Name == AssociationInstances ? Dialects.Association
        : throw new ArgumentException($"What dialect a filter of '{xml.Name.LocalName}' is in must be said; w:SelectorSet, b:AssociatedInstances and b:AssociationInstances show it themselves.");

    private static bool NeedsXml(string dialect) => Same(dialect, Dialects.Selector) || Same(dialect, Dialects.Association);

    private static bool Same(string one, string other) => one.Equals(other, StringComparison.OrdinalIgnoreCase);

    private static XElement? Parse(string filter, bool mayBeText)
    {
        try
        {
            using var reader = XmlReader.Create(new StringReader(filter), new XmlReaderSettings { DtdProcessing = DtdProcessing.Prohibit, XmlResolver = null });
            return XElement.Load(reader);
        }
        catch (XmlException e)
        {
            return mayBeText ? null : throw new ArgumentException($"The filter begins as XML and is none: {e.Message} Name its dialect, or set EnumerationFlagNonXmlText.", nameof(filter), e);
        }
    }
}
